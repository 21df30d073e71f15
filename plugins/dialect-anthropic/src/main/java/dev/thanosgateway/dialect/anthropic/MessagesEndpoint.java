package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.wire.json.JsonException;
import java.nio.ByteBuffer;

/** {@code POST /v1/messages}. */
final class MessagesEndpoint implements ChatEndpoint {
    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        return request(MessagesOriginal.CREATE, incoming);
    }

    /** The request of a chat, or of what a chat would be. */
    static ChatRequest request(String operation, Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        RequestScan scan = RequestScan.of(MessagesOriginal.copy(body));
        boolean versioned = incoming.headers().first(MessagesOriginal.VERSION_HEADER) != null;
        return ChatRequest.builder(scan.model()).stream(scan.stream())
                .streamUsage(true)
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new MessagesOriginal(operation, body, scan, versioned))
                .content(() -> content(scan))
                .build();
    }

    private static ChatContent content(RequestScan scan) throws GatewayException {
        try {
            return new ContentReader().read(scan.root());
        } catch (JsonException e) {
            throw invalid(e);
        }
    }

    static GatewayException invalid(JsonException cause) {
        boolean field = !cause.path().isEmpty();
        String what = field ? "The request cannot be read: " : "The request body is not valid JSON: ";
        return new GatewayException(ErrorKind.INVALID_REQUEST, what + cause.clause() + ".")
                .withParameter(field ? cause.path() : null);
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        return json(ByteBuffer.wrap(AnswerJson.write(response, served, request.model())));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return json(body);
    }

    static HttpBody json(ByteBuffer bytes) {
        return new HttpBody(200, "application/json", bytes);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return new EventWriter(AnswerJson.id(served), request.model(), served.requestId());
    }
}
