package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;

class OpenAiTckTest extends ProviderTck {
    @Override
    protected Chat provider() {
        return OpenAiProviderTest.provider();
    }
}
