package dev.thanosgateway.host.transport;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

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

    /** RFC 9110, 5.6.2: with a blank in it, some servers read another header. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private RequestHeaders() {}

    /**
     * The name itself.
     *
     * @throws RefusedCallException when it is no token, is hop-by-hop, or carries a credential
     */
    static String checked(String name) {
        token(name);
        if (REFUSED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new RefusedCallException("a plugin cannot set the header " + name);
        }
        return name;
    }

    /**
     * The name itself.
     *
     * @throws RefusedCallException when it is no token
     */
    static String token(String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new RefusedCallException("a header's name must be a token of RFC 9110, and this is none: \""
                    + name.replaceAll("[^\\x20-\\x7e]", "?") + "\"");
        }
        return name;
    }
}
