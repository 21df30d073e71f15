package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange gave while it read one slice: collected by plugin code on its lane, taken over by the call
 * afterwards. So plugin code never touches the call, and one that hangs leaves nothing half done.
 */
final class SliceOutput<T> implements Sink<T> {
    /** Of one slice's frames; a slice is 16 KiB, a frame at most 16 MiB, a whole answer at most this. */
    private static final int FRAME_BYTES_LIMIT = 80 * 1024 * 1024;

    private static final int EVENTS_LIMIT = 1_000_000;
    private static final byte[] NOTHING = {};

    private final boolean relay;
    final List<T> events = new ArrayList<>(4);
    private byte[] frames = NOTHING;
    private int length;
    boolean content;
    boolean finish;
    boolean framed;

    @Nullable
    Usage usage;

    @Nullable
    Exchange<T> next;

    /** @param relay whether frames can be taken: the caller's request came in a dialect */
    SliceOutput(boolean relay) {
        this.relay = relay;
    }

    @Override
    public void event(T event) throws GatewayException {
        if (framed || events.size() >= EVENTS_LIMIT) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL, framed ? "An answer gave events after frames." : "Too many events.");
        }
        events.add(event);
    }

    @Override
    public void frame(ByteBuffer bytes, Meaning meaning) throws GatewayException {
        if (!relay || !events.isEmpty()) {
            throw new GatewayException(ErrorKind.INTERNAL, "A provider gave raw frames where only events can go.");
        }
        framed = true;
        content |= meaning.content();
        finish |= meaning.finish();
        if (meaning.usage() != null) {
            usage = meaning.usage();
        }
        int more = bytes.remaining();
        if (more > FRAME_BYTES_LIMIT - length) {
            throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer is larger than can be passed on.");
        }
        if (frames.length - length < more) {
            frames = Arrays.copyOf(frames, Math.max(length + more, Math.min(frames.length * 2, FRAME_BYTES_LIMIT)));
        }
        bytes.get(frames, length, more);
        length += more;
    }

    @Override
    public void then(Exchange<T> exchange) {
        next = exchange;
    }

    /** The frames so far, in order; owned by the caller. */
    ByteBuffer frames() {
        return ByteBuffer.wrap(frames, 0, length);
    }

    boolean empty() {
        return events.isEmpty() && length == 0;
    }
}
