package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.decision.Understood;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.LiveStrategy;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From a model's name to the targets to try: contract 4. A name that leaves nothing open is answered here; where there
 * is a choice, the strategy in force is asked.
 */
final class Router {
    /** Where the targets go; called once, on any thread. */
    interface Planned {
        void targets(List<Target> targets);

        void failed(GatewayException failure);

        /** The one target that a name pins. */
        default void pinned(Target target) {
            targets(List.of(target));
        }

        /** Of those a strategy may choose from, who is not known to lack what the request needs. */
        default List<Candidate> able(List<Candidate> candidates) {
            return candidates;
        }

        /** Where it is noted how the targets were found. */
        Trail trail();
    }

    static final String AUTO = "auto";

    private static final int NAMED_IN_MESSAGE = 20;

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Models models;
    private final TargetBoard board;
    private final SignalBoard signals;
    private final Choices choices;

    Router(Registry registry, Supplier<Settings> settings, Models models, TargetBoard board, SignalBoard signals) {
        this.registry = registry;
        this.settings = settings;
        this.models = models;
        this.board = board;
        this.signals = signals;
        this.choices = new Choices(registry, settings, this::examples);
    }

    /** @param ability what a target's provider must be able to do */
    void plan(ChatRequest asked, Ability ability, Planned planned) {
        ChatRequest request = spelled(asked);
        Settings now = settings.get();
        List<String> alias = now.aliases().get(request.model());
        // A list is a chain of its own.
        List<String> chain = alias == null || alias.size() == 1 ? now.routing().fallbackChain() : List.of();
        if (ability == Ability.EMBEDDINGS && !request.model().equals(AUTO)) {
            // A provider's configured model is one to chat with: only who is named with a model can be meant.
            chain = chain.stream().filter(entry -> entry.indexOf('/') > 0).toList();
        }
        // Only for chats a provider's auto is worth asking a strategy, and perhaps upstreams, about.
        Planned to = ability == Ability.CHAT ? settled(request, planned) : planned;
        new Planning(this, request, ability, chain, to).start();
    }

    /** The same, but that a provider's own {@code auto} has become a model on the way. */
    private Planned settled(ChatRequest request, Planned planned) {
        return new Planned() {
            @Override
            public Trail trail() {
                return planned.trail();
            }

            @Override
            public void targets(List<Target> targets) {
                new OwnAuto(Router.this, registry, request, targets, planned).resolve();
            }

            @Override
            public void failed(GatewayException failure) {
                planned.failed(failure);
            }
        };
    }

    /**
     * Asks a strategy for a request that leaves the model open; what it wants to know is asked for first.
     *
     * @param told the settings it plans by
     */
    void choose(String name, List<LiveProvider> among, ChatRequest request, Map<String, Object> told, Planned planned) {
        LiveStrategy strategy = registry.strategy(name);
        boolean signalled = strategy != null && strategy.wantsSignals();
        Runnable then = () -> guarded(planned, () -> {
            List<Candidate> able = planned.able(candidates(among, signalled, request));
            choices.choose(request, Snapshot.of(able, told), name, planned);
        });
        if (signalled) {
            signals.want(among, then);
        } else {
            then.run();
        }
    }

    private interface Guarded {
        void run() throws GatewayException;
    }

