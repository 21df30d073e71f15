package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.tck.ProviderTck;
import java.nio.file.Path;

/** Chats with models that are at Responses alone. */
class OpenAiResponsesTckTest extends ProviderTck {
    /** Every name is one of such a model, for the rules that make names up. */
    @Override
    protected Chat provider() {
        return OpenAiProviderTest.at("", "", "*");
    }

    @Override
    protected Path cassettes() {
        return Path.of("src/test/resources/responses");
    }
}
