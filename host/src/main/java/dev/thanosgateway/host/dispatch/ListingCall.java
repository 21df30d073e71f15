package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.KeyRing;
import dev.thanosgateway.host.transport.Origin;
import dev.thanosgateway.host.transport.Transport;
import dev.thanosgateway.host.transport.UpstreamCall;
import dev.thanosgateway.host.transport.UpstreamListener;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one provider for its models, for a limited time; a failure is an answer too. */
final class ListingCall implements UpstreamListener, Deadlines.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(ListingCall.class);
    static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int BYTES_LIMIT = 16 * 1024 * 1024;

    private final LiveProvider provider;
    private final ModelListing listing;
    private final KeyRing.@Nullable Key key;
    private final Transport transport;
    private final Deadlines deadlines;
    private final Consumer<Listed> found;
    private final long limitNanos;
    private final Lane lane;
    private final long startNanos = System.nanoTime();
    private @Nullable Exchange<ModelList> exchange;
    private volatile @Nullable UpstreamCall call;
    private @Nullable ModelList result;
    private volatile @Nullable String date;
    private long bytes;
    private int calls;
    private boolean retriedStale;
    private boolean done;

    /** @param key the credential to ask with; null = the first, if there is one */
    ListingCall(
            LiveProvider provider,
            ModelListing listing,
            KeyRing.@Nullable Key key,
            Transport transport,
            Deadlines deadlines,
            Consumer<Listed> found) {
        this(provider, listing, key, transport, deadlines, found, LIMIT_NANOS);
    }

    /**
     * @param key see above
     * @param limitNanos until it is given up
     */
    ListingCall(
            LiveProvider provider,
            ModelListing listing,
            KeyRing.@Nullable Key key,
            Transport transport,
            Deadlines deadlines,
            Consumer<Listed> found,
            long limitNanos) {
        this.provider = provider;
        this.listing = listing;
        this.key = key;
        this.transport = transport;
        this.deadlines = deadlines;
        this.found = found;
        this.limitNanos = limitNanos;
        this.lane = provider.lanes().open(this::give);
    }

    void start() {
        URI endpoint = provider.endpoint();
        if (endpoint == null || !provider.acquire()) {
            found.accept(new Listed(null, null, null));
            return;
        }
        deadlines.add(this);
        ask(endpoint);
    }

    private void ask(URI endpoint) {
        step(() -> begin(endpoint, listing.models()));
    }

    private void begin(URI endpoint, Exchange<ModelList> next) throws GatewayException {
        if (++calls > HttpAttempt.CALLS_LIMIT) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    provider.bundle() + " wants more than " + HttpAttempt.CALLS_LIMIT + " calls.");
        }
        exchange = next;
        Origin origin = new Origin(provider.settings(), endpoint).with(key);
        UpstreamCall prepared = transport.prepare(origin, next.call(), List.of(), false, this);
        call = prepared;
        if (over()) {
            prepared.abort();
        } else {
            prepared.start();
        }
    }

    private synchronized boolean over() {
        return done;
    }

    private interface Step {
        void run() throws GatewayException;
    }

    private void step(Step step) {
        lane.execute(() -> {
            try {
                step.run();
            } catch (GatewayException e) {
                give(e);
            } catch (Exception | Error e) {
                give(PluginFailures.of(provider.bundle(), e));
            }
        });
    }

    @Override
    public void head(int status, Headers headers) {
        date = headers.first("date");
        step(() -> {
            if (status / 100 != 2) {
                throw exchange().failure(status, headers, ByteBuffer.allocate(0));
            }
            SliceOutput<ModelList> out = new SliceOutput<>(false);
            exchange().head(status, headers, out);
            take(out);
        });
    }

    @Override
    public void body(ByteBuffer slice) {
        ByteBuffer copy = ByteBuffer.allocate(slice.remaining()).put(slice).flip();
        step(() -> {
            bytes += copy.remaining();
            if (bytes > BYTES_LIMIT) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The list of models is too long.");
            }
            SliceOutput<ModelList> out = new SliceOutput<>(false);
            exchange().body(copy, out);
            take(out);
        });
    }

    @Override
    public void end() {
        step(() -> {
            SliceOutput<ModelList> out = new SliceOutput<>(false);
            exchange().end(out);
            Exchange<ModelList> further = out.next;
            URI endpoint = provider.endpoint();
            take(out);
            if (further != null && endpoint != null) {
                begin(endpoint, further);
                return;
            }
            give(null);
        });
    }

    @Override
    public void failed(GatewayException failure, boolean stale) {
        URI endpoint = provider.endpoint();
        if (stale && !retriedStale && endpoint != null) {
            retriedStale = true;
            calls = 0;
            ask(endpoint);
        } else {
            give(failure);
        }
    }

    @Override
    public void tick(long nanos) {
        if (nanos - startNanos > limitNanos) {
            give(new GatewayException(ErrorKind.UPSTREAM_TIMEOUT, "Its models were not listed in time."));
        }
    }

    private Exchange<ModelList> exchange() {
        if (exchange == null) {
            throw new IllegalStateException("an answer before the call");
        }
        return exchange;
    }

    private void take(SliceOutput<ModelList> out) {
        if (!out.events.isEmpty()) {
            result = out.events.get(out.events.size() - 1);
        }
        UpstreamCall running = call;
        if (running != null) {
            running.demand();
        }
    }

    private void give(@Nullable GatewayException failure) {
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
        }
        deadlines.remove(this);
        provider.release();
        UpstreamCall running = call;
        if (failure != null) {
            LOG.debug("The models of '{}' are not known: {}", provider.id(), failure.message());
            if (running != null) {
                running.abort();
            }
        }
        found.accept(new Listed(result, failure, date));
    }
}
