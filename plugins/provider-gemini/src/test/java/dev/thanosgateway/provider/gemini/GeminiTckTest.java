package dev.thanosgateway.provider.gemini;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class GeminiTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return new GeminiProvider();
    }

    @Override
    protected String profile() {
        return "gemini";
    }
}
