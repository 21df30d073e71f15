package dev.thanosgateway.provider.anthropic;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class AnthropicTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return new AnthropicProvider();
    }

    @Override
    protected String profile() {
        return "anthropic";
    }
}
