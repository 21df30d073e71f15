package dev.thanosgateway.host.http;

import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.dispatch.ForwardedHeaders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Who opened a socket, and what its handshake said: the request itself is gone when the first message comes.
 *
 * @param key what the caller sent as its key; null = nothing
 * @param path of the route
 * @param fields all headers
 * @param forwarded those that go upstream with each request: not the dialect's own, which speak of this transport
 */
record SocketCaller(
        Caller caller,
        @Nullable String key,
        String path,
        HttpFields fields,
        List<Map.Entry<String, String>> forwarded) {
    static SocketCaller of(Request request, String path, Caller caller, @Nullable String key) {
        HttpFields fields = HttpFields.build(request.getHeaders()).asImmutable();
        return new SocketCaller(caller, key, path, fields, ClientRequest.forwarded(request, ForwardedHeaders.ALWAYS));
    }

    /** The length of all headers. */
    long headerBytes() {
        long bytes = 0;
        for (HttpField field : fields) {
            String value = field.getValue();
            bytes += field.getName().length() + (value == null ? 0 : value.length());
        }
        return bytes;
    }

    /** A message as a dialect reads it. */
    Incoming message(ByteBuffer body) {
        return new Message(new ClientRequest.Visible(fields), body);
    }

    /** Without the key, which a record would show. */
    @Override
    public String toString() {
        return "the caller of a socket at " + path;
    }

    private record Message(Headers headers, ByteBuffer read) implements Incoming {
        @Override
        public Map<String, String> pathParameters() {
            return Map.of();
        }

        @Override
        public @Nullable String query(String name) {
            return null;
        }

        @Override
        public ByteBuffer body() {
            return read.asReadOnlyBuffer();
        }
    }
}
