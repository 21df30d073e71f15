package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.LiveStrategy;
import dev.thanosgateway.host.plugins.Registry;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the strategy in force. One that throws, does not return or gives no plan is set aside for a while and told in
 * the log; the configuration's order serves until one request has tried it again.
 */
final class Choices {
    private static final Logger LOG = LoggerFactory.getLogger(Choices.class);
    private static final long ASIDE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** In a decision record, the bundle of a strategy that is not deployed. */
    private static final String NO_BUNDLE = "none";

    /** Another instance, of another jar or another name, is not set aside; one that has gone is not held. */
    private record Aside(WeakReference<LiveStrategy> strategy, long untilNanos) {
        static Aside now(LiveStrategy strategy) {
            return new Aside(new WeakReference<>(strategy), System.nanoTime() + ASIDE_NANOS);
        }

        static boolean is(@Nullable Aside aside, LiveStrategy strategy) {
            return aside != null && aside.strategy().refersTo(strategy);
        }
    }

    /**
     * A provider that may be asked.
     *
     * @param model its name there; null = none is configured
     */
    record Option(LiveProvider provider, @Nullable String model) {}

    private final Registry registry;
    private final Models models;
    private final TargetBoard board;
    private final SignalBoard signals;
    private final Supplier<String> examples;
    /** By name: aliases may have strategies of their own, so several are in force. */
    private final Map<String, Aside> aside = new ConcurrentHashMap<>();
    /** The strategies that were asked for in vain, each told once. */
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** @param examples names a caller could use, for messages */
    Choices(Registry registry, Models models, TargetBoard board, SignalBoard signals, Supplier<String> examples) {
        this.registry = registry;
        this.models = models;
        this.board = board;
        this.signals = signals;
        this.examples = examples;
    }

    /**
     * Has a strategy make the plan, once the signals it needs are there. Where no strategy of that name is deployed, the
     * plan is the configuration's order.
     *
     * @param told the settings it plans by
     */
    void choose(
            String name, List<Option> among, ChatRequest request, Map<String, Object> told, Router.Planned planned) {
        LiveStrategy strategy = registry.strategy(name);
        boolean signalled = strategy != null && strategy.wantsSignals();
        Runnable then = () -> planned.attempt(() -> {
            List<Candidate> candidates = described(among, request, signalled);
            List<Candidate> named = described(named(among, request, told), request, signalled);
            Snapshot snapshot = Snapshot.of(planned.able(candidates), told).withNamed(planned.able(named));
            ask(name, request, planned.dryRun() ? snapshot.withDryRun() : snapshot, planned);
        });
        if (signalled) {
            signals.want(among.stream().map(Option::provider).distinct().toList(), then);
        } else {
            then.run();
        }
    }

    /** What lists of the settings name of these providers for a request that leaves the model open. */
    private static List<Option> named(List<Option> among, ChatRequest request, Map<String, Object> told) {
        Set<String> entries = new LinkedHashSet<>();
        if (request.model().equals(Router.AUTO)) {
            for (Object setting : told.values()) {
                if (setting instanceof List<?> list) {
                    list.forEach(entry -> entries.add(String.valueOf(entry)));
                }
            }
        }
        List<Option> named = new ArrayList<>();
        for (String entry : entries) {
            int slash = entry.indexOf('/');
            for (Option option : slash < 0 ? List.<Option>of() : among) {
                if (entry.startsWith(option.provider().id())
                        && option.provider().id().length() == slash) {
                    named.add(new Option(option.provider(), entry.substring(slash + 1)));
                }
            }
        }
        return named;
    }

    private List<Candidate> described(List<Option> options, ChatRequest request, boolean signalled) {
        List<Candidate> candidates = new ArrayList<>();
        for (Option option : options) {
            // Another instance may have taken its place while it was waited for.
            LiveProvider live = registry.provider(option.provider().id());
            LiveProvider provider = live == null ? option.provider() : live;
            Candidate candidate = candidate(provider, option.model(), request);
            candidates.add(signalled ? signals.describe(candidate, provider) : candidate);
        }
        return candidates;
    }

    private Candidate candidate(LiveProvider provider, @Nullable String model, ChatRequest request) {
        Candidate candidate =
                Candidate.of(provider.id(), provider.type()).withModel(model).withInFlight(provider.inFlight());
        if (model != null) {
            Model known = models.facts().of(provider, model);
            candidate = candidate
                    .withPrices(known.pricing())
                    .withFacts(known.capabilities(), known.lacking(), known.contextLength(), known.maxOutput());
        }
        return board.describe(candidate, provider, request.stream());
    }

    private void ask(String name, ChatRequest request, Snapshot snapshot, Router.Planned planned)
            throws GatewayException {
        LiveStrategy strategy = leased(name);
        if (strategy == null) {
            String why = "the strategy '" + name + "' is not deployed";
            planned(name, NO_BUNDLE, why, snapshot, ordered(snapshot), request, planned);
            return;
        }
        Choice choice = new Choice(strategy, request, snapshot, planned);
        if (mayAsk(strategy, planned.dryRun())) {
            choice.ask();
        } else {
            choice.inOrder();
        }
    }

