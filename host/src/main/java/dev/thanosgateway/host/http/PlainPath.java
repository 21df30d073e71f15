package dev.thanosgateway.host.http;

import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/**
 * A request whose path has no repeated slashes: clients make {@code /v1//chat/completions} of a base URL that ends in a
 * slash. Whatever looks at the request sees this path alone, so no check can see another one than the route does. Encoded
 * slashes stay as they are.
 */
final class PlainPath extends Request.Wrapper {
    private static final Pattern SLASHES = Pattern.compile("/{2,}");

    private final HttpURI uri;

    private PlainPath(Request request, HttpURI uri) {
        super(request);
        this.uri = uri;
    }

    /** The request itself, if its path has no repeated slashes. */
    static Request of(Request request) {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath();
        if (path == null || !path.contains("//")) {
            return request;
        }
        String plain = SLASHES.matcher(path).replaceAll("/");
        return new PlainPath(
                request,
                HttpURI.build(uri, plain, uri.getParam(), uri.getQuery()).asImmutable());
    }

    @Override
    public HttpURI getHttpURI() {
        return uri;
    }
}
