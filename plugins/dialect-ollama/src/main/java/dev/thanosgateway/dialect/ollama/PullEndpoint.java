package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code POST /api/pull}: a model that some provider serves is there already, which is all that a client which pulls
 * before it chats needs to know ({@code codex --oss}). One line of progress, the last one of a real pull, is the answer
 * for {@code "stream": true} and {@code false} both. The gateway downloads nothing: an unknown model is a 404.
 */
final class PullEndpoint implements ModelLookupEndpoint {
    private static final byte[] SUCCESS = "{\"status\":\"success\"}\n".getBytes(StandardCharsets.UTF_8);

    private final ShowEndpoint named = new ShowEndpoint();

    @Override
    public List<String> names(Incoming request) throws GatewayException {
        return named.names(request);
    }

    @Override
    public HttpBody one(ModelCard model) {
        return new HttpBody(200, "application/x-ndjson", ByteBuffer.wrap(SUCCESS));
    }
}
