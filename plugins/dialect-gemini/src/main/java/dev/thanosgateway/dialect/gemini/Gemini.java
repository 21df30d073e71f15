package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;

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

    /** The endpoint's models that can chat, {@code GET /v1beta/models}, all of its pages up to the fourth. */
    public static Exchange<ModelList> models(Auth auth) {
        return ModelsExchange.first(auth);
    }
}
