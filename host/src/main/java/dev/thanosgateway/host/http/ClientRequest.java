package dev.thanosgateway.host.http;

import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.provider.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** One client request: what a dialect may see of it, and what of its headers goes upstream. */
record ClientRequest(Request request, Map<String, String> pathParameters, ByteBuffer read) implements Incoming {
    static final Set<String> CREDENTIALS =
            Set.of("authorization", "x-api-key", "x-goog-api-key", "cookie", "proxy-authorization");
    private static final String KEY = "key";

    @Override
    public @Nullable String query(String name) {
        if (name.equals(KEY)) {
            return null;
        }
        return parameter(request, name);
    }

    /** One that cannot be decoded is absent. */
    private static @Nullable String parameter(Request request, String name) {
        try {
            Fields.Field field = Request.extractQueryParameters(request).get(name);
            return field == null ? null : field.getValue();
        } catch (RuntimeException e) {
            return null;
        }
    }

    @Override
    public Headers headers() {
        return new Visible(request.getHeaders());
    }

    @Override
    public ByteBuffer body() {
        return read.asReadOnlyBuffer();
    }

    /** What the client sent as its key; null = nothing. */
    static @Nullable String credential(Request request) {
        HttpFields fields = request.getHeaders();
        String bearer = fields.get(HttpHeader.AUTHORIZATION);
        if (bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return bearer.substring(7).trim();
        }
        String key = fields.get("x-api-key");
        if (key == null) {
            key = fields.get("x-goog-api-key");
        }
        if (key == null && request.getHttpURI().getQuery() != null) {
            key = parameter(request, KEY);
        }
        return key;
    }

    /**
     * The client's headers that may go upstream. Nothing of who the client is, or of its connection, ever does.
     *
     * @param names in lower case
     */
    static List<Map.Entry<String, String>> forwarded(Request request, Set<String> names) {
        List<Map.Entry<String, String>> forwarded = List.of();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            // Fields Jetty has a constant for are none of these; looking at the others only saves most of the work.
            if (field.getHeader() == null && value != null && names.contains(lower(field.getName()))) {
                if (forwarded.isEmpty()) {
                    forwarded = new ArrayList<>(2);
                }
                forwarded.add(Map.entry(lower(field.getName()), value));
            }
        }
        return forwarded;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What of them a dialect may see. */
    record Visible(HttpFields fields) implements Headers {
        @Override
        public @Nullable String first(String name) {
            return CREDENTIALS.contains(lower(name)) ? null : fields.get(name);
        }

        @Override
        public List<String> all(String name) {
            return CREDENTIALS.contains(lower(name)) ? List.of() : fields.getValuesList(name);
        }
    }
}
