package dev.thanosgateway.strategy.leastlatency;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Component;

/**
 * Asks who answers soonest: the candidates in the order of {@link Candidate#firstEventMillis()}. Who is not known yet is
 * first as long as nobody waits for it, and then behind those that are: else all would wait for one that may hang. Those
 * that failed a moment ago are last. Between equals the one with fewer calls in flight, then the
 * configuration's order.
 *
 * <p>So that one that was slow can come back, every {@value #EVERY}th request goes to another than the best, in turns;
 * one that is n times slower sits out n - 1 of its turns, and at most {@value #SLOWEST}.
 */
@Component(property = RoutingStrategy.NAME + "=least-latency")
public final class LeastLatencyStrategy implements RoutingStrategy {
    private static final int EVERY = 16;
    private static final int SLOWEST = 15;

    private static final Comparator<Candidate> SOONEST = Comparator.comparing((Candidate c) -> c.failures() > 0)
            .thenComparingLong(LeastLatencyStrategy::expected)
            .thenComparingInt(Candidate::inFlight);

    private static final String BEST =
            "the soonest first event comes first, before it who is not known yet and idle, and last who failed a moment ago";
    private static final String OTHER =
            "now and then another than the best is tried, so that one that was slow can come back; behind it, " + BEST;

    private final AtomicLong count = new AtomicLong();

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        List<Candidate> order = new ArrayList<>(snapshot.askable());
        order.sort(SOONEST);
        long number = snapshot.dryRun() ? count.get() : count.getAndIncrement();
        String why = BEST;
        if (order.size() > 1 && number % EVERY == EVERY - 1) {
            // By the configuration's order, which stays what it is while the times change.
            List<Candidate> others = new ArrayList<>(snapshot.askable());
            others.remove(order.get(0));
            long turn = number / EVERY;
            Candidate other = others.get((int) (turn % others.size()));
            if (turn / others.size() % (1 + slower(other, order.get(0))) == 0) {
                order.remove(other);
                order.add(0, other);
                why = OTHER;
            }
        }
        return Plan.inOrder(order).withExclusions(snapshot.leftOut()).withWhy(why);
    }

    private static long expected(Candidate candidate) {
        boolean untried = candidate.firstEventMillis() == 0 && candidate.inFlight() > 0;
        return untried ? Long.MAX_VALUE : candidate.firstEventMillis();
    }

    /** How many times as long as the best it takes, less one. */
    private static long slower(Candidate other, Candidate best) {
        long times = other.firstEventMillis() / Math.max(1, best.firstEventMillis());
        return Math.min(SLOWEST, Math.max(0, times - 1));
    }
}
