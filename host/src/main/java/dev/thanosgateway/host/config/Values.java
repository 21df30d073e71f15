package dev.thanosgateway.host.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads single values. Each fails with an IllegalArgumentException whose message completes "KEY …". */
final class Values {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final List<String> LOG_LEVELS = List.of("trace", "debug", "info", "warn", "error");
    private static final Pattern MODEL = Pattern.compile("[\\p{Graph}&&\\p{ASCII}]{1,256}");
    private static final Pattern CREDENTIAL = Pattern.compile("[\\x21-\\x7e]{1,8192}");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    private Values() {}

    /** The name of a provider, a type or a strategy. */
    static String id(String text) {
        return matched(ID, text, "may hold 1 to 64 letters, digits, '.', '_' and '-' only.");
    }

    static String logLevel(String text) {
        String question = Nearest.question(text, LOG_LEVELS);
        if (!LOG_LEVELS.contains(text)) {
            throw new IllegalArgumentException("must be trace, debug, info, warn or error." + question);
        }
        return text;
    }

    static String model(String text) {
        return matched(MODEL, text, "must be 1 to 256 visible characters without blanks.");
    }

    /** A key for a provider or of a caller; blanks round it, as secret files have them, are dropped. */
    static Secret credential(String text) {
        return new Secret(matched(CREDENTIAL, text.strip(), "must be visible ASCII characters without blanks."));
    }

    /** Whether a header may be called so. */
    static boolean headerName(String text) {
        return HEADER_NAME.matcher(text).matches();
    }

    static Secret headerValue(String text) {
        boolean good = text.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7f));
        if (!good || text.length() > 8192) {
            throw new IllegalArgumentException("must be one line of at most 8192 ASCII characters.");
        }
        return new Secret(text.strip());
    }

    /** The root of an upstream's API. */
    static URI endpoint(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL. Write it as \"https://host/path\".", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("must begin with http:// or https://.");
        }
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw new IllegalArgumentException("must hold no user or password. Use api_key or headers.");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must end before any '?' or '#'. Credentials go into api_key.");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "needs a host of letters, digits, '.' and '-', as in \"https://api.example.com/v1\".");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("needs a port from 1 to 65535, or none.");
        }
        return uri;
    }

    /** A {@code Host} name without its port, in lower case, IPv6 without brackets. */
    static String hostName(String text) {
        String host = text.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (!HostPort.ipv6(host)) {
            if (host.indexOf(':') >= 0 || host.indexOf('/') >= 0) {
                throw new IllegalArgumentException("must be names only, without scheme, port or path.");
            }
            HostPort.parse(host + ":0");
        }
        return host;
    }

    /** An origin as browsers send it: scheme, host, and a port that is not the scheme's own. */
    static String origin(String text) {
        String origin = text.strip().toLowerCase(Locale.ROOT);
        if (origin.equals("*") || origin.equals("null")) {
            throw new IllegalArgumentException(
                    "must list each origin: with '" + origin + "' any web page could spend your credits.");
        }
        if (!ORIGIN.matcher(origin).matches()) {
            throw new IllegalArgumentException("must be origins, as in \"https://app.example.com\", without a path.");
        }
        if (origin.startsWith("http://")) {
            return origin.replaceFirst(":80$", "");
        }
        return origin.startsWith("https://") ? origin.replaceFirst(":443$", "") : origin;
    }

    private static String matched(Pattern pattern, String text, String clause) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(clause);
        }
        return text;
    }
}
