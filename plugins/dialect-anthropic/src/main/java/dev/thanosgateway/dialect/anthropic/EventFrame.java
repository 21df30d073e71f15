package dev.thanosgateway.dialect.anthropic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One server-sent event as this API writes it: {@code event: <name>}, {@code data: <JSON>}, an empty line. */
final class EventFrame {
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] END = ascii("\n\n");

    /** How a stream's last frame begins. */
    private static final byte[] STOP = ascii("event: message_stop\n");

    private EventFrame() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param data JSON; line feeds in it can only be white space, and must go */
    static byte[] of(String name, ByteBuffer data) {
        byte[] word = name.getBytes(StandardCharsets.UTF_8);
        int length = data.remaining();
        ByteBuffer frame = ByteBuffer.allocate(EVENT.length + word.length + DATA.length + length + END.length);
        frame.put(EVENT).put(word).put(DATA);
        int from = frame.position();
        frame.put(data.duplicate()).put(END);
        byte[] bytes = frame.array();
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                bytes[i] = ' ';
            }
        }
        return bytes;
    }

    /** Whether the last of {@code frames}, all made here, is the one that ends a stream. */
    static boolean endsStream(ByteBuffer frames) {
        int start = frames.limit() - END.length;
        while (start > frames.position() && !(frames.get(start - 1) == '\n' && frames.get(start - 2) == '\n')) {
            start--;
            if (start - frames.position() < 2) {
                start = frames.position();
            }
        }
        if (frames.limit() - start < STOP.length) {
            return false;
        }
        return ByteBuffer.wrap(STOP).equals(frames.duplicate().position(start).limit(start + STOP.length));
    }
}
