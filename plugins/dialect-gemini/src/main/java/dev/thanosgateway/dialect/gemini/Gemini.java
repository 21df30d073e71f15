package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.TokenCount;

/** The Gemini wire language facing upstreams: what a provider for an endpoint that speaks it is made of. */
public final class Gemini {
    private Gemini() {}

    /**
     * One chat, {@code POST /v1beta/models/<model>:generateContent} or {@code :streamGenerateContent}. A request that
     * came in this language is relayed: its bytes go on but for the gateway's own fields, and the answer comes back as
     * raw frames. Any other is translated, and the answer comes back as events.
     */
    public static Exchange<ChatEvent> chat(ChatRequest request, Auth auth) {
        return new ChatExchange(request, auth);
    }

    /**
     * Embeddings, {@code POST /v1beta/models/<model>:embedContent} or {@code :batchEmbedContents}. A request that came in
     * this language is relayed, as in {@link #chat}. Any other is translated, in up to four calls of a hundred inputs.
     */
    public static Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request, Auth auth) {
        return new EmbedExchange(request, auth);
    }

    /** The tokens of a chat, {@code POST /v1beta/models/<model>:countTokens}; relayed or translated, as in {@link #chat}. */
    public static Exchange<TokenCount> countTokens(ChatRequest request, Auth auth) {
        return new CountExchange(request, auth);
    }

    /** The endpoint's models that chat or make embeddings, {@code GET /v1beta/models}, all of its pages up to the fourth. */
    public static Exchange<ModelList> models(Auth auth) {
        return ModelsExchange.first(auth);
    }
}
