package dev.thanosgateway.provider.echo;

/**
 * Cuts a text into words, each with the whitespace after it; whitespace before the first word belongs to it. Joined
 * they are the text. A piece over {@value #LIMIT} chars is cut there, never inside a surrogate pair: so no delta is
 * unbounded.
 */
final class Words {
    static final int LIMIT = 8192;

    private final String text;
    private int position;

    Words(String text) {
        this.text = text;
    }

    static long count(String text) {
        Words words = new Words(text);
        long count = 0;
        while (words.hasNext()) {
            words.skip();
            count++;
        }
        return count;
    }

    boolean hasNext() {
        return position < text.length();
    }

    String next() {
        int start = position;
        skip();
        return text.substring(start, position);
    }

    private void skip() {
        int limit = limit();
        int end = position;
        if (position == 0) {
            end = whitespace(end, limit);
        }
        while (end < limit && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        position = whitespace(end, limit);
    }

    private int whitespace(int from, int limit) {
        int end = from;
        while (end < limit && Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private int limit() {
        if (text.length() - position <= LIMIT) {
            return text.length();
        }
        int limit = position + LIMIT;
        boolean insidePair =
                Character.isHighSurrogate(text.charAt(limit - 1)) && Character.isLowSurrogate(text.charAt(limit));
        return insidePair ? limit - 1 : limit;
    }
}
