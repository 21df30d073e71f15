package dev.thanosgateway.host.transport;

import java.util.Locale;
import java.util.Set;

/** Which headers a provider may set on its own calls. */
final class RequestHeaders {
    private static final Set<String> REFUSED = Set.of(
            "authorization",
            "connection",
            "content-length",
            "cookie",
            "expect",
            "host",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private RequestHeaders() {}

    /**
     * The name itself.
     *
     * @throws RefusedCallException when it is hop-by-hop, or carries a credential
     */
    static String checked(String name) {
        if (REFUSED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new RefusedCallException("a plugin cannot set the header " + name);
        }
        return name;
    }
}
