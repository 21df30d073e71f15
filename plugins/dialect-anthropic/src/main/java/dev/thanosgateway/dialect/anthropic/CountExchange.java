package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/** Has an upstream count the tokens of a chat. */
final class CountExchange extends WholeAnswer<TokenCount> {
    static final String PATH = EventLane.PATH + "/count_tokens";

    /** What of a message request is counted; anything else is refused there. */
    private static final Set<String> COUNTED = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "mcp_servers",
            "context_management",
            "cache_control");

    private final ChatRequest request;
    private final Auth auth;
    private final boolean relayed;

    CountExchange(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        this.relayed = MessagesOriginal.is(MessagesOriginal.COUNT, request.original());
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        HttpCall call = relayed && original != null
                ? MessagesOriginal.relay(PATH, request, original, auth)
                : HttpCall.postJson(PATH, ByteBuffer.wrap(written()), auth)
                        .withHeader(MessagesOriginal.VERSION_HEADER, EventLane.VERSION);
        return call.withHeader("accept", "application/json");
    }

    private byte[] written() throws GatewayException {
        byte[] chat = new RequestWriter(request, ModelFit.keepingForm(request)).write();
        JsonOut out = new JsonOut().beginObject();
        try {
            Value.lenient(chat, 0, chat.length).walk((name, value) -> {
                if (COUNTED.contains(name)) {
                    out.name(name).value(value.json());
                }
            });
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was written just now", e);
        }
        return out.endObject().toBytes();
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<TokenCount> out) throws GatewayException {
        try {
            Map<String, Value> members = Value.answered(bytes, from, to).members();
            if (members.containsKey("error")) {
                throw UpstreamError.within(members);
            }
            Value tokens = members.get("input_tokens");
            if (tokens == null || tokens.integer() < 0) {
                throw Protocol.noCount();
            }
            if (relayed) {
                out.frame(raw(), Meaning.FINISH);
            } else {
                out.event(TokenCount.of(tokens.integer()));
            }
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
