package dev.thanosgateway.host.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decodes gzip data (RFC 1952) of one member or several. Unlike the JDK's stream it takes nothing behind a member but
 * another one: what is lost in silence there may be a part of the body. It has to be closed. Used by one thread.
 */
final class GzipStream extends InputStream {
    private static final short MAGIC = (short) 0x8B1F;
    private static final int DEFLATED = 8;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;
    /** Time, level and system, which change nothing. */
    private static final int IGNORED_BYTES = 6;

    private static final int TRAILER_BYTES = 8;

    private final ByteBuffer in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private boolean over;

    /** @param packed all of the data; its position stays */
    GzipStream(ByteBuffer packed) throws IOException {
        in = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        begin();
    }

    /** Reads a member's header. */
    private void begin() throws IOException {
        need(4);
        boolean gzip = in.getShort() == MAGIC && in.get() == DEFLATED;
        int flags = in.get();
        if (!gzip || (flags & RESERVED) != 0) {
            throw new ZipException("no gzip header");
        }
        skip(IGNORED_BYTES);
        if ((flags & EXTRA) != 0) {
            need(2);
            skip(in.getShort() & 0xFFFF);
        }
        for (int text : new int[] {NAME, COMMENT}) {
            if ((flags & text) != 0) {
                skipText();
            }
        }
        skip((flags & HEADER_CHECK) == 0 ? 0 : 2);
        check.reset();
        inflater.reset();
        inflater.setInput(in);
    }

    private void need(int bytes) throws IOException {
        if (in.remaining() < bytes) {
            throw new ZipException("cut gzip data");
        }
    }

    private void skip(int bytes) throws IOException {
        need(bytes);
        in.position(in.position() + bytes);
    }

    private void skipText() throws IOException {
        do {
            need(1);
        } while (in.get() != 0);
    }

    /** Reads a member's trailer: a sum and a length. */
    private void end() throws IOException {
        need(TRAILER_BYTES);
        if (in.getInt() != (int) check.getValue() || in.getInt() != (int) inflater.getBytesWritten()) {
            throw new ZipException("a wrong sum in gzip data");
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (length > 0 && !over) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                check.update(target, offset, count);
                return count;
            }
            if (!inflater.finished()) {
                throw new ZipException("cut gzip data");
            }
            end();
            over = !in.hasRemaining();
            if (!over) {
                begin();
            }
        }
        return length == 0 ? 0 : -1;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
