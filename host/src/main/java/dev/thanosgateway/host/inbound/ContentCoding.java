package dev.thanosgateway.host.inbound;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.brotli.dec.BrotliInputStream;

/** The content codings of requests' bodies that are decoded here (RFC 9110, 8.4.1; RFC 7932; RFC 8878). */
public enum ContentCoding {
    GZIP("gzip"),
    /** In the zlib format as RFC 9110 says, or without it as some clients send it. */
    DEFLATE("deflate"),
    /** With a window of up to 16 MiB; there are no larger ones but in an extension. */
    BROTLI("br"),
    /** With a window of up to 8 MiB, as RFC 9659 says for HTTP. */
    ZSTD("zstd");

    /** All of them, as a value of the header {@code accept-encoding}. */
    public static final String ACCEPTED = "gzip, deflate, br, zstd";

    /** More are of no use, and each costs a pass over all bytes. */
    private static final int MOST = 2;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final long MEBIBYTE = 1 << 20;
    private static final int ZLIB_METHOD = 8;
    private static final int ZLIB_CHECK = 31;

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** The name in the header. */
    public String token() {
        return token;
    }

    /**
     * The codings of a body.
     *
     * @param header values of the header {@code content-encoding}, in the order in which the codings were applied
     * @return those to undo, the first one first; empty = the body is plain
     * @throws GatewayException UNSUPPORTED_CODING for a coding that is not decoded here, or more than two
     */
    public static List<ContentCoding> of(List<String> header) throws GatewayException {
        List<ContentCoding> codings = new ArrayList<>();
        for (String value : header) {
            for (String one : value.split(",")) {
                String name = one.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity")) {
                    codings.add(named(name));
                }
            }
        }
        if (codings.size() > MOST) {
            throw new GatewayException(
                    ErrorKind.UNSUPPORTED_CODING,
                    "The body has " + codings.size() + " content codings, and at most " + MOST
                            + " are decoded. Compress it once.");
        }
        Collections.reverse(codings);
        return codings;
    }

    private static ContentCoding named(String name) throws GatewayException {
        for (ContentCoding coding : values()) {
            if (coding.token.equals(name) || (coding == GZIP && name.equals("x-gzip"))) {
                return coding;
            }
        }
        throw new GatewayException(
                ErrorKind.UNSUPPORTED_CODING,
                "Bodies with content-encoding: " + name + " cannot be read. Send it plain, or with one of: " + ACCEPTED
                        + ".");
    }

    /**
     * The most memory that decoding takes beside the bytes that come in and out.
     *
     * @param packed the whole body, not empty; its position stays
     * @return bytes
     * @throws GatewayException INVALID_REQUEST for a window that is too large
     */
    public long decoderBytes(ByteBuffer packed) throws GatewayException {
        return switch (this) {
            case GZIP, DEFLATE -> MEBIBYTE / 8;
            case BROTLI -> brotliBytes(packed.get(packed.position()));
            case ZSTD -> zstdBytes(ZstdFrames.window(packed));
        };
    }

    /** The window and its half as large predecessor while it grows, and tables for Huffman codes. */
    private static long brotliBytes(int first) {
        int six = first >> 1 & 7;
        int three = first >> 4 & 7;
        int bits = 16;
        if ((first & 1) == 1) {
            bits = six != 0 ? 17 + six : three == 0 ? 17 : 8 + three;
        }
        return (3L << bits) / 2 + 4 * MEBIBYTE;
    }

    /** The decoder keeps up to four windows, or one and half a MiB; and the half as large predecessor. */
    private static long zstdBytes(long window) throws GatewayException {
        if (window > ZstdFrames.MOST_WINDOW_BYTES) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The body's zstd window is larger than 8 MiB, the most that RFC 9659 allows. Compress it with a"
                            + " lower level, without long mode.");
        }
        long buffer =
                Math.min(4 * Math.max(window, ZstdFrames.MOST_BLOCK_BYTES), ZstdFrames.MOST_WINDOW_BYTES + MEBIBYTE);
        return buffer * 3 / 2 + MEBIBYTE / 2;
    }

    /**
     * Decodes. What the stream throws, be it an {@link IOException} or a {@link RuntimeException}, means that the bytes
     * are no such data, or not all of it. It has to be closed.
     *
     * @param packed the whole body, in an array
     */
    public InputStream decode(ByteBuffer packed) throws IOException {
        InputStream in =
                new ByteArrayInputStream(packed.array(), packed.arrayOffset() + packed.position(), packed.remaining());
        return switch (this) {
            case GZIP -> new GzipStream(packed);
            case DEFLATE -> new Inflating(in, new Inflater(!zlib(packed)));
            case BROTLI -> new BrotliInputStream(in, BUFFER_BYTES);
            case ZSTD -> new ZstdInputStream(ZstdFrames.stream(packed));
        };
    }

    private static boolean zlib(ByteBuffer packed) {
        return packed.remaining() > 1
                && (packed.get(packed.position()) & 0x0F) == ZLIB_METHOD
                && (packed.getShort(packed.position()) & 0xFFFF) % ZLIB_CHECK == 0;
    }

    private static final class Inflating extends InflaterInputStream {
        Inflating(InputStream in, Inflater inflater) {
            super(in, inflater, BUFFER_BYTES);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            if (count < 0 && (!inf.finished() || inf.getRemaining() + in.available() > 0)) {
                throw new ZipException("the data ends too early or too late");
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            super.close();
            // Not its default one, so that it would stay until the next collection, with its memory outside of the
            // heap.
            inf.end();
        }
    }
}
