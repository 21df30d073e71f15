package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Map;

/** Looks up what a model can do, and then makes the chat that depends on it. */
final class ShowExchange extends WholeAnswer<ChatEvent> {
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    private final ChatRequest request;
    private final Auth auth;
    private final Abilities abilities;

    ShowExchange(ChatRequest request, Auth auth, Abilities abilities) {
        this.request = request;
        this.auth = auth;
        this.abilities = abilities;
    }

    /** Whether a request says how much to think, and nobody knows whether its model does. */
    static boolean needed(ChatRequest request) throws GatewayException {
        if (request.traits().list(Trait.EFFORT) != null) {
            return false;
        }
        Reasoning asked = request.content().reasoning();
        return asked != null && (asked.effort() != null || asked.budgetTokens() != null);
    }

    @Override
    public HttpCall call() {
        byte[] body = new JsonOut()
                .beginObject()
                .name("model")
                .value(request.model())
                .endObject()
                .toBytes();
        return HttpCall.postJson("/api/show", ByteBuffer.wrap(body), auth).withHeader("accept", "application/json");
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        ModelTraits said = ModelTraits.UNKNOWN;
        Value answer = Value.answered(bytes, from, to);
        try {
            if (answer.isObject()) {
                Map<String, Value> members = answer.members();
                said = Abilities.traits(Abilities.words(members.get("capabilities")), members.get("thinking"));
            }
        } catch (JsonException e) {
            // A server that says it in other words has not said it.
            said = ModelTraits.UNKNOWN;
        }
        abilities.keep(request.model(), said);
        out.then(new ChatExchange(request.withTarget(request.model(), said.over(request.traits())), auth));
    }

    /** A server that has no such call is not asked again soon, and the chat is tried again without it. */
    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        byte first = body.hasRemaining() ? body.get(body.position()) : 0;
        if ((status == NOT_FOUND || status == NOT_ALLOWED) && first != '{') {
            abilities.keep(request.model(), ModelTraits.UNKNOWN);
            return new GatewayException(
                    ErrorKind.UPSTREAM_UNAVAILABLE,
                    "The server has no /api/show, which says whether the model reasons. Try again.");
        }
        return UpstreamError.of(status, headers, body);
    }
}
