package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.TokenCount;

/** The Anthropic wire language facing upstreams: what a provider for an endpoint that speaks it is made of. */
public final class Anthropic {
    private Anthropic() {}

    /**
     * One chat, {@code POST /v1/messages}. A request that came in this language is relayed: its bytes go on but for
     * the model's name and the gateway's own fields, and the answer comes back as raw frames. Any other is translated,
     * and the answer comes back as events.
     */
    public static Exchange<ChatEvent> chat(ChatRequest request, Auth auth) {
        return new ChatExchange(request, auth);
    }

    /** The tokens of a chat, {@code POST /v1/messages/count_tokens}; relayed or translated, as in {@link #chat}. */
    public static Exchange<TokenCount> countTokens(ChatRequest request, Auth auth) {
        return new CountExchange(request, auth);
    }

    /** The endpoint's models, {@code GET /v1/models}, all pages of it. */
    public static Exchange<ModelList> models(Auth auth) {
        return new ModelsExchange(auth);
    }
}
