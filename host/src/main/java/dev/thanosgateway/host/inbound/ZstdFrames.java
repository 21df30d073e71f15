package dev.thanosgateway.host.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Looks through zstd data without decoding it (RFC 8878, 3.1): a frame says at its beginning how much of what it has
 * decoded it may refer to, and each of several frames says its own.
 */
final class ZstdFrames {
    /** What a decoder for HTTP has to support, and an encoder may use (RFC 9659). */
    static final long MOST_WINDOW_BYTES = 8L << 20;

    static final long MOST_BLOCK_BYTES = 128 * 1024;

    private static final int FRAME = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;
    private static final int BLOCK_HEADER = 3;
    private static final int REPEATED = 1;
    private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};

    private final ByteBuffer bytes;
    private final int length;
    /** Beyond the end once the data is cut: then all values are 0. */
    private long at;

    private ZstdFrames(ByteBuffer bytes) {
        this.bytes = bytes.slice();
        this.length = bytes.remaining();
    }

    /** The largest window of all frames, in bytes. Of data that is cut or no zstd, the largest up to there. */
    static long window(ByteBuffer bytes) {
        return new ZstdFrames(bytes).window();
    }

    /** The data without its skippable frames (RFC 8878, 3.1.2), which mean nothing to who decodes it. */
    static InputStream stream(ByteBuffer bytes) {
        return new Served(bytes);
    }

    /** Skips skippable frames that are whole. @return false = the data is over, or goes on with something else */
    private boolean toFrame() {
        while (at < length) {
            long from = at;
            int magic = (int) read(4);
            long end = (magic & ~0xF) == SKIPPABLE ? read(4) + at : Long.MAX_VALUE;
            if (end > length) {
                at = from;
                return magic == FRAME;
            }
            at = end;
        }
        return false;
    }

    private static final class Served extends InputStream {
        private final ZstdFrames frames;
        private int from;
        private int to;

        Served(ByteBuffer bytes) {
            frames = new ZstdFrames(bytes);
        }

        @Override
        public int read(byte[] target, int offset, int count) throws IOException {
            while (from == to) {
                boolean frame = frames.toFrame();
                if (frames.at >= frames.length) {
                    return -1;
                }
                from = (int) frames.at;
                if (!frame) {
                    throw new IOException("no zstd frame");
                }
                frames.read(4);
                frames.frame();
                to = (int) Math.min(frames.at, frames.length);
                frames.at = to;
            }
            int some = Math.min(count, to - from);
            frames.bytes.get(from, target, offset, some);
            from += some;
            return some;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }

    private long window() {
        long largest = 0;
        while (toFrame()) {
            read(4);
            largest = Math.max(largest, frame());
        }
        return largest;
    }

    private long frame() {
        int descriptor = (int) read(1);
        boolean single = (descriptor & 0x20) != 0;
        long window = 0;
        if (!single) {
            int said = (int) read(1);
            long base = 1L << (10 + (said >> 3));
            window = base + base / 8 * (said & 7);
        }
        at += DICTIONARY_BYTES[descriptor & 3];
        int size = descriptor >> 6;
        long content = read(size == 0 ? single ? 1 : 0 : 1 << size);
        if (single) {
            // Negative where it is beyond what a long holds.
            window = content < 0 ? Long.MAX_VALUE : content;
        }
        blocks();
        at += (descriptor & 4) == 0 ? 0 : 4;
        return window;
    }

    private void blocks() {
        long header = 0;
        while (at < length && (header & 1) == 0) {
            header = read(BLOCK_HEADER);
            at += (header >> 1 & 3) == REPEATED ? 1 : header >> 3;
        }
    }

    private long read(int count) {
        long value = 0;
        if (at + count <= length) {
            for (int i = 0; i < count; i++) {
                value |= (bytes.get((int) at + i) & 0xFFL) << (8 * i);
            }
        }
        at += count;
        return value;
    }
}
