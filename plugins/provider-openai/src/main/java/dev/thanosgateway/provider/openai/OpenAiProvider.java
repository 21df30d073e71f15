package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** OpenAI, and any endpoint that speaks its chat API, as often as it is configured. */
@Component(
        service = Provider.class,
        configurationPid = OpenAiProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OpenAiProvider.Config.class, factory = true)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=openai",
            "pid=" + OpenAiProvider.PID,
            "endpoint=" + OpenAiProvider.ENDPOINT,
            "env=OPENAI_API_KEY",
            "key=true"
        })
public final class OpenAiProvider implements Chat, ModelListing {
    static final String PID = "dev.thanosgateway.provider.openai";
    static final String ENDPOINT = "https://api.openai.com";

    private final Quirks quirks;

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "OpenAI provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;
    }

    @Activate
    public OpenAiProvider(Config config) {
        // OpenAI's newer models refuse the old name of the limit; many of its compatibles know no other.
        quirks = config.endpoint().contains("api.openai.com") ? Quirks.NONE : Quirks.NONE.withMaxTokens();
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, quirks, Auth.BEARER);
    }

    @Override
    public Exchange<ModelList> models() {
        return OpenAi.models(Auth.BEARER);
    }
}
