package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.dialect.openai.OpenAiDialect;
import dev.thanosgateway.tck.RelayTck;

class OpenAiRelayTckTest extends RelayTck {
    @Override
    protected Chat provider() {
        return OpenAiProviderTest.provider();
    }

    @Override
    protected String profile() {
        return "openai";
    }

    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }
}
