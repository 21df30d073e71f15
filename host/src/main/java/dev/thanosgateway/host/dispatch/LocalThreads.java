package dev.thanosgateway.host.dispatch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads that local providers of unknown bundles answer on. Many may answer at once; few may be left
 * over, still running when their call has long been given up: those spin or hang, and more of them would not help.
 */
final class LocalThreads {
    private static final int RUNNING_PER_BUNDLE = 4_096;
    private static final int LEFT_PER_BUNDLE = 16;
    private static final long LEFT_AFTER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final class OfBundle {
        private final AtomicInteger running = new AtomicInteger();
        private final Map<Object, Long> givenUp = new ConcurrentHashMap<>();

        boolean stuck() {
            if (givenUp.size() < LEFT_PER_BUNDLE) {
                return false;
            }
            long before = clock.getAsLong() - LEFT_AFTER_NANOS;
            return givenUp.values().stream().filter(at -> at - before < 0).count() >= LEFT_PER_BUNDLE;
        }
    }

    private final Map<String, OfBundle> bundles = new ConcurrentHashMap<>();
    private final LongSupplier clock;

    /** @param clock nanoseconds from any origin, as {@code System::nanoTime} */
    LocalThreads(LongSupplier clock) {
        this.clock = clock;
    }

    /** Takes a thread's place; null = taken, else why there is none, as the end of a sentence about the bundle. */
    @Nullable
    String take(String bundle) {
        String[] refusal = {null};
        bundles.compute(bundle, (name, known) -> {
            OfBundle of = known == null ? new OfBundle() : known;
            if (of.stuck()) {
                refusal[0] = "has " + LEFT_PER_BUNDLE + " threads that do not end when they should";
            } else if (of.running.get() >= RUNNING_PER_BUNDLE) {
                refusal[0] = "has all its " + RUNNING_PER_BUNDLE + " threads busy";
            } else {
                of.running.incrementAndGet();
            }
            return of;
        });
        return refusal[0];
    }

    /**
     * The call of a running thread is over: it is to end now.
     *
     * @param thread whatever tells it from others
     */
    void givenUp(String bundle, Object thread) {
        bundles.computeIfPresent(bundle, (name, of) -> {
            of.givenUp.put(thread, clock.getAsLong());
            return of;
        });
    }

    /** The thread ended, or never began. */
    void give(String bundle, Object thread) {
        bundles.computeIfPresent(bundle, (name, of) -> {
            of.givenUp.remove(thread);
            return of.running.decrementAndGet() == 0 ? null : of;
        });
    }
}
