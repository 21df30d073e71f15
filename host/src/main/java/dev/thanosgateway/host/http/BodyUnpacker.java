package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.dispatch.ByteBudget;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.inbound.ContentCoding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes bodies with content codings, never on the thread that reads them: as many at once as there are processors,
 * fewer on small heaps; the others wait. Called from many threads at once.
 */
final class BodyUnpacker {
    private static final Logger LOG = LoggerFactory.getLogger(BodyUnpacker.class);
    /** Up to here a body may have any ratio. */
    private static final long FREE_BYTES = 4L << 20;
    /** Beyond, only bombs and long runs of one character shrink to less than this part. */
    private static final long MOST_RATIO = 200;

    private static final int FIRST_BYTES = 8 * 1024;
    private static final int SLICE_BYTES = 64 * 1024;
    /** A decoder with a large window takes up to a quarter of this. */
    private static final long BYTES_FOR_ONE = 64L << 20;

    private final HeldBytes held;
    private final Executor virtualThreads;
    private final Semaphore room;

    /** @param virtualThreads may block */
    BodyUnpacker(HeldBytes held, Executor virtualThreads) {
        this.held = held;
        this.virtualThreads = virtualThreads;
        int processors = Runtime.getRuntime().availableProcessors();
        this.room = new Semaphore(Math.clamp(held.memory().limit() / BYTES_FOR_ONE, 1, processors));
    }

    /**
     * A body to decode.
     *
     * @param codings to undo, in this order
     * @param bytes in an array
     * @param limit of the decoded body, in bytes
     * @param memory holds the decoded body
     */
    record Packed(List<ContentCoding> codings, ByteBuffer bytes, long limit, RequestMemory memory) {}

    /** Decodes a body, and says what came of it on another thread. */
    void unpack(Packed body, BodyReader.Whole whole) {
        virtualThreads.execute(() -> {
            ByteBuffer plain;
            try {
                room.acquire();
                try (ByteBudget.Share beside = held.memory().share()) {
                    plain = plain(body, beside);
                } finally {
                    room.release();
                }
            } catch (GatewayException e) {
                whole.failed(e);
                return;
            } catch (OutOfMemoryError e) {
                whole.failed(HeldBytes.exhausted(e));
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                whole.failed(new GatewayException(ErrorKind.DRAINING, "The gateway is stopping. Ask again."));
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("A body could not be decoded.", e);
                whole.failed(
                        new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e));
                return;
            }
            whole.body(plain);
        });
    }

    private static ByteBuffer plain(Packed body, ByteBudget.Share beside) throws GatewayException {
        ByteBuffer bytes = body.bytes();
        long most = Math.min(body.limit(), Math.max(FREE_BYTES, MOST_RATIO * bytes.remaining()));
        for (ContentCoding coding : body.codings()) {
            if (bytes.hasRemaining()) {
                bytes = plain(coding, bytes, most, body, beside);
            }
        }
        return bytes;
    }

    private static ByteBuffer plain(
            ContentCoding coding, ByteBuffer packed, long most, Packed body, ByteBudget.Share beside)
            throws GatewayException {
        long decoder = body.bytes().capacity() + packed.capacity() + coding.decoderBytes(packed);
        body.memory().grow(FIRST_BYTES, decoder);
        if (!beside.reach(decoder)) {
            throw RequestMemory.overloaded();
        }
        try (InputStream decoded = coding.decode(packed)) {
            byte[] bytes = new byte[0];
            int size = 0;
            while (true) {
                if (size == bytes.length) {
                    int larger = (int) Math.min(most + 1, Math.max(FIRST_BYTES, 2L * size));
                    body.memory().grow(larger, decoder);
                    bytes = Arrays.copyOf(bytes, larger);
                }
                int read = decoded.read(bytes, size, Math.min(SLICE_BYTES, bytes.length - size));
                if (read < 0) {
                    return ByteBuffer.wrap(bytes, 0, size);
                }
                size += read;
                if (size > most) {
                    throw tooLarge(body, most);
                }
                // Others wait for a processor, too; a virtual thread is never made to let them have it.
                Thread.yield();
            }
        } catch (IOException | RuntimeException e) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The body is not valid " + coding.token() + " data, or not all of it, as content-encoding says."
                            + " Send it whole, or plain.",
                    e);
        }
    }

    private static GatewayException tooLarge(Packed body, long most) {
        String sentence = most < body.limit()
                ? "The body unpacks to more than " + MOST_RATIO
                        + " times its size, which is taken for an attack. Send it" + " plain."
                : "The body unpacks to more than " + body.limit() + " bytes. Send less, or raise [server] max_body_mb.";
        return new GatewayException(ErrorKind.TOO_LARGE, sentence);
    }
}
