package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import java.nio.ByteBuffer;

/**
 * {@code POST /v1/responses/compact}: a shorter conversation that only its vendor can read. It is relayed where the
 * upstream has the operation; nobody else can make such a conversation, so others refuse it.
 */
final class CompactEndpoint implements ChatEndpoint {
    static final String PATH = ResponsesLane.PATH + "/compact";

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        RequestBody body = RequestBody.of(incoming.body());
        return body.request().stream(false)
                .original(new BodyOriginal(BodyOriginal.COMPACT, body))
                .content(() -> {
                    throw RequestBody.unsupported(
                            "model",
                            "names a provider that cannot compact a conversation: only OpenAI itself can, for its own"
                                    + " models. Ask the model for a summary in an ordinary request, and go on with the"
                                    + " summary as the first message.");
                })
                .build();
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        throw new IllegalStateException("a compaction is relayed or refused");
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return ResponsesEndpoint.json(body);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        throw new IllegalStateException("a compaction is no stream");
    }
}
