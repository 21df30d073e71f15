package dev.thanosgateway.host.transport;

import java.nio.ByteBuffer;

/**
 * Overwrites an origin's credentials with asterisks in one answer's body, byte for byte, before anything reads it. What
 * may be the beginning of one waits for the next slice; ends of lines and of JSON never do. Used by one thread at a
 * time.
 */
final class Scrubber {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Secrets secrets;
    private ByteBuffer held = NOTHING;

    Scrubber(Secrets secrets) {
        this.secrets = secrets;
    }

    /**
     * What of the answer can be passed on.
     *
     * @param slice from its position to its limit; not changed
     * @param last whether nothing follows
     * @return the slice itself, or a copy; perhaps empty
     */
    ByteBuffer pass(ByteBuffer slice, boolean last) {
        if (secrets.none()) {
            return slice;
        }
        ByteBuffer text = held.hasRemaining() ? joined(held, slice) : slice;
        int found = secrets.find(text, text.position());
        if (found >= 0) {
            ByteBuffer clean = text == slice ? joined(held, slice) : text;
            cover(clean, found + clean.position() - text.position());
            text = clean;
        }
        int open = last ? text.limit() : secrets.open(text);
        if (open == text.limit()) {
            held = NOTHING;
            return text;
        }
        held = joined(text.duplicate().position(open), NOTHING);
        return text.duplicate().limit(open);
    }

    private void cover(ByteBuffer text, int first) {
        for (int at = first; at >= 0; at = secrets.find(text, at)) {
            for (int end = at + secrets.length(text, at); at < end; at++) {
                text.put(at, (byte) '*');
            }
        }
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first.duplicate())
                .put(second.duplicate())
                .flip();
    }
}
