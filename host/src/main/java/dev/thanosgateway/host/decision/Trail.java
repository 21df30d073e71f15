package dev.thanosgateway.host.decision;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about one request and what came of it, noted on the way: its decision record once it is over. Holds
 * no content, no key, no class of a plugin, and of texts from outside only the beginning. Used from many threads.
 */
public final class Trail {
    private static final int LEFT_OUT_LIMIT = 64;

    private record PassedOver(Target target, ErrorKind kind, String message, long nanos) {}

    private final Decisions decisions;
    private final Arrival arrival;
    private final long startMillis;
    /** Null = it was refused before that was looked at. */
    private final @Nullable String model;

    private final boolean stream;
    private final boolean session;

    private final List<Naming> namings = new ArrayList<>(1);
    private Map<String, String> leftOut = Map.of();
    private List<String> needs = List.of();
    private List<Target> order = List.of();
    private final List<Asked> asked = new ArrayList<>(1);
    private List<PassedOver> passedOver = List.of();
    /** Among all that ended, when it was over; 0 = it is not. */
    private long number;

    Trail(Decisions decisions, Arrival arrival, @Nullable String model, boolean stream, boolean session) {
        this.decisions = decisions;
        this.arrival = arrival;
        this.startMillis =
                System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrival.startNanos());
        this.model = model == null ? null : Texts.name(model);
        this.stream = stream;
        this.session = session;
    }

    /** Of a request nobody looked into. */
    static Trail refused(Decisions decisions, Arrival arrival) {
        return new Trail(decisions, arrival, null, false, false);
    }

    /** A name is on its way to its targets: the request's own, then those of its fallbacks. */
    public synchronized void names(String name, Understood how) {
        namings.add(new Naming(name, how));
    }

    /**
     * The name that was understood last left a choice.
     *
     * @param instead why the configuration's order is the plan and not the strategy's, one clause; null = it is not
     * @param candidates what the strategy saw
     */
    public synchronized void chose(
            String strategy, String bundle, @Nullable String instead, List<Candidate> candidates, Plan plan) {
        if (!namings.isEmpty()) {
            String why = instead == null ? null : Texts.message(instead);
            namings.get(namings.size() - 1)
                    .chosen(new Naming.Choice(strategy, bundle, why, Texts.candidates(candidates), Texts.plan(plan)));
        }
        plan.exclusions().forEach(this::leftOut);
    }

    /**
     * @param who a provider, a {@code provider/model}, or another name that stands for targets
     * @param why one clause that completes "left out because …"
     */
    public synchronized void leftOut(String who, String why) {
        if (leftOut.isEmpty()) {
            leftOut = new LinkedHashMap<>();
        }
        if (leftOut.size() < LEFT_OUT_LIMIT) {
            leftOut.putIfAbsent(Texts.name(who), Texts.message(why));
        }
    }

    /** @param clauses what the request needs of a model, where that was looked at */
    public synchronized void needs(List<String> clauses) {
        needs = clauses;
    }

    /** The targets to try. */
    public synchronized void order(List<Target> targets) {
        order = targets.stream().map(Texts::target).toList();
    }

    /**
     * A target is about to be asked.
     *
     * @param key the name of the credential it is asked with; null = there is no choice
     */
    public synchronized void asks(Target target, String bundle, @Nullable String key) {
        Target named = Texts.target(target);
        // Who was set aside before is asked after all, since nobody else could be.
        boolean aside = passedOver.stream().anyMatch(one -> one.target().equals(named));
        int before =
                (int) asked.stream().filter(one -> one.target().equals(named)).count();
        asked.add(new Asked(named, bundle, System.nanoTime(), aside, key, before));
    }

    /** The target that is being asked, or was asked last; there is one since {@link #asks}. */
    public synchronized Asked asking() {
        return asked.get(asked.size() - 1);
    }

    /** The target that is being asked answers. */
    public void firstEvent() {
        asking().firstEvent();
    }

    /**
     * The target that is being asked is done with.
     *
     * @param failure null = it served
     */
    public synchronized void answered(@Nullable GatewayException failure) {
        if (!asked.isEmpty()) {
            asking().ended(failure);
        }
    }

    /** It was that target's turn, and it was not asked. */
    public synchronized void passedOver(Target target, GatewayException why) {
        if (passedOver.isEmpty()) {
            passedOver = new ArrayList<>(1);
        }
        passedOver.add(
                new PassedOver(Texts.target(target), why.kind(), Texts.message(why.message()), System.nanoTime()));
    }

    /**
     * The request is over. Said before its caller is told, so that it can ask at once; what is said again counts.
     *
     * @param failure null = it was served
     * @param begun whether the caller has a part of the answer
     * @param usage what the upstream counted; null = nothing
     */
    public synchronized void over(@Nullable GatewayException failure, boolean begun, @Nullable Usage usage) {
        if (!decisions.any()) {
            return;
        }
        answered(failure);
        Packing told = new Packing();
        head(told);
        told.put("session", read() ? session : null);
        plan(told);
        told.openList("passed_over");
        passedOver.forEach(one -> tell(told, one));
        told.close().openList("attempts");
        asked.forEach(one -> one.tell(told, arrival.startNanos()));
        told.close();
        end(told, failure, begun, usage);
        number = decisions.keep(arrival, decided(), told, number);
    }

    /** Whether somebody looked at what it asks for. */
    private boolean read() {
        return model != null;
    }

    /** Whether it came so far that something was decided. */
    private boolean decided() {
        return !namings.isEmpty();
    }

    /** How the targets were found, as JSON has it. */
    public synchronized Map<String, @Nullable Object> plan() {
        Packing told = new Packing();
        plan(told);
        return Packed.read(told.bytes(), 0, told.size());
    }

    private void plan(Packing told) {
        told.put("needs", needs);
        told.openList("names");
        namings.forEach(one -> one.tell(told));
        told.close();
        Map<String, String> out = new LinkedHashMap<>(leftOut);
        namings.forEach(naming -> naming.addNotChosen(out));
        // Whom a strategy leaves out may come back in by a list or the chain.
        for (Target target : order) {
            out.remove(target.provider());
            out.remove(target.toString());
        }
        told.put("left_out", out);
        told.put("order", names(order));
    }

    private void head(Packing told) {
        told.put("request_id", arrival.requestId());
        told.put("time", Instant.ofEpochMilli(startMillis));
        told.put("front_end", arrival.endpoint().equals("grpc") ? "grpc" : "http");
        told.put("endpoint", arrival.endpoint());
        told.put("caller_known", arrival.known());
        told.put(Decision.CALLER_KEY, arrival.key());
        told.put("model", model);
        told.put("stream", read() ? stream : null);
    }

    private void tell(Packing told, PassedOver one) {
        told.openMap();
        told.put("target", one.target().toString());
        told.put("at_ms", millis(one.nanos() - arrival.startNanos()));
        told.put("kind", one.kind().name());
        told.put("reason", one.message());
        told.close();
    }

    private void end(Packing told, @Nullable GatewayException failure, boolean begun, @Nullable Usage usage) {
        boolean answered = (failure == null || begun) && !asked.isEmpty();
        told.put("outcome", read() ? outcome(failure, begun) : "refused");
        told.put("served_by", answered ? asking().target().toString() : null);
        told.put("error", failure == null ? null : failure.kind().name());
        told.put("message", failure == null ? null : Texts.message(failure.message()));
        told.put("duration_ms", millis(System.nanoTime() - arrival.startNanos()));
        if (usage == null) {
            told.put("usage", null);
        } else {
            told.openMap("usage");
            tell(told, usage);
            told.close();
        }
        told.put("dropped", answered ? asking().dropped() : List.of());
    }

    private static String outcome(@Nullable GatewayException failure, boolean begun) {
        if (failure == null) {
            return "served";
        }
        return failure.kind() == ErrorKind.CANCELLED ? "cancelled" : begun ? "cut" : "failed";
    }

    private static void tell(Packing told, Usage usage) {
        told.put("input_tokens", known(usage.inputTokens()));
        told.put("output_tokens", known(usage.outputTokens()));
        told.put("total_tokens", usage.totalTokens());
        told.put("cached_input_tokens", known(usage.cachedInputTokens()));
        told.put("reasoning_tokens", known(usage.reasoningTokens()));
    }

    private static @Nullable Long known(long tokens) {
        return tokens < 0 ? null : tokens;
    }

    static List<String> names(List<Target> targets) {
        return targets.stream().map(Target::toString).toList();
    }

    static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