    private static void guarded(Planned planned, Guarded step) {
        try {
            step.run();
        } catch (GatewayException e) {
            planned.failed(e);
        } catch (RuntimeException e) {
            // Where an upstream was waited for, nobody else would hear of it.
            planned.failed(new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e));
        }
    }

    /** An entry of the chain, if it can be asked now. */
    @Nullable
    Target live(String entry, Ability ability) {
        try {
            Target target = targetOf(entry);
            LiveProvider provider = registry.provider(target.provider());
            return provider == null || !ability.of(provider.service()) ? null : target;
        } catch (GatewayException e) {
            return null;
        }
    }

    /** Whether an entry of the chain means this target. */
    boolean standsFor(String entry, Target target, Ability ability) {
        return entry.equals(target.provider())
                || entry.equals(target.toString())
                || target.equals(live(entry, ability));
    }

    /** A fallback: whatever a model may be, or a provider's id for its configured model. */
    void resolveFallback(ChatRequest request, Ability ability, Planned planned) {
        String name = request.model();
        if (registry.provider(name) == null || settings.get().aliases().containsKey(name)) {
            resolve(request, ability, planned);
            return;
        }
        Target target;
        try {
            target = targetOf(name);
        } catch (GatewayException e) {
            planned.failed(e);
            return;
        }
        planned.trail().names(name, Understood.PROVIDER);
        planned.pinned(target);
    }

    /** From one name to its targets. */
    void resolve(ChatRequest request, Ability ability, Planned planned) {
        String name = request.model();
        try {
            if (name.equals(AUTO)) {
                planned.trail().names(name, Understood.AUTO);
                List<LiveProvider> able = able(registry.providers(), ability);
                if (ability.work()) {
                    Settings.Routing now = settings.get().routing();
                    choose(now.strategy(), able, request, now.all(), planned);
                } else {
                    inOrder(candidates(able, false, request), planned);
                }
                return;
            }
            List<String> alias = settings.get().aliases().get(name);
            if (alias != null) {
                planned.trail().names(name, Understood.ALIAS);
                alias(request, alias, ability, planned);
                return;
            }
            Target pinned = pinned(name);
            if (pinned != null) {
                planned.trail().names(name, Understood.PINNED);
                planned.pinned(pinned);
                return;
            }
            models.whoServes(
                    name,
                    candidates -> guarded(planned, () -> {
                        // The listings are at hand now, so another spelling may be known.
                        ChatRequest known = spelled(request);
                        if (known.model().equals(name)) {
                            bare(request, able(candidates, ability), ability, planned);
                        } else {
                            resolve(known, ability, planned);
                        }
                    }));
        } catch (GatewayException e) {
            planned.failed(e);
        }
    }

    private ChatRequest spelled(ChatRequest request) {
        String meant = models.meant(request);
        return meant.equals(request.model()) ? request : request.withModel(meant);
    }

    private void bare(ChatRequest request, List<LiveProvider> candidates, Ability ability, Planned planned)
            throws GatewayException {
        planned.trail().names(request.model(), Understood.BARE);
        if (candidates.isEmpty()) {
            throw unknown(request.model());
        }
        if (candidates.size() == 1) {
            LiveProvider provider = candidates.get(0);
            Target only = new Target(provider.id(), models.facts().named(provider, request.model()));
            planned.targets(List.of(only));
            return;
        }
        List<Candidate> named = new ArrayList<>();
        for (LiveProvider provider : candidates) {
            named.add(candidate(provider, models.facts().named(provider, request.model()), request));
        }
        if (ability.work()) {
            choices.choose(request, named, planned);
        } else {
            inOrder(named, planned);
        }
    }

    /** Strategies are asked for what is work only: they may remember whose turn it was. */
    private void inOrder(List<Candidate> candidates, Planned planned) throws GatewayException {
        List<Target> targets = Plan.inOrder(candidates).targets();
        if (targets.isEmpty()) {
            throw new GatewayException(
                    ErrorKind.NO_ROUTE,
                    "No provider has a model configured. Name one as <provider>/<model>, such as " + examples() + ".");
        }
        planned.targets(targets);
    }

    /** In the order they are written, or in that of the alias's own strategy, if it is deployed. */
    private void alias(ChatRequest request, List<String> names, Ability ability, Planned planned)
            throws GatewayException {
        List<Target> targets = targetsOf(names, planned.trail());
        Settings.Routing.OfAlias own = settings.get().routing().aliases().get(request.model());
        List<Candidate> candidates = new ArrayList<>();
        if (own != null && ability.work()) {
            for (Target target : targets) {
                LiveProvider live = registry.provider(target.provider());
                if (live != null && ability.of(live.service())) {
                    candidates.add(candidate(live, target.model(), request));
                }
            }
        }
        if (own == null && names.size() == 1) {
            planned.pinned(targets.get(0));
            return;
        }
        if (own == null || candidates.isEmpty()) {
            // Also where nobody's turn is taken; who lacks the ability is left out when it is asked.
            planned.targets(targets);
            return;
        }
        Planned ordered = new Planned() {
            @Override
            public Trail trail() {
                return planned.trail();
            }

            @Override
            public void targets(List<Target> chosen) {
                // The list is a chain: whom the strategy leaves out comes behind.
                Set<Target> all = new LinkedHashSet<>(chosen);
                all.addAll(targets);
                planned.targets(List.copyOf(all));
            }

            @Override
            public void failed(GatewayException failure) {
                planned.targets(targets);
            }
        };
        try {
            choices.choose(request, Snapshot.of(planned.able(candidates), own.all()), own.strategy(), ordered);
        } catch (GatewayException notDeployed) {
            planned.targets(targets);
        }
    }

    /** {@code provider/model}, or {@code provider} alone with a configured model; null = the name pins nothing. */
    private @Nullable Target pinned(String name) throws GatewayException {
        int slash = name.indexOf('/');
        String id = slash < 0 ? name : name.substring(0, slash);
        LiveProvider live = registry.provider(id);
        boolean known = live != null || settings.get().providers().containsKey(id) || status(id) != null;
        if (!known || slash < 0) {
            return null;
        }
        String model = name.substring(slash + 1);
        if (model.isEmpty()) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST, "Name a model after '" + name + "', such as " + examples() + ".")
                    .withParameter("model");
        }
        return new Target(id, live == null ? model : models.facts().named(live, model));
    }

    /** An entry that cannot be asked is left out as long as another one can. */
    private List<Target> targetsOf(List<String> names, Trail trail) throws GatewayException {
        List<Target> targets = new ArrayList<>();
        GatewayException first = null;
        for (String name : names) {
            try {
                targets.add(targetOf(name));
            } catch (GatewayException e) {
                if (e.kind() == ErrorKind.MODEL_NOT_FOUND) {
                    throw e;
                }
                first = first == null ? e : first;
                trail.leftOut(name, e.message());
            }
        }
        if (targets.isEmpty() && first != null) {
            throw first;
        }
        return targets;
    }

    /** An entry of a list of targets: {@code provider/model}, or a provider's id for its configured model. */
    private Target targetOf(String name) throws GatewayException {
        int slash = name.indexOf('/');
        String id = slash < 0 ? name : name.substring(0, slash);
        LiveProvider live = registry.provider(id);
        if (slash >= 0) {
            String written = name.substring(slash + 1);
            return new Target(id, live == null ? written : models.facts().named(live, written));
        }
        String model = live == null ? null : models.configured(live);
        if (model == null) {
            if (live == null) {
                throw settings.get().providers().containsKey(id) || status(id) != null ? notServing(id) : unknown(name);
            }
            throw new GatewayException(
                    ErrorKind.NO_ROUTE,
                    "Provider '" + id + "' has no model configured; name one as " + id
                            + "/<model>, or set model in its table.");
        }
        return new Target(id, model);
    }

    private List<Candidate> candidates(List<LiveProvider> among, boolean signalled, ChatRequest request) {
        List<Candidate> all = new ArrayList<>();
        for (LiveProvider provider : among) {
            Candidate candidate = candidate(provider, models.configured(provider), request);
            all.add(signalled ? signals.describe(candidate, provider) : candidate);
        }
        return all;
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

    /** What is known of a target's model; null = nothing. */
    @Nullable
    Model facts(Target target) {
        LiveProvider live = registry.provider(target.provider());
        return live == null ? null : models.facts().of(live, target.model());
    }

    /**
     * Those that are able, in their order; who counts tokens before those for whom they are estimated.
     *
     * @throws GatewayException UNSUPPORTED when there are some, and none is able
     */
    private List<LiveProvider> able(List<LiveProvider> providers, Ability ability) throws GatewayException {
        List<LiveProvider> able = providers.stream()
                .filter(p -> ability.of(p.service()))
                .sorted(Comparator.comparing(p -> ability == Ability.COUNT && !(p.service() instanceof TokenCounting)))
                .toList();
        if (able.isEmpty() && !providers.isEmpty()) {
            throw unable(providers.get(0).id(), ability);
        }
        return able;
    }

    /** Why a provider is no target of an operation, and who would be. */
    GatewayException unable(String id, Ability ability) {
        List<String> able = registry.providers().stream()
                .filter(p -> ability.of(p.service()))
                .map(LiveProvider::id)
                .limit(NAMED_IN_MESSAGE)
                .toList();
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "Provider '" + id + "' does not " + ability.words()
                                + (able.isEmpty()
                                        ? ", and no other one here does. Configure one that does."
                                        : "; ask one of: " + String.join(", ", able) + "."))
                .withParameter("model");
    }

    private @Nullable ProviderStatus status(String id) {
        for (ProviderStatus status : registry.statuses()) {
            if (status.id().equals(id)) {
                return status;
            }
        }
        return null;
    }

    GatewayException notServing(String id) {
        ProviderStatus status = status(id);
        if (status == null && !settings.get().providers().containsKey(id)) {
            return new GatewayException(
                    ErrorKind.MODEL_NOT_FOUND, "There is no provider '" + id + "'. There are: " + examples() + ".");
        }
        String reason = status == null || status.reason() == null ? "it is being replaced" : status.reason();
        return new GatewayException(
                ErrorKind.NO_ROUTE, "Provider '" + id + "' cannot serve now: " + reason + ". See /v1/providers.");
    }

    GatewayException unknown(String name) {
        return new GatewayException(
                        ErrorKind.MODEL_NOT_FOUND,
                        "No provider serves the model '" + name + "'. There are: " + examples() + ".")
                .withParameter("model");
    }

    private String examples() {
        List<String> known = models.known();
        if (known.isEmpty()) {
            return "no models at all; configure a provider, or put a jar into plugins/";
        }
        String some = String.join(", ", known.subList(0, Math.min(known.size(), NAMED_IN_MESSAGE)));
        int more = known.size() - NAMED_IN_MESSAGE;
        return more > 0 ? some + " and " + more + " more (GET /v1/models)" : some;
    }
}
