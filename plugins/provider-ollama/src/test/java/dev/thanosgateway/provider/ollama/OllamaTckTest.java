package dev.thanosgateway.provider.ollama;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class OllamaTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return new OllamaProvider();
    }

    @Override
    protected String profile() {
        return "ollama";
    }
}
