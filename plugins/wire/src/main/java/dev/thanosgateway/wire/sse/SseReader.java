package dev.thanosgateway.wire.sse;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the data of server-sent events (WHATWG HTML 9.2.6) out of slices that may be cut anywhere. Comments and the
 * fields {@code id} and {@code retry} are read over; {@code event} is kept for who asks. A frame is at most 16 MiB. Used
 * by one thread at a time.
 */
public final class SseReader {
    private static final int FRAME_LIMIT = 16 << 20;

    /** What is kept between slices although it is empty. */
    private static final int KEPT_BUFFER = 4096;

    /** What is kept between slices although the next frame has only begun. */
    private static final int LARGE_BUFFER = 64 * 1024;

    private static final byte[] DATA = {'d', 'a', 't', 'a'};
    private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't', ':'};
    private static final int LONGEST_NAME = 256;

    /** Takes the events' data. */
    @FunctionalInterface
    public interface Target {
        /**
         * One event's data, from {@code from} to before {@code to}, lines joined by line feeds; valid during the call.
         *
         * @param frame where in {@code bytes} the frame begins, if it came in the plain form {@code data: <one
         *     line>\n\n}; it ends two bytes behind {@code to}. -1 = it came in another form
         */
        void data(byte[] bytes, int from, int to, int frame) throws GatewayException;
    }

    private final Target target;
    /** Of a whole answer, which has no events, none is needed. */
    private byte[] buffer = {};

    private int size;
    private int line;
    private int scanned;
    private boolean begun;
    private boolean afterCr;

    /** The only data line so far of the frame at hand, still in the buffer: its value and whether its form is plain. */
    private int dataFrom = -1;

    private int dataTo;
    private boolean plain;
    /** More than one data line of the frame at hand, joined. */
    private byte[] joined = {};

    private int joinedSize = -1;
    /** Of the frame at hand; streams whose events have no names never touch it. */
    private String event = "";

    public SseReader(Target target) {
        this.target = target;
    }

    /** While an event's data is told: its name; empty if it has none, or one of over 256 bytes. */
    public String event() {
        return event;
    }

    /** Reads a further slice. */
    public void feed(ByteBuffer slice) throws GatewayException {
        int length = slice.remaining();
        if (buffer.length - size < length) {
            int doubled = Math.min(buffer.length * 2, FRAME_LIMIT * 2);
            buffer = Arrays.copyOf(buffer, Math.max(Math.max(KEPT_BUFFER, size + length), doubled));
        }
        slice.get(slice.position(), buffer, size, length);
        size += length;
        if (begun || skipMark(false)) {
            lines();
            compact();
        }
    }

    /** The body has ended: a last line needs no line end, a last frame no empty line. */
    public void end() throws GatewayException {
        if (!begun) {
            skipMark(true);
            lines();
        }
        if (line < size) {
            line(line, size, false);
        }
        dispatch(false);
    }

    /** A byte order mark may stand before everything; false = it is too early to say. */
    private boolean skipMark(boolean last) {
        if (size > 0 && buffer[0] == (byte) 0xEF && size < 3 && !last) {
            return false;
        }
        if (size >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) {
            line = 3;
            scanned = 3;
        }
        begun = size > 0;
        return true;
    }

    private void lines() throws GatewayException {
        int i = scanned;
        while (i < size) {
            byte c = buffer[i];
            if (c != '\n' && c != '\r') {
                i++;
                continue;
            }
            if (c == '\n' && afterCr && i == line) {
                line = ++i;
                afterCr = false;
                continue;
            }
            afterCr = c == '\r';
            if (i == line) {
                dispatch(c == '\n');
            } else {
                line(line, i, c == '\n');
            }
            line = ++i;
        }
        scanned = i;
    }

    private void line(int from, int to, boolean lineFeed) throws GatewayException {
        int value = from + 4;
        boolean data =
                to >= value && Arrays.equals(buffer, from, value, DATA, 0, 4) && (to == value || buffer[value] == ':');
        if (!data) {
            plain = false;
            if (to - from >= EVENT.length && Arrays.equals(buffer, from, from + EVENT.length, EVENT, 0, EVENT.length)) {
                name(from + EVENT.length, to);
            }
            return;
        }
        boolean space = value + 1 < to && buffer[value + 1] == ' ';
        value = Math.min(to, value + (space ? 2 : 1));
        if (dataFrom < 0 && joinedSize < 0) {
            dataFrom = value;
            dataTo = to;
            plain = space && lineFeed;
        } else {
            keep();
            join((byte) '\n', value, to);
        }
    }

    private void name(int from, int to) {
        int begin = from < to && buffer[from] == ' ' ? from + 1 : from;
        event = to - begin > LONGEST_NAME ? "" : new String(buffer, begin, to - begin, StandardCharsets.UTF_8);
    }

    /** Moves the frame's only data line out of the buffer, as a further one has come or the buffer is to be moved. */
    private void keep() throws GatewayException {
        if (dataFrom >= 0) {
            joinedSize = 0;
            join((byte) 0, dataFrom, dataTo);
            dataFrom = -1;
            plain = false;
        }
    }

    private void join(byte before, int from, int to) throws GatewayException {
        int needed = joinedSize + 1 + to - from;
        if (needed > FRAME_LIMIT) {
            throw tooLong();
        }
        if (needed > joined.length) {
            joined = Arrays.copyOf(joined, Math.max(needed, joined.length * 2));
        }
        if (before != 0) {
            joined[joinedSize++] = before;
        }
        System.arraycopy(buffer, from, joined, joinedSize, to - from);
        joinedSize += to - from;
    }

    private void dispatch(boolean lineFeed) throws GatewayException {
        if (joinedSize >= 0) {
            int length = joinedSize;
            joinedSize = -1;
            target.data(joined, 0, length, -1);
            joined = joined.length > KEPT_BUFFER ? new byte[0] : joined;
        } else if (dataFrom >= 0) {
            int from = dataFrom;
            dataFrom = -1;
            if (dataTo - from > FRAME_LIMIT) {
                throw tooLong();
            }
            target.data(buffer, from, dataTo, plain && lineFeed ? from - 6 : -1);
        }
        event = "";
    }

    /** Drops what has been read; a frame that is not whole yet stays, from its data on. */
    private void compact() throws GatewayException {
        int keep = dataFrom >= 0 ? dataFrom - (plain ? 6 : 0) : line;
        if (size - keep > FRAME_LIMIT) {
            throw tooLong();
        }
        // What a large frame made it grow to is not kept for the rest of the stream.
        if (buffer.length > (keep == size ? KEPT_BUFFER : LARGE_BUFFER) && size - keep < buffer.length / 16) {
            buffer = Arrays.copyOfRange(buffer, keep, Math.max(keep + KEPT_BUFFER, size));
        } else if (keep > 0) {
            System.arraycopy(buffer, keep, buffer, 0, size - keep);
        }
        size -= keep;
        line -= keep;
        scanned -= keep;
        dataFrom = dataFrom >= 0 ? dataFrom - keep : -1;
        dataTo -= keep;
    }

    private static GatewayException tooLong() {
        return new GatewayException(
                ErrorKind.UPSTREAM_PROTOCOL,
                "The upstream sent a stream event of more than 16 MiB, which is not passed on.");
    }
}
