package dev.thanosgateway.provider.xai;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.dialect.openai.OpenAiDialect;
import dev.thanosgateway.tck.RelayTck;

class XaiRelayTckTest extends RelayTck {
    @Override
    protected Chat provider() {
        return new XaiProvider();
    }

    @Override
    protected String profile() {
        return "xai";
    }

    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }
}
