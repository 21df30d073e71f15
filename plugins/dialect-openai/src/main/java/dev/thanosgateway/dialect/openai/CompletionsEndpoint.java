package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import java.nio.ByteBuffer;

/** {@code POST /v1/completions}, the legacy form: a prompt in, a text out. */
final class CompletionsEndpoint implements ChatEndpoint {
    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        RequestBody body = RequestBody.of(incoming.body());
        Completion asked = Completion.of(body);
        return body.request()
                .streamUsage(asked.usage())
                .original(new BodyOriginal(BodyOriginal.COMPLETIONS, body))
                .content(asked::content)
                .build();
    }

    private static CompletionWriter writer(ChatRequest request, Served served) {
        Original original = request.original();
        if (original == null) {
            throw new IllegalArgumentException("a request this endpoint has not read");
        }
        try {
            return new CompletionWriter(Completion.of(BodyOriginal.body(original)), served);
        } catch (GatewayException e) {
            throw new IllegalArgumentException("a request that was read before", e);
        }
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        return new HttpBody(200, "application/json", writer(request, served).whole(response));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, "application/json", body);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return writer(request, served);
    }
}
