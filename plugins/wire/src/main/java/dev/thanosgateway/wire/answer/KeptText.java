package dev.thanosgateway.wire.answer;

/**
 * Text of a stream that its writer keeps, since the client gets it in one piece or once more. Knows what it takes in memory, which is what
 * {@link dev.thanosgateway.api.dialect.ChatWriter#kept()} is about. Used by one thread at a time.
 */
public final class KeptText implements CharSequence {
    private static final char LAST_LATIN = 0xFF;

    private final StringBuilder text = new StringBuilder(0);
    private boolean wide;

    public void append(String more) {
        for (int i = 0; i < more.length() && !wide; i++) {
            wide = more.charAt(i) > LAST_LATIN;
        }
        text.append(more);
    }

    /** Bytes of the text in memory. */
    public long bytes() {
        return wide ? 2L * text.length() : text.length();
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
