package dev.thanosgateway.provider.anthropic;

import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.tck.TokenCountTck;

class AnthropicTokenCountTckTest extends TokenCountTck {
    @Override
    protected TokenCounting provider() {
        return new AnthropicProvider();
    }

    @Override
    protected String profile() {
        return "anthropic";
    }
}
