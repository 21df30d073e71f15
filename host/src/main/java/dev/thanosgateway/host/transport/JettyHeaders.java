package dev.thanosgateway.host.transport;

import dev.thanosgateway.api.provider.Headers;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** Jetty's header fields as the api's. */
public record JettyHeaders(HttpFields fields) implements Headers {
    @Override
    public @Nullable String first(String name) {
        return fields.get(name);
    }

    @Override
    public List<String> all(String name) {
        return fields.getValuesList(name);
    }
}
