package dev.thanosgateway.host.transport;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rule for the path of a plugin's call: whatever server or proxy reads it, it stays below the provider's endpoint.
 * An encoded slash is allowed, since names of models have slashes; a segment that reads as a dot segment after any
 * number of decodings is not.
 */
final class CallPath {
    private static final int MOST_DECODINGS = 4;

    private CallPath() {}

    /** @throws RefusedCallException naming what is wrong */
    static void check(String path) {
        String wrong = wrong(path);
        if (wrong != null) {
            throw new RefusedCallException("its path " + wrong + ": " + shown(path));
        }
    }

    private static @Nullable String wrong(String path) {
        if (!path.startsWith("/")) {
            return "must begin with a slash";
        }
        if (path.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '\\' || c == '#')) {
            return "must not hold a backslash, a fragment, or characters that need an escape";
        }
        int query = path.indexOf('?');
        String below = query < 0 ? path : path.substring(0, query);
        if (below.contains("//")) {
            return "must not hold an empty segment";
        }
        if (decoded(below) == null) {
            return "must not hold a broken escape";
        }
        return dots(below) ? "must not hold a dot segment" : null;
    }

    /** @return null = an escape in it is broken */
    private static @Nullable String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether a segment is {@code .} or {@code ..} to somebody who decodes once more than others do. */
    private static boolean dots(String path) {
        String text = path;
        for (int times = 0; times <= MOST_DECODINGS; times++) {
            for (String segment : text.split("[/\\\\]", -1)) {
                int parameters = segment.indexOf(';');
                String name = parameters < 0 ? segment : segment.substring(0, parameters);
                if (name.equals(".") || name.equals("..")) {
                    return true;
                }
            }
            String next = decoded(text);
            if (next == null || next.equals(text)) {
                return false;
            }
            text = next;
        }
        return true;
    }

    /** For a message: one line, and not all of it. */
    private static String shown(String path) {
        String clean = path.replaceAll("[^\\x21-\\x7e]", "?");
        return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
    }
}
