package dev.thanosgateway.provider.xai;

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
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** xAI's Grok models, through OpenAI's language. */
@Component(
        service = Provider.class,
        configurationPid = XaiProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = XaiProvider.Config.class, factory = true)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=xai",
            "pid=" + XaiProvider.PID,
            "endpoint=" + XaiProvider.ENDPOINT,
            "env=XAI_API_KEY",
            "key=true"
        })
public final class XaiProvider implements Chat, ModelListing {
    static final String PID = "dev.thanosgateway.provider.xai";
    static final String ENDPOINT = "https://api.x.ai";

    private static final Quirks QUIRKS = Quirks.NONE.withResponses().withRefused(XaiProvider::refused);

    /** Models that do not reason, and so take penalties. Dated, like the next: November 2026, xAI's page on reasoning. */
    private static final Pattern PENALIZED = Pattern.compile("grok-(?:2|3(?!-mini)|beta|vision)");

    /** Models that refuse to be told how much to think. */
    private static final Pattern EFFORTLESS =
            Pattern.compile("grok-(?:2|3(?!-mini)|4(?!\\.[3-9])(?!.*multi-agent)|beta|code|vision)");

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "xAI provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, QUIRKS, Auth.BEARER);
    }

    private static Set<String> refused(String model) {
        Set<String> fields = new HashSet<>();
        if (!PENALIZED.matcher(model).lookingAt()) {
            fields.addAll(Set.of("presence_penalty", "frequency_penalty"));
        }
        if (EFFORTLESS.matcher(model).lookingAt()) {
            fields.add("reasoning_effort");
        }
        return fields;
    }

    @Override
    public Exchange<ModelList> models() {
        return OpenAi.models(Auth.BEARER);
    }
}
