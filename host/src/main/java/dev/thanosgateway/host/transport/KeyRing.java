package dev.thanosgateway.host.transport;

import dev.thanosgateway.host.config.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of one provider, which take turns. One that was refused or limited rests; an only one never does, and
 * where all rest the one that is back first is used all the same. Names them by their place, never by their value. Used
 * from many threads.
 */
public final class KeyRing {
    /** What is known of one credential; outlives the ring when the configuration changes and keeps it. */
    private static final class State {
        private boolean resting;
        private long untilNanos;
        private String why = "";

        synchronized boolean rest(long nanos, long until, String reason) {
            boolean already = restNanos(nanos) > 0;
            if (!already || until - untilNanos > 0) {
                untilNanos = until;
                why = reason;
            }
            resting = true;
            return !already;
        }

        synchronized long restNanos(long nanos) {
            return resting ? Math.max(0, untilNanos - nanos) : 0;
        }

        synchronized String why() {
            return why;
        }
    }

    /** One credential at its place, which is the name it has in messages: {@code key 2}. */
    public static final class Key {
        private final Secret secret;
        private final int place;
        private final State state;

        private Key(Secret secret, int place, State state) {
            this.secret = secret;
            this.place = place;
            this.state = state;
        }

        Secret secret() {
            return secret;
        }

        @Override
        public String toString() {
            return "key " + place;
        }
    }

    private final List<Secret> held;
    private final List<Key> keys = new ArrayList<>();
    private final LongSupplier clock;
    private final AtomicInteger turn = new AtomicInteger();

    /** @param clock as {@code System.nanoTime()} */
    public KeyRing(List<Secret> secrets, LongSupplier clock) {
        this(secrets, clock, List.of());
    }

    private KeyRing(List<Secret> secrets, LongSupplier clock, List<Key> known) {
        this.held = secrets;
        this.clock = clock;
        for (Secret secret : secrets) {
            State state = known.stream()
                    .filter(key -> key.secret.equals(secret))
                    .map(key -> key.state)
                    .findFirst()
                    .orElseGet(State::new);
            keys.add(new Key(secret, keys.size() + 1, state));
        }
    }

    /** A ring of other credentials, in which those that were in this one are what they were. */
    public KeyRing with(List<Secret> secrets) {
        return new KeyRing(secrets, clock, keys);
    }

    public boolean holds(List<Secret> secrets) {
        return held == secrets || held.equals(secrets);
    }

    /** Whose turn it is; null = there are no credentials. */
    public @Nullable Key next() {
        Key next = other(List.of());
        if (next != null) {
            return next;
        }
        long nanos = clock.getAsLong();
        Key soonest = null;
        for (Key key : keys) {
            if (soonest == null || key.state.restNanos(nanos) < soonest.state.restNanos(nanos)) {
                soonest = key;
            }
        }
        return soonest;
    }

    /** Whose turn it is of those that do not rest; null = none that has not been tried. */
    public @Nullable Key other(Collection<Key> tried) {
        long nanos = clock.getAsLong();
        int from = turn.getAndIncrement();
        for (int i = 0; i < keys.size(); i++) {
            Key key = keys.get(Math.floorMod(from + i, keys.size()));
            if (!tried.contains(key) && key.state.restNanos(nanos) == 0) {
                // Those that were passed over had their turn.
                turn.compareAndSet(from + 1, from + i + 1);
                return key;
            }
        }
        return null;
    }

    /**
     * Lets a credential rest, unless it is the only one.
     *
     * @param why one clause
     * @return whether it did not rest already
     */
    public boolean rest(Key key, long nanos, String why) {
        long now = clock.getAsLong();
        return several() && key.state.rest(now, now + nanos, why);
    }

    /** Whether there is a choice. */
    public boolean several() {
        return keys.size() > 1;
    }

    /** Until one of them can be used; 0 = one can. */
    public long restNanos() {
        long nanos = clock.getAsLong();
        return keys.stream().mapToLong(key -> key.state.restNanos(nanos)).min().orElse(0);
    }

    /** Why the ones that rest do, one clause each, by name. */
    public Map<String, String> resting() {
        Map<String, String> resting = new LinkedHashMap<>();
        long nanos = clock.getAsLong();
        for (Key key : keys) {
            long rest = key.state.restNanos(nanos);
            if (rest > 0) {
                long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(rest + TimeUnit.SECONDS.toNanos(1) - 1));
                resting.put(key.toString(), key.state.why() + " and is used again in " + seconds + " s");
            }
        }
        return resting;
    }
}
