package dev.thanosgateway.provider.gemini;

import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.tck.TokenCountTck;

class GeminiTokenCountTckTest extends TokenCountTck {
    @Override
    protected TokenCounting provider() {
        return new GeminiProvider();
    }

    @Override
    protected String profile() {
        return "gemini";
    }
}
