package dev.thanosgateway.tck;

import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Headers;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the host gives a dialect. */
final class Exchanged {
    private Exchanged() {}

    /** A request without headers; where the path names the model, it is {@code m}. */
    static Incoming incoming(byte[] body) {
        return incoming(body, Map.of("model", "m"), Map.of());
    }

    static Incoming incoming(byte[] body, Map<String, String> pathParameters, Map<String, String> query) {
        return new Incoming() {
            @Override
            public Map<String, String> pathParameters() {
                return pathParameters;
            }

            @Override
            public @Nullable String query(String name) {
                return query.get(name);
            }

            @Override
            public Headers headers() {
                return PlayedHost.headers();
            }

            @Override
            public ByteBuffer body() {
                return ByteBuffer.wrap(body).asReadOnlyBuffer();
            }
        };
    }

    static Served served(String requestId) {
        return served(requestId, "p", "m");
    }

    static Served served(String requestId, String provider, String model) {
        return new Served() {
            @Override
            public String requestId() {
                return requestId;
            }

            @Override
            public String provider() {
                return provider;
            }

            @Override
            public String model() {
                return model;
            }

            @Override
            public long created() {
                return 1_700_000_000;
            }
        };
    }
}
