package dev.thanosgateway.host.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** One line each way: UTF-8, ended by a newline. Blocking. */
final class Lines {
    private static final int SLICE = 8 * 1024;

    private Lines() {}

    /**
     * @param most bytes, the newline not counted
     * @throws IOException when the line is longer, or the other side goes before its end
     */
    static String read(ReadableByteChannel from, int most) throws IOException {
        return read(from, most, bytes -> {});
    }

    /**
     * The same.
     *
     * @param progress is given how many bytes have come whenever some have
     */
    static String read(ReadableByteChannel from, int most, IntConsumer progress) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer slice = ByteBuffer.allocate(SLICE);
        while (from.read(slice.clear()) >= 0) {
            slice.flip();
            while (slice.hasRemaining()) {
                byte next = slice.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                if (line.size() == most) {
                    throw new IOException("the line is longer than " + most + " bytes");
                }
                line.write(next);
            }
            progress.accept(line.size());
        }
        throw new IOException("the line has no end");
    }

    static void write(WritableByteChannel to, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
