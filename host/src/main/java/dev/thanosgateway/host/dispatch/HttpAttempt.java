package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.host.config.Timeouts;
import dev.thanosgateway.host.decision.Asked;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.Origin;
import dev.thanosgateway.host.transport.Transport;
import dev.thanosgateway.host.transport.UpstreamCall;
import dev.thanosgateway.host.transport.UpstreamListener;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A target that is asked over HTTP: the transport moves bytes, the exchange reads them on its bundle's lane, the call
 * hears what came out. One slice at a time: the next is demanded when the call has taken the one before.
 *
 * @param <T> what the exchange gives
 */
final class HttpAttempt<T> implements Attempt, UpstreamListener {
    private static final int ERROR_BODY_LIMIT = 64 * 1024;
    static final int CALLS_LIMIT = 4;
    /** Of an answer that is kept until it is whole. */
    private static final long WHOLE_BYTES_LIMIT = 80L * 1024 * 1024;

    private static final long NEVER = Long.MAX_VALUE;

    /** Begins the conversation: once, and once more where a pooled connection turns out to be stale. */
    interface Opening<T> {
        Exchange<T> open() throws GatewayException;
    }

    private final Told<T> told;
    private final boolean stream;
    private final boolean relay;
    private final LiveProvider provider;
    private final Opening<T> opening;
    private final Origin origin;
    private final Transport transport;
    private final List<Map.Entry<String, String>> forwarded;
    private final Timeouts timeouts;
    private final Lane lane;
    private final boolean inline;
    private final RequestMemory memory;
    private final AnswerShare share;
    private final Asked asked;
    private final AtomicBoolean leased = new AtomicBoolean(true);
    /** Whether a slice is with the call: a demand that answers none reads nothing. */
    private final AtomicBoolean given = new AtomicBoolean();

    private @Nullable Exchange<T> exchange;
    private volatile List<String> dropped = List.of();
    private volatile @Nullable UpstreamCall call;
    private volatile boolean over;
    private int calls;
    private boolean retriedStale;
    private boolean streaming;
    private long bytes;
    private int errorStatus;
    private @Nullable Headers errorHeaders;
    /** Whether the error's words are compressed: then its status alone is told. */
    private boolean errorUnreadable;

    private ByteBuffer errorBody = ByteBuffer.allocate(0);

    /** When the phase the attempt is in lasts too long; {@link #NEVER} while the caller, not the upstream, is slow. */
    private volatile long limitNanos = NEVER;

    private volatile long firstEventLimitNanos = NEVER;
    private volatile long limitMillis;
    private volatile String phase = "";

    HttpAttempt(
            Told<T> told,
            Operation<T> operation,
            LiveProvider provider,
            Opening<T> opening,
            Origin origin,
            Transport transport,
            List<Map.Entry<String, String>> forwarded,
            RequestMemory memory,
            AnswerShare share) {
        this.told = told;
        this.stream = operation.stream();
        this.relay = operation.relay();
        this.provider = provider;
        this.opening = opening;
        this.origin = origin;
        this.transport = transport;
        this.forwarded = forwarded;
        this.memory = memory;
        this.share = share;
        this.asked = told.asking();
        this.timeouts = provider.settings().timeouts();
        this.inline = provider.lanes() == Lane.Factory.INLINE;
        this.lane = provider.lanes().open(refusal -> fail(PluginFailures.ofLane(refusal)));
    }

    private interface Step {
        void run() throws GatewayException;
    }

    /** Runs plugin code on its lane; whatever it throws fails this attempt. */
    private void step(Step step) {
        lane.execute(() -> {
            if (over) {
                return;
            }
            try {
                step.run();
            } catch (GatewayException e) {
                fail(call == null ? e : named(e));
            } catch (Exception | Error e) {
                fail(PluginFailures.of(provider.bundle(), e));
            }
        });
    }

    @Override
    public void start() {
        step(this::open);
    }

    private void open() throws GatewayException {
        memory.translate();
        begin(opening.open());
    }

