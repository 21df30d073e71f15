package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import java.nio.ByteBuffer;

/** {@code POST /v1beta/models/<model>:generateContent} and {@code :streamGenerateContent}. */
final class GenerateContent implements ChatEndpoint {
    static final String JSON = "application/json; charset=UTF-8";

    private final boolean stream;

    GenerateContent(boolean stream) {
        this.stream = stream;
    }

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        byte[] bytes = Trees.copy(body);
        Operation operation = !stream ? Operation.WHOLE : events(incoming) ? Operation.EVENTS : Operation.ARRAY;
        RequestScan scan = RequestScan.of(operation, bytes);
        return ChatRequest.builder(incoming.pathParameters().getOrDefault("model", "")).stream(stream)
                .streamUsage(stream)
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new GeminiOriginal(operation, body, scan))
                .content(() -> ContentReader.read(Field.root(bytes)))
                .build();
    }

    private static boolean events(Incoming incoming) {
        return "sse".equals(incoming.query("alt")) || "sse".equals(incoming.query("$alt"));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        return new HttpBody(200, JSON, ByteBuffer.wrap(Trees.bytes(AnswerWriter.whole(response, served))));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, JSON, body);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        boolean array = GeminiOriginal.operation(request.original()) == Operation.ARRAY;
        return new StreamWriter(served, array);
    }
}
