package dev.thanosgateway.provider.openai;

import dev.thanosgateway.api.GatewayException;
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
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * OpenAI, and any endpoint that speaks its API, as often as it is configured. Well-known ones are types of their own: their
 * endpoints and key variables are in the bundle's manifest, what their models take is in the catalogue.
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
            "key=true",
            "compatible=openai-compatible"
        })
public final class OpenAiProvider implements Chat, Embeddings, ModelListing, TokenCounting {
    static final String PID = "dev.thanosgateway.provider.openai";
    static final String ENDPOINT = "https://api.openai.com";

    private final Quirks quirks;

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "OpenAI provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;

        @AttributeDefinition(
                description = "Has /v1/responses (true, false). Default: as the catalogue says of the profile.")
        String responses() default "";

        @AttributeDefinition(
                description = "Has /v1/completions (true, false). Default: as the catalogue says of the profile.")
        String completions() default "";

        @AttributeDefinition(description = "Models to be asked at /v1/responses alone; * stands for anything.")
        String[] responses__only() default {};
    }

    @Activate
    public OpenAiProvider(Config config) {
        Quirks said = Quirks.NONE.withResponsesOnly(config.responses__only());
        said = config.responses().isEmpty() ? said : said.withResponses(Boolean.parseBoolean(config.responses()));
        quirks = config.completions().isEmpty()
                ? said
                : said.withCompletions(Boolean.parseBoolean(config.completions()));
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, quirks, Auth.BEARER);
    }

    @Override
    public Exchange<TokenCount> countTokens(ChatRequest request) throws GatewayException {
        return OpenAi.countTokens(request, quirks, Auth.BEARER);
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
