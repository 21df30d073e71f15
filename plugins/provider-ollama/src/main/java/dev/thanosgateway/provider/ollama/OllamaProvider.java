package dev.thanosgateway.provider.ollama;

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
import dev.thanosgateway.dialect.ollama.Abilities;
import dev.thanosgateway.dialect.ollama.Ollama;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** An Ollama, on this machine or another. A key is used if there is one: one behind a proxy may want it. */
@Component(
        service = Provider.class,
        configurationPid = OllamaProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OllamaProvider.Config.class, factory = true)
@Capability(
        namespace = "thanos.provider",
        attribute = {
            "type=ollama",
            "pid=" + OllamaProvider.PID,
            "endpoint=" + OllamaProvider.ENDPOINT,
            "key=false",
            "probe=true"
        })
public final class OllamaProvider implements Chat, Embeddings, ModelListing {
    static final String PID = "dev.thanosgateway.provider.ollama";
    static final String ENDPOINT = "http://localhost:11434";

    /** What a provider table of this type may say beside what every table has. */
    @ObjectClassDefinition(name = "Ollama provider")
    public @interface Config {
        @AttributeDefinition(description = "Root of the server, without /api; a trailing slash does not matter.")
        String endpoint() default ENDPOINT;
    }

    private final Abilities abilities = new Abilities();

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException {
        return Ollama.chat(request, Auth.BEARER, abilities);
    }

    @Override
    public Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return Ollama.embed(request, Auth.BEARER);
    }

    @Override
    public Exchange<ModelList> models() {
        return Ollama.models(Auth.BEARER);
    }
}
