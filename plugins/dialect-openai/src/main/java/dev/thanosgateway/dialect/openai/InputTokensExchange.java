package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/** Has an upstream count the tokens of a chat, which is billed nowhere. */
final class InputTokensExchange extends WholeAnswer<TokenCount> {
    /** What of a request for a response is counted (API reference, November 2026); other fields are refused there. */
    private static final Set<String> COUNTED = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "reasoning",
            "text",
            "truncation");

    private final ChatRequest request;
    private final Auth auth;
    private final boolean relayed;

    InputTokensExchange(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        this.relayed = BodyOriginal.is(request.original(), BodyOriginal.INPUT_TOKENS);
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        byte[] body = relayed && original != null ? relayed(BodyOriginal.body(original)) : written();
        HttpCall call = HttpCall.postJson(InputTokensEndpoint.PATH, ByteBuffer.wrap(body), auth)
                .withHeader("accept", "application/json");
        return relayed ? call.asRelay() : call;
    }

    private byte[] relayed(RequestBody asked) {
        try {
            Edits edits = EncryptedReasoning.withoutForeign(asked.member("input"));
            return asked.relay(request.model(), edits, Set.of());
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    private byte[] written() throws GatewayException {
        ModelFit fit = ModelFit.of(request);
        Needed.check(fit.content());
        byte[] chat = ResponsesRequestWriter.write(request, fit.content());
        JsonWriter json = new JsonWriter(1024).beginObject();
        try {
            Value.lenient(chat, 0, chat.length).walk((name, value) -> {
                if (COUNTED.contains(name)) {
                    json.name(name).value(value.json());
                }
            });
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was written just now", e);
        }
        return json.endObject().toBytes();
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<TokenCount> out) throws GatewayException {
        try {
            Map<String, Value> members = Value.answered(bytes, from, to).members();
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
