package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.KeyRing;
import dev.thanosgateway.host.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What providers signal. Asking may cost money, so there is no timer: a provider is asked when somebody wants to know,
 * not again before its answer is as old as the configuration allows, and soon after a failure. An answer that cannot be
 * renewed counts for three times as long. Used from many threads.
 */
final class SignalBoard {
    private static final Logger LOG = LoggerFactory.getLogger(SignalBoard.class);
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int AGES = 3;

    /**
     * What was heard of one provider.
     *
     * @param models null = nothing that still counts
     * @param atNanos when the models were heard
     * @param failure of the last asking; null = it went well
     * @param askedNanos when the last asking ended
     */
    private record Known(
            @Nullable ModelList models,
            long atNanos,
            @Nullable GatewayException failure,
            long askedNanos) {}

    private final LongSupplier freshMillis;
    private final Predicate<LiveProvider> serves;
    private final Transport transport;
    private final Deadlines deadlines;
    private final KeyRings keys;
    /** By instance: what the one before signalled says nothing of the next. */
    private final Map<LiveProvider, Known> known = new ConcurrentHashMap<>();

    private final Map<LiveProvider, Poll> polls = new ConcurrentHashMap<>();

    /**
     * @param freshMillis how old an answer may get before it is asked for again
     * @param serves whether an instance still does; of others nothing is kept
     */
    SignalBoard(
            LongSupplier freshMillis,
            Predicate<LiveProvider> serves,
            Transport transport,
            Deadlines deadlines,
            KeyRings keys) {
        this.freshMillis = freshMillis;
        this.serves = serves;
        this.transport = transport;
        this.deadlines = deadlines;
        this.keys = keys;
    }

    /**
     * Sees to it that what these providers signal is known as well as can be.
     *
     * @param then run once: now if of each something is known, be it that it fails; else when it is, or after 5 s
     */
    void want(List<LiveProvider> providers, Runnable then) {
        List<CompletableFuture<Void>> missing = new ArrayList<>();
        for (LiveProvider provider : providers) {
            Poll poll = refreshed(provider);
            if (poll != null && of(provider) == null) {
                missing.add(poll.heard);
            }
        }
        if (missing.isEmpty()) {
            then.run();
        } else {
            CompletableFuture.allOf(missing.toArray(CompletableFuture<?>[]::new))
                    .thenRun(then);
        }
    }

    /** The models a provider signals, as its listing; done within 5 s. */
    CompletableFuture<Listed> listing(LiveProvider provider) {
        CompletableFuture<Listed> listing = new CompletableFuture<>();
        want(List.of(provider), () -> {
            Known now = of(provider);
            ModelList models = now == null ? null : now.models();
            GatewayException failure = now == null ? late() : now.failure();
            listing.complete(new Listed(models, models == null ? failure : null, null));
        });
        return listing;
    }

    /** What a strategy may know of a candidate. One that gives no answer cannot be asked for anything else either. */
    Candidate describe(Candidate candidate, LiveProvider provider) {
        if (!(provider.service() instanceof Signals)) {
            return candidate;
        }
        Known now = of(provider);
        ModelList models = now == null ? null : now.models();
        if (models != null) {
            return candidate.withModels(models.models());
        }
        GatewayException failure = now == null ? late() : now.failure();
        if (candidate.unavailable() != null || failure == null || !unreachable(failure)) {
            return candidate;
        }
        String message = failure.message().replaceAll("[\\p{Cntrl}\\s]+", " ").replaceAll("[.\\s]+$", "");
        return candidate.withUnavailable(
                "it does not say which models it has" + (message.isEmpty() ? "" : ": " + message));
    }

    private static GatewayException late() {
        return new GatewayException(ErrorKind.UPSTREAM_TIMEOUT, "It was asked, and its answer is awaited.");
    }

    private static boolean unreachable(GatewayException failure) {
        return failure.kind() == ErrorKind.UPSTREAM_UNAVAILABLE || failure.kind() == ErrorKind.UPSTREAM_TIMEOUT;
    }

    /** Forgets the instances that no longer serve, so that their classes can go. */
    void forget() {
        known.keySet().removeIf(serves.negate());
    }

    /** What is known and still counts; null = nothing, so it is worth waiting for. */
    private @Nullable Known of(LiveProvider provider) {
        Known now = known.get(provider);
        if (now == null) {
            return null;
        }
        boolean counts = now.models() != null && System.nanoTime() - now.atNanos() <= AGES * freshNanos();
        if (counts || now.failure() == null) {
            return counts ? now : null;
        }
        return new Known(null, now.atNanos(), now.failure(), now.askedNanos());
    }

    private long freshNanos() {
        return TimeUnit.MILLISECONDS.toNanos(freshMillis.getAsLong());
    }

    /** The asking that is under way; null = there is no need, or nothing to ask. */
    private @Nullable Poll refreshed(LiveProvider provider) {
        if (!(provider.service() instanceof Signals signals) || !due(provider)) {
            return null;
        }
        Poll mine = new Poll(provider);
        Poll other = polls.putIfAbsent(provider, mine);
        if (other != null) {
            return other;
        }
        mine.start(signals);
        return mine;
    }

    private boolean due(LiveProvider provider) {
        Known now = of(provider);
        long fresh = freshNanos();
        return now == null
                || System.nanoTime() - now.askedNanos()
                        > (now.failure() == null ? fresh : Math.min(fresh, FAILED_NANOS));
    }

    /** One asking. Who waits for it does so for a while only. */
    private final class Poll implements Deadlines.Watched {
        private final LiveProvider provider;
        private final CompletableFuture<Void> heard = new CompletableFuture<>();
        private final long startNanos = System.nanoTime();

        Poll(LiveProvider provider) {
            this.provider = provider;
        }

        void start(Signals signals) {
            deadlines.add(this);
            KeyRing.Key key = keys.of(provider).next();
            new ListingCall(provider, signals::signals, key, transport, deadlines, this::found, LIMIT_NANOS).start();
        }

        @Override
        public void tick(long nanos) {
            if (nanos - startNanos > WAIT_NANOS) {
                deadlines.remove(this);
                // Who waited plans and asks from here on: not on the thread of all deadlines.
                Thread.ofVirtual().start(() -> heard.complete(null));
            }
        }

        private void found(Listed listed) {
            Known before = of(provider);
            ModelList models = listed.models();
            long now = System.nanoTime();
            long at = now;
            if (models == null && before != null) {
                models = before.models();
                at = before.atNanos();
            }
            known.put(provider, new Known(models, at, listed.failure(), now));
            if (!serves.test(provider)) {
                // It was replaced while it was asked.
                known.remove(provider);
            }
            polls.remove(provider, this);
            tell(before == null ? null : before.failure(), listed);
            deadlines.remove(this);
            heard.complete(null);
        }

        /** Once, when it begins to fail and when that is over. */
        private void tell(@Nullable GatewayException before, Listed listed) {
            GatewayException failure = listed.failure();
            if (failure != null && before == null) {
                LOG.warn(
                        "What '{}' signals cannot be had{}: {}",
                        provider.id(),
                        listed.models() == null ? "" : " but for its models",
                        failure.message());
            } else if (failure == null && before != null) {
                LOG.info("'{}' signals again.", provider.id());
            }
        }
    }
}
