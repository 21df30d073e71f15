package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.TokenCount;

/** The OpenAI wire language facing upstreams: what a provider for an endpoint that speaks it is made of. */
public final class OpenAi {
    private OpenAi() {}

    /**
     * One chat, {@code POST /v1/chat/completions}. A request that came in this language is relayed: its bytes go on
     * but for the model's name and the gateway's own fields, and the answer comes back as raw frames. So is one for
     * {@code /v1/responses} or {@code /v1/completions} where {@code quirks} say that the endpoint has these. Any other
     * is translated, and the answer comes back as events; so is every chat with a model that is at
     * {@code /v1/responses} alone, which is asked for there.
     */
    public static Exchange<ChatEvent> chat(ChatRequest request, Quirks quirks, Auth auth) {
        return new ChatExchange(request, quirks, auth);
    }

    /**
     * A count of a chat's tokens, {@code POST /v1/responses/input_tokens}. A request that came for this operation is
     * relayed.
     *
     * @throws GatewayException UNSUPPORTED where the endpoint is not known to have the operation
     */
    public static Exchange<TokenCount> countTokens(ChatRequest request, Quirks quirks, Auth auth)
            throws GatewayException {
        if (!quirks.relays(request, "input_tokens")) {
            throw new GatewayException(ErrorKind.UNSUPPORTED, "This provider's endpoint does not count tokens.");
        }
        return new InputTokensExchange(request, auth);
    }

    /**
     * Embeddings, {@code POST /v1/embeddings}. A request that came in this language is relayed, as in {@link #chat}; its
     * answer comes back as one frame, or as a response where the upstream did not keep to the order or the encoding
     * asked for.
     */
    public static Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request, Auth auth) {
        return new EmbeddingsExchange(request, auth);
    }

    /** The endpoint's models, {@code GET /v1/models}. */
    public static Exchange<ModelList> models(Auth auth) {
        return new ModelsExchange(auth);
    }
}
