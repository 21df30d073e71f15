package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.ByteBuffer;

/** {@code POST /v1/messages/count_tokens}: a message request that needs no {@code max_tokens}. */
final class CountEndpoint implements TokenCountEndpoint {
    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        return MessagesEndpoint.request(MessagesOriginal.COUNT, incoming);
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, TokenCount count) {
        JsonOut out = new JsonOut().beginObject().name("input_tokens").value(count.inputTokens());
        return MessagesEndpoint.json(ByteBuffer.wrap(out.endObject().toBytes()));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return MessagesEndpoint.json(body);
    }
}