    /** @return null = none of that name is deployed */
    private @Nullable LiveStrategy leased(String name) {
        // A swap may retire the instance between the two steps; the registry then knows the next one already.
        for (int tries = 0; tries < 3; tries++) {
            LiveStrategy strategy = registry.strategy(name);
            if (strategy != null && strategy.acquire()) {
                missing.remove(name);
                return strategy;
            }
        }
        if (missing.add(name)) {
            LOG.warn(
                    "The strategy '{}' is not deployed; the order of the configuration file serves. Put its jar into"
                            + " plugins/, or set [routing] strategy to one of: {}.",
                    name,
                    String.join(", ", registry.strategies()));
        }
        return null;
    }

    /** In the order of the file, also those whose circuit is open: the dispatcher decides again when it tries them. */
    private static Plan ordered(Snapshot snapshot) {
        Plan.Builder plan = Plan.builder();
        snapshot.candidates().forEach(candidate -> plan.add(candidate.withUnavailable(null), candidate.model()));
        return plan.build();
    }

    /** @param instead why the plan is the file's order; null = it is the strategy's */
    private void planned(
            String name,
            String bundle,
            @Nullable String instead,
            Snapshot snapshot,
            Plan plan,
            ChatRequest request,
            Router.Planned planned)
            throws GatewayException {
        planned.trail().chose(name, bundle, instead, snapshot.candidates(), plan);
        if (plan.targets().isEmpty()) {
            throw nobody(request, plan);
        }
        planned.targets(plan.targets());
    }

    private GatewayException nobody(ChatRequest request, Plan plan) {
        StringBuilder why = new StringBuilder("No provider can be asked for '" + request.model() + "'.");
        plan.exclusions()
                .forEach((id, reason) -> why.append(" Provider '")
                        .append(id)
                        .append("' is left out because ")
                        .append(reason)
                        .append('.'));
        if (plan.exclusions().isEmpty()) {
            why.append(" Name one as <provider>/<model>, such as ")
                    .append(examples.get())
                    .append('.');
        }
        return new GatewayException(ErrorKind.NO_ROUTE, why.toString());
    }

    /** Of the requests that come when its time aside is over, one tries it. */
    private boolean mayAsk(LiveStrategy strategy, boolean dryRun) {
        Aside now = aside.get(strategy.name());
        if (now == null || !Aside.is(now, strategy)) {
            return true;
        }
        if (dryRun) {
            return false;
        }
        return System.nanoTime() - now.untilNanos() >= 0 && aside.replace(strategy.name(), now, Aside.now(strategy));
    }

    /** One question to a strategy, on its bundle's lane. */
    private final class Choice {
        private final LiveStrategy strategy;
        private final ChatRequest request;
        private final Snapshot snapshot;
        private final Router.Planned planned;
        private boolean answered;

        Choice(LiveStrategy strategy, ChatRequest request, Snapshot snapshot, Router.Planned planned) {
            this.strategy = strategy;
            this.request = request;
            this.snapshot = snapshot;
            this.planned = planned;
        }

        void ask() {
            strategy.lanes().open(this::failed).execute(() -> {
                Plan plan;
                try {
                    plan = SoundPlan.of(strategy.service().plan(request, snapshot), snapshot);
                } catch (Exception | Error e) {
                    failed(e);
                    return;
                }
                if (first()) {
                    if (!planned.dryRun()) {
                        aside.computeIfPresent(strategy.name(), (name, now) -> Aside.is(now, strategy) ? null : now);
                    }
                    answer(plan, null);
                }
            });
        }

        private void failed(Throwable why) {
            if (!first()) {
                return;
            }
            // The calls that were under way fail with it, and one finds it again: the first says it all.
            if (!planned.dryRun() && !Aside.is(aside.put(strategy.name(), Aside.now(strategy)), strategy)) {
                LOG.warn(
                        "The strategy '{}' of {} failed and is set aside until it answers again; the configuration's"
                                + " order serves. Choose another in [routing], or replace its jar.",
                        strategy.name(),
                        strategy.bundle(),
                        why);
            }
            answer(ordered(snapshot), "the strategy failed: " + why);
        }

        void inOrder() {
            if (first()) {
                answer(ordered(snapshot), "the strategy failed a moment ago and is cooling down");
            }
        }

        /** What a strategy says after it was given up does not count. */
        private synchronized boolean first() {
            boolean first = !answered;
            answered = true;
            return first;
        }

        /** @param instead why the plan is not the strategy's; null = it is */
        private void answer(Plan plan, @Nullable String instead) {
            // An interrupt is meant for plugin code; a channel written to under one would be closed.
            Thread.interrupted();
            strategy.release();
            // On the strategy's lane nobody else would hear of what goes wrong here.
            planned.attempt(
                    () -> planned(strategy.name(), strategy.bundle(), instead, snapshot, plan, request, planned));
        }
    }
}
