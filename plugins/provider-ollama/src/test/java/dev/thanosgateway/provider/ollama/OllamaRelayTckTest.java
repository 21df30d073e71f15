package dev.thanosgateway.provider.ollama;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.dialect.ollama.OllamaDialect;
import dev.thanosgateway.tck.RelayTck;

class OllamaRelayTckTest extends RelayTck {
    @Override
    protected Chat provider() {
        return new OllamaProvider();
    }

    @Override
    protected Dialect dialect() {
        return new OllamaDialect();
    }
}
