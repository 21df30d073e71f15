package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.ByteBuffer;

/** {@code POST /v1/responses/input_tokens}: how many tokens the input of a request for a response has. */
final class InputTokensEndpoint implements TokenCountEndpoint {
    static final String PATH = ResponsesLane.PATH + "/input_tokens";

    /** The type of the answer. */
    static final String OBJECT = "response.input_tokens";

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        RequestBody body = RequestBody.of(incoming.body());
        return body.request().stream(false)
                .original(new BodyOriginal(BodyOriginal.INPUT_TOKENS, body))
                .content(() -> ResponsesContent.read(body))
                .build();
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, TokenCount count) {
        JsonWriter json = new JsonWriter(64).beginObject().name("object").value(OBJECT);
        json.name("input_tokens").value(count.inputTokens()).endObject();
        return ResponsesEndpoint.json(json.toBuffer());
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return ResponsesEndpoint.json(body);
    }
}
