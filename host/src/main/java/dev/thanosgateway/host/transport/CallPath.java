package dev.thanosgateway.host.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rule for the path of a plugin's call: whatever server or proxy reads it, it stays below the provider's endpoint.
 * An encoded slash is allowed, since names of models have slashes; what reads as a dot segment or an empty segment after
 * any number of decodings is not, nor an escape that only a lenient decoder reads.
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
        return decoded(below);
    }

    /** What a server sees in it that decodes it once, or more often. */
    private static @Nullable String decoded(String path) {
        String text = path;
        for (int times = 0; times <= MOST_DECODINGS; times++) {
            String slashed = text.replace('\\', '/');
            if (slashed.contains("//")) {
                return "must not hold an empty segment, however it is encoded";
            }
            if (dots(slashed)) {
                return "must not hold a dot segment, however it is encoded";
            }
            byte[] bytes = unescaped(text);
            if (bytes == null) {
                return times == 0 ? "must not hold a broken escape" : null;
            }
            String next = utf8(bytes);
            if (next == null) {
                return "must not hold an escape that is no UTF-8";
            }
            if (next.equals(text)) {
                return null;
            }
            text = next;
        }
        return "must not be encoded more than " + MOST_DECODINGS + " times";
    }

    /** @return null = an escape in it is broken */
    private static byte @Nullable [] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < all.length; i++) {
            if (all[i] != '%') {
                bytes.write(all[i]);
                continue;
            }
            int high = i + 2 < all.length ? Character.digit(all[i + 1], 16) : -1;
            int low = i + 2 < all.length ? Character.digit(all[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        return bytes.toByteArray();
    }

    /** @return null = they are none, such as the overlong form of a dot */
    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean dots(String path) {
        for (String segment : path.split("/", -1)) {
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            if (name.equals(".") || name.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /** For a message: one line, and not all of it. */
    private static String shown(String path) {
        String clean = path.replaceAll("[^\\x21-\\x7e]", "?");
        return clean.length() > 100 ? clean.substring(0, 100) + "…" : clean;
    }
}
