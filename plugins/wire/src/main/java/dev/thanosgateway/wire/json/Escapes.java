package dev.thanosgateway.wire.json;

/** The escapes in a caller's strings: {@code "\\ud800"} alone is half a character, which no text can hold. */
final class Escapes {
    private static final int ESCAPE_LENGTH = 6;
    private static final int DIGITS = 4;

    private Escapes() {}

    /**
     * @param bytes JSON that has been read: a backslash is only within a string, and has what belongs to it
     * @throws JsonException when there is half of a surrogate pair, saying where
     */
    static void check(byte[] bytes, int from, int to) throws JsonException {
        for (int at = from; at < to; at++) {
            if (bytes[at] != '\\') {
                continue;
            }
            char unit = unit(bytes, at, to);
            if (Character.isHighSurrogate(unit) && Character.isLowSurrogate(unit(bytes, at + ESCAPE_LENGTH, to))) {
                at += 2 * ESCAPE_LENGTH - 1;
            } else if (Character.isSurrogate(unit)) {
                throw new JsonException("", "it has half of a surrogate pair at byte " + at);
            } else {
                // Also over the second backslash of two.
                at++;
            }
        }
    }

    /** What the escape at {@code at} stands for; 0 = there is none of this kind. */
    private static char unit(byte[] bytes, int at, int to) {
        if (at + ESCAPE_LENGTH > to || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return 0;
        }
        int unit = 0;
        for (int i = 0; i < DIGITS; i++) {
            unit = unit << 4 | Character.digit(bytes[at + 2 + i], 16);
        }
        return (char) unit;
    }
}
