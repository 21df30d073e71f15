package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * OpenAI, and any endpoint that speaks its API, as often as it is configured. OpenAI has responses, and completions
 * for its oldest models only; its compatibles have completions, and responses seldom.
 */
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
public final class OpenAiProvider implements Chat, Embeddings, ModelListing {
    static final String PID = "dev.thanosgateway.provider.openai";
    static final String ENDPOINT = "https://api.openai.com";

    /** OpenAI's own models that are asked by a prompt. */
    private static final Pattern COMPLETES = Pattern.compile("(?:^|:)(?:davinci|babbage)|-instruct");

    private final Quirks quirks;
    private final Quirks completing;
    private final Predicate<String> completes;

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "OpenAI provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;

        @AttributeDefinition(
                description = "Whether it has /v1/responses (true, false); else chats are asked for in their place."
                        + " Default: true at OpenAI's own endpoint only.")
        String responses() default "";

        @AttributeDefinition(
                description = "Whether it has /v1/completions (true, false); else chats are asked for in their place."
                        + " Default: true, at OpenAI's own endpoint for the models that have it.")
        String completions() default "";
    }

    @Activate
    public OpenAiProvider(Config config) {
        boolean own = config.endpoint().contains("api.openai.com");
        // OpenAI's newer models refuse the old name of the limit; many of its compatibles know no other.
        Quirks known = own ? Quirks.NONE : Quirks.NONE.withMaxTokens();
        quirks = said(config.responses(), own) ? known.withResponses() : known;
        completing = quirks.withCompletions();
        completes = own && config.completions().isEmpty()
                ? COMPLETES.asPredicate()
                : said(config.completions(), true) ? model -> true : model -> false;
    }

    private static boolean said(String setting, boolean unsaid) {
        return setting.isEmpty() ? unsaid : Boolean.parseBoolean(setting);
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, completes.test(request.model()) ? completing : quirks, Auth.BEARER);
    }

    @Override
    public Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return OpenAi.embed(request, Auth.BEARER);
    }

    @Override
    public Exchange<ModelList> models() {
        return OpenAi.models(Auth.BEARER);
    }
}
