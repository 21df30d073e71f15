package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.ByteBuffer;

/** {@code POST /v1beta/models/<model>:countTokens}: of {@code contents}, or of a whole {@code generateContentRequest}. */
final class CountTokens implements TokenCountEndpoint {
    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        byte[] bytes = Trees.copy(body);
        RequestScan scan = RequestScan.of(Operation.COUNT, bytes);
        return ChatRequest.builder(incoming.pathParameters().getOrDefault("model", ""))
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new GeminiOriginal(Operation.COUNT, body, scan))
                .content(() -> content(Field.root(bytes)))
                .build();
    }

    private static ChatContent content(Field root) throws GatewayException {
        Field whole = root.members().get("generateContentRequest");
        return ContentReader.read(whole == null ? root : whole);
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, TokenCount count) {
        JsonOut out = new JsonOut().beginObject().name("totalTokens").value(count.inputTokens());
        if (count.cachedTokens() >= 0) {
            out.name("cachedContentTokenCount").value(count.cachedTokens());
        }
        return whole(request, served, ByteBuffer.wrap(out.endObject().toBytes()));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, GenerateContent.JSON, body);
    }
}
