package dev.thanosgateway.api.provider;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** One HTTP request to the provider's own endpoint, without its credential. Immutable but for the body's position. */
public final class HttpCall {
    private final String method;
    private final String path;
    private final List<Map.Entry<String, String>> headers;
    private final ByteBuffer body;
    private final Auth auth;
    private final List<String> dropped;
    private final boolean relay;

    private HttpCall(
            String method,
            String path,
            List<Map.Entry<String, String>> headers,
            ByteBuffer body,
            Auth auth,
            List<String> dropped,
            boolean relay) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
        this.auth = auth;
        this.dropped = dropped;
        this.relay = relay;
    }

    /**
     * A call without a body.
     *
     * @param path below the endpoint, beginning with a slash and the API's version segment, encoded, with its query:
     *     {@code /v1/models}. Where the endpoint's own path has a version segment already, the host leaves this one out.
     */
    public static HttpCall get(String path, Auth auth) {
        return new HttpCall("GET", path, List.of(), ByteBuffer.allocate(0), auth, List.of(), false);
    }

    /**
     * A call with a JSON body.
     *
     * @param body UTF-8, from its position to its limit; the call owns it from now on
     */
    public static HttpCall postJson(String path, ByteBuffer body, Auth auth) {
        return new HttpCall(
                "POST", path, List.of(Map.entry("content-type", "application/json")), body, auth, List.of(), false);
    }

    /** The same call with a further header; hop-by-hop names and those of credentials are refused by the host. */
    public HttpCall withHeader(String name, String value) {
        List<Map.Entry<String, String>> all = new ArrayList<>(headers);
        all.add(Map.entry(name, value));
        return new HttpCall(method, path, List.copyOf(all), body, auth, dropped, relay);
    }

    /**
     * The same call with what of the caller's request it leaves out. The caller is told in {@code x-thanos-dropped}.
     *
     * @param fields names of hints this provider has no counterpart for; a request that needs one is UNSUPPORTED
     */
    public HttpCall withDropped(Collection<String> fields) {
        return new HttpCall(method, path, headers, body, auth, List.copyOf(fields), relay);
    }

    /**
     * The same call as one that carries the caller's own words, in the language it wrote them in: then the headers that
     * belong to that language ({@code Dialect.forwardedHeaders()}) go along too. Another call never has them.
     */
    public HttpCall asRelay() {
        return new HttpCall(method, path, headers, body, auth, dropped, true);
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    public ByteBuffer body() {
        return body;
    }

    public Auth auth() {
        return auth;
    }

    /** Hints of the caller's request that do not go along; empty = everything does. */
    public List<String> dropped() {
        return dropped;
    }

    /** Whether it is the caller's request in the caller's own language. */
    public boolean relay() {
        return relay;
    }
}
