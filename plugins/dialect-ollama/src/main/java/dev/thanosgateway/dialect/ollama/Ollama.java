package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;

/** The Ollama wire language facing upstreams: what a provider for a server that speaks it is made of. */
public final class Ollama {
    private Ollama() {}

    /**
     * One chat. A request that came in this language, as a chat or as a generation, is relayed: its bytes go on but for
     * the model's name and the gateway's own fields, and the answer comes back as raw lines. Any other is translated to
     * {@code POST /api/chat}, and the answer comes back as events.
     */
    public static Exchange<ChatEvent> chat(ChatRequest request, Auth auth) {
        return new ChatExchange(request, auth);
    }

    /**
     * One chat, as {@link #chat(ChatRequest, Auth)}. Where a request that is translated says how much to think, and
     * nothing is known of whether its model does, the server is asked first, {@code POST /api/show}.
     *
     * @param abilities what this endpoint has said of its models, and will say
     * @throws GatewayException INVALID_REQUEST or UNSUPPORTED for a request that cannot be read
     */
    public static Exchange<ChatEvent> chat(ChatRequest request, Auth auth, Abilities abilities)
            throws GatewayException {
        Operation relayed = OllamaOriginal.operation(request.original());
        if ((relayed != null && relayed.isChat()) || !ShowExchange.needed(request)) {
            return chat(request, auth);
        }
        ModelTraits said = abilities.of(request.model());
        return said == null
                ? new ShowExchange(request, auth, abilities)
                : chat(request.withTarget(request.model(), said.over(request.traits())), auth);
    }

    /**
     * Embeddings. A request that came in this language is relayed, as in {@link #chat}; any other is translated to {@code
     * POST /api/embed}.
     */
    public static Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request, Auth auth) {
        return new EmbedExchange(request, auth);
    }

    /** The server's models, {@code GET /api/tags}. */
    public static Exchange<ModelList> models(Auth auth) {
        return new ModelsExchange(auth);
    }
}