    private void begin(Exchange<T> next) throws GatewayException {
        if (++calls > CALLS_LIMIT) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL, provider.bundle() + " wants more than " + CALLS_LIMIT + " calls.");
        }
        exchange = next;
        HttpCall asks = next.call();
        dropped = asks.dropped();
        told.sends(asks.body().remaining());
        memory.translated(asks.body().remaining());
        share.relays(asks.relay());
        UpstreamCall prepared =
                transport.prepare(origin, asks, ForwardedHeaders.of(forwarded, asks.relay()), retriedStale, this);
        call = prepared;
        if (stream) {
            limit("sent no first event", timeouts.firstEventMillis());
            firstEventLimitNanos = limitNanos;
        } else {
            limit("sent no answer", timeouts.wholeMillis());
        }
        if (over) {
            prepared.abort();
        } else {
            asked.sent();
            prepared.start();
        }
    }

    private Exchange<T> exchange() {
        Exchange<T> current = exchange;
        if (current == null) {
            throw new IllegalStateException("an answer before the call");
        }
        return current;
    }

    @Override
    public void head(int status, Headers headers) {
        asked.head(status, dropped);
        told.head(this, ReturnedHeaders.of(headers, dropped));
        String coding = headers.first("content-encoding");
        boolean coded = coding != null && !coding.equalsIgnoreCase("identity");
        if (coded && status / 100 == 2) {
            fail(new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    "Provider '" + provider.id() + "' answered compressed (content-encoding: " + coding
                            + "), which nobody asked for. Check what stands before its endpoint."));
            return;
        }
        if (status / 100 != 2) {
            errorStatus = status;
            errorUnreadable = coded;
            errorHeaders = headers;
            limit("sent no end of its error", timeouts.idleMillis());
            demandUpstream();
            return;
        }
        if (!stream) {
            limit("was silent", timeouts.idleMillis());
        }
        streaming = stream;
        step(() -> {
            SliceOutput<T> out = output();
            exchange().head(status, headers, out);
            give(out);
        });
    }

    @Override
    public void body(ByteBuffer slice) {
        if (errorStatus != 0) {
            if (!errorUnreadable) {
                keepError(slice);
            }
            demandUpstream();
            return;
        }
        limitNanos = NEVER;
        // The transport takes its buffer back at once; code that runs later gets bytes of its own.
        ByteBuffer kept = inline ? slice : copy(slice);
        bytes += kept.remaining();
        step(() -> {
            share.read(kept);
            if (!stream && bytes > WHOLE_BYTES_LIMIT) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer is larger than can be passed on.");
            }
            SliceOutput<T> out = output();
            try {
                exchange().body(kept, out);
            } catch (GatewayException e) {
                // What was read before it counts: the packets must not decide whether the answer had begun.
                if (!out.empty()) {
                    hostsOwn();
                    told.took(this, out);
                }
                throw e;
            }
            give(out);
        });
    }

    private void give(SliceOutput<T> out) {
        hostsOwn();
        share.gave(!out.empty());
        given.set(true);
        told.took(this, out);
    }

    /** An interrupt is meant for plugin code; a channel written to under one would be closed. */
    private void hostsOwn() {
        if (!inline) {
            Thread.interrupted();
        }
    }

    @Override
    public void end() {
        limitNanos = NEVER;
        if (errorStatus != 0) {
            Headers headers = errorHeaders;
            step(() -> {
                if (headers != null) {
                    fail(named(exchange().failure(errorStatus, headers, errorBody.asReadOnlyBuffer())));
                }
            });
            return;
        }
        step(() -> {
            SliceOutput<T> out = output();
            exchange().end(out);
            Exchange<T> further = out.next;
            hostsOwn();
            if (further == null) {
                told.ended(this, out);
            } else {
                told.took(this, out);
                begin(further);
            }
        });
    }

    @Override
    public void failed(GatewayException failure, boolean stale) {
        if (errorStatus != 0) {
            // The status is said, only the explanation was cut.
            end();
        } else if (stale && !retriedStale && !over) {
            retriedStale = true;
            asked.stale();
            calls--;
            step(this::open);
        } else if (streaming) {
            step(() -> endOr(failure));
        } else {
            fail(failure);
        }
    }

    /** A stream that broke after its finish is complete; its reader knows, and may have something to tell yet. */
    private void endOr(GatewayException failure) throws GatewayException {
        SliceOutput<T> out = output();
        try {
            exchange().end(out);
        } catch (GatewayException unfinished) {
            throw failure;
        }
        hostsOwn();
        told.ended(this, out);
    }

    private SliceOutput<T> output() {
        return new SliceOutput<>(relay);
    }

    private static ByteBuffer copy(ByteBuffer slice) {
        return ByteBuffer.allocate(slice.remaining()).put(slice).flip();
    }

    private void keepError(ByteBuffer slice) {
        int room = ERROR_BODY_LIMIT - errorBody.remaining();
        int more = Math.min(room, slice.remaining());
        if (more > 0) {
            ByteBuffer grown = ByteBuffer.allocate(errorBody.remaining() + more);
            grown.put(errorBody.duplicate())
                    .put(slice.slice(slice.position(), more))
                    .flip();
            errorBody = grown;
        } else {
            UpstreamCall running = call;
            if (running != null) {
                running.abort();
            }
            end();
        }
    }

    /** What an upstream did wrong, with the provider named before it; its word on the caller's request stays. */
    private GatewayException named(GatewayException failure) {
        return failure.kind().fault() != ErrorKind.Fault.TARGET
                        || failure.message().startsWith("Provider '")
                ? failure
                : failure.withMessage("Provider '" + provider.id() + "': " + failure.message());
    }

    @Override
    public void demand() {
        if (!given.compareAndSet(true, false)) {
            return;
        }
        if (!stream) {
            limit("was silent", timeouts.idleMillis());
        } else if (told.committed()) {
            limit("was silent", timeouts.idleMillis());
            share.taken();
        } else {
            // A byte is not an event: until the first event the limit runs on from where the call was sent.
            limitNanos = firstEventLimitNanos;
        }
        demandUpstream();
    }

    private void demandUpstream() {
        UpstreamCall running = call;
        if (running != null) {
            running.demand();
        }
    }

    private void limit(String what, long millis) {
        phase = what;
        limitMillis = millis;
        limitNanos = millis <= 0 ? NEVER : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void tick(long nanos) {
        long limit = limitNanos;
        if (limit != NEVER && nanos - limit > 0) {
            fail(new GatewayException(
                    ErrorKind.UPSTREAM_TIMEOUT,
                    "Provider '" + provider.id() + "' " + phase + " for " + limitMillis
                            + " ms. Try again, or raise its [timeouts]."));
        }
    }

    private void fail(GatewayException failure) {
        if (!over) {
            hostsOwn();
            told.failed(this, failure.withMessage(origin.redacted(failure.message())));
        }
    }

    @Override
    public void abort() {
        over = true;
        limitNanos = NEVER;
        UpstreamCall running = call;
        if (running != null) {
            running.abort();
        }
        share.close();
        if (leased.compareAndSet(true, false)) {
            provider.release();
        }
    }
}
