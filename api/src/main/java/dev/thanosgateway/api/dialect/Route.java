package dev.thanosgateway.api.dialect;

import java.util.Objects;

/** One operation of a dialect and where it is mounted. Immutable. */
public final class Route {
    private final String method;
    private final String path;
    private final Endpoint endpoint;

    private Route(String method, String path, Endpoint endpoint) {
        this.method = Objects.requireNonNull(method);
        this.path = Objects.requireNonNull(path);
        this.endpoint = Objects.requireNonNull(endpoint);
    }

    /**
     * @param path segments, of which {@code {name}} stands for one and {@code {name*}} for one or more, slashes (plain
     *     or {@code %2F}) included; a fixed suffix may follow a parameter: {@code /v1beta/models/{model*}:generateContent}
     */
    public static Route of(String method, String path, Endpoint endpoint) {
        return new Route(method, path, endpoint);
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
}
