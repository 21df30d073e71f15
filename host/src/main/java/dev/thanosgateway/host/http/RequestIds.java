package dev.thanosgateway.host.http;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The id of a request: the caller's, if sane, else ours. */
public final class RequestIds {
    private static final int LENGTH_LIMIT = 128;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private RequestIds() {}

    /** @param given what the caller sent; null = nothing */
    public static String of(@Nullable String given) {
        return given != null && sane(given) ? given : fresh();
    }

    private static boolean sane(String id) {
        if (id.isEmpty() || id.length() > LENGTH_LIMIT) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c > 'z' || (!Character.isLetterOrDigit(c) && "-_.:".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private static String fresh() {
        char[] id = new char[28];
        "req_".getChars(0, 4, id, 0);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long bits = random.nextLong();
        for (int i = 4; i < id.length; i++) {
            if (i == 16) {
                bits = random.nextLong();
            }
            id[i] = HEX[(int) bits & 15];
            bits >>>= 4;
        }
        return new String(id);
    }
}
