package dev.thanosgateway.provider.gemini;

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
import dev.thanosgateway.dialect.gemini.Gemini;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Google Gemini, or what speaks its API at another address. */
@Component(
        service = Provider.class,
        configurationPid = GeminiProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GeminiProvider.Config.class, factory = true)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=gemini",
            "pid=" + GeminiProvider.PID,
            "endpoint=" + GeminiProvider.ENDPOINT,
            "env=\"GEMINI_API_KEY,GOOGLE_API_KEY\"",
            "key=true"
        })
public final class GeminiProvider implements Chat, Embeddings, TokenCounting, ModelListing {
    static final String PID = "dev.thanosgateway.provider.gemini";
    static final String ENDPOINT = "https://generativelanguage.googleapis.com";

    /** In a header: an address with a key in it would be written down along the way. */
    static final Auth KEY = Auth.header("x-goog-api-key");

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "Gemini provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the API; a version segment or trailing slash does not matter.")
        String endpoint() default ENDPOINT;
    }

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return Gemini.chat(request, KEY);
    }

    @Override
    public Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return Gemini.embed(request, KEY);
    }

    @Override
    public Exchange<TokenCount> countTokens(ChatRequest request) {
        return Gemini.countTokens(request, KEY);
    }

    @Override
    public Exchange<ModelList> models() {
        return Gemini.models(KEY);
    }
}
