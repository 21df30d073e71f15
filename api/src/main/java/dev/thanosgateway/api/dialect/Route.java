package dev.thanosgateway.api.dialect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One operation of a dialect and where it is mounted. Immutable. */
public final class Route {
    private final String method;
    private final String path;
    private final Endpoint endpoint;
    private final @Nullable String header;

    private Route(String method, String path, Endpoint endpoint, @Nullable String header) {
        this.method = Objects.requireNonNull(method);
        this.path = Objects.requireNonNull(path);
        this.endpoint = Objects.requireNonNull(endpoint);
        this.header = header;
    }

    /**
     * @param path segments, of which {@code {name}} stands for one and {@code {name*}} for one or more, slashes (plain
     *     or {@code %2F}) included; a fixed suffix may follow a parameter: {@code /v1beta/models/{model*}:generateContent}
     */
    public static Route of(String method, String path, Endpoint endpoint) {
        return new Route(method, path, endpoint, null);
    }

    /**
     * The same operation only for requests with a header of this name, before any that wants none: how two dialects
     * share a path, where a dialect's clients can be told by a header.
     */
    public Route withHeader(String name) {
        return new Route(method, path, endpoint, Objects.requireNonNull(name));
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The header a request must have to be meant; null = none. */
    public @Nullable String header() {
        return header;
    }
}
