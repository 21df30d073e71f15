package dev.thanosgateway.provider.gemini;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.dialect.gemini.GeminiDialect;
import dev.thanosgateway.tck.RelayTck;

class GeminiRelayTckTest extends RelayTck {
    @Override
    protected Chat provider() {
        return new GeminiProvider();
    }

    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }
}
