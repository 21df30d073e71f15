package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.decision.Understood;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

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

        /** Whether nobody will be asked, so that nothing may change by it. */
        default boolean dryRun() {
            return false;
        }

        /** Takes a step, perhaps after a wait, where nobody else would hear of what it throws. */
        default void attempt(Step step) {
            try {
                step.take();
            } catch (GatewayException e) {
                failed(e);
            } catch (RuntimeException e) {
                failed(new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e));
            }
        }
    }

    /** A part of the planning. */
    interface Step {
        void take() throws GatewayException;
    }

    static final String AUTO = "auto";

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Models models;
    private final TargetNames names;
    private final Choices choices;

    Router(Registry registry, Supplier<Settings> settings, Models models, TargetBoard board, SignalBoard signals) {
        this.registry = registry;
        this.settings = settings;
        this.models = models;
        this.names = new TargetNames(registry, settings, models);
        this.choices = new Choices(registry, models, board, signals, names::examples);
    }

    /** What single names mean. */
    TargetNames names() {
        return names;
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
            public boolean dryRun() {
                return planned.dryRun();
            }

            @Override
            public void targets(List<Target> targets) {
                new OwnAuto(choices, models, registry, request, targets, planned).resolve();
            }

            @Override
            public void failed(GatewayException failure) {
                planned.failed(failure);
            }
        };
    }

    /** A fallback: whatever a model may be, or a provider's id for its configured model. */
    void resolveFallback(ChatRequest request, Ability ability, Planned planned) {
        String name = request.model();
        if (registry.provider(name) == null || settings.get().aliases().containsKey(name)) {
            resolve(request, ability, planned);
            return;
        }
        planned.attempt(() -> {
            Target target = names.of(name);
            planned.trail().names(name, Understood.PROVIDER);
            planned.pinned(target);
        });
    }

    /** From one name to its targets. */
    void resolve(ChatRequest request, Ability ability, Planned planned) {
        planned.attempt(() -> look(request, ability, planned));
    }

    private void look(ChatRequest request, Ability ability, Planned planned) throws GatewayException {
        String name = request.model();
        if (name.equals(AUTO)) {
            planned.trail().names(name, Understood.AUTO);
            List<LiveProvider> able = names.able(models.defaults().open(), ability);
            models.defaults()
                    .whenKnown(
                            able,
                            () -> planned.attempt(() -> {
                                // The lists are at hand now, and may be empty.
                                List<LiveProvider> open =
                                        names.able(models.defaults().open(), ability);
                                chosen(request, open(open, ability), ability, planned);
                            }));
            return;
        }
        List<String> alias = settings.get().aliases().get(name);
        if (alias != null) {
            planned.trail().names(name, Understood.ALIAS);
            if (alias.size() == 1 && names.bare(alias.get(0))) {
                resolve(request.withModel(alias.get(0)), ability, planned);
                return;
            }
            List<String> bare = alias.stream().filter(names::bare).toList();
            models.whenListed(bare, () -> planned.attempt(() -> alias(request, alias, ability, planned)));
            return;
        }
        Target pinned = names.pinned(name);
        if (pinned != null) {
            planned.trail().names(name, Understood.PINNED);
            planned.pinned(pinned);
            return;
        }
        models.whoServes(
                name,
                candidates -> planned.attempt(() -> {
                    // The listings are at hand now, so another spelling may be known.
                    ChatRequest known = spelled(request);
                    if (known.model().equals(name)) {
                        bare(request, names.able(candidates, ability), ability, planned);
                    } else {
                        resolve(known, ability, planned);
                    }
                }));
    }

    private List<Choices.Option> open(List<LiveProvider> providers, Ability ability) {
        List<Choices.Option> options = new ArrayList<>();
        for (LiveProvider provider : providers) {
            // A default is a model to chat with.
            String model = ability == Ability.EMBEDDINGS ? provider.settings().model() : models.configured(provider);
            options.add(new Choices.Option(provider, model));
        }
        return options;
    }

    private ChatRequest spelled(ChatRequest request) {
        String meant = models.meant(request);
        return meant.equals(request.model()) ? request : request.withModel(meant);
    }

    private void bare(ChatRequest request, List<LiveProvider> candidates, Ability ability, Planned planned)
            throws GatewayException {
        planned.trail().names(request.model(), Understood.BARE);
        if (candidates.isEmpty()) {
            throw names.unknown(request.model());
        }
        List<Choices.Option> options = new ArrayList<>();
        for (LiveProvider provider : candidates) {
            options.add(new Choices.Option(provider, models.facts().named(provider, request.model())));
        }
        if (options.size() == 1) {
            planned.targets(targets(options));
        } else {
            chosen(request, options, ability, planned);
        }
    }

    private void chosen(ChatRequest request, List<Choices.Option> options, Ability ability, Planned planned)
            throws GatewayException {
        if (ability.work()) {
            Settings.Routing now = settings.get().routing();
            choices.choose(now.strategy(), options, request, now.all(), planned);
            return;
        }
        // Strategies are asked for what is work only: they may remember whose turn it was.
        List<Target> targets = targets(options);
        if (targets.isEmpty()) {
            throw new GatewayException(
                            ErrorKind.NO_ROUTE,
                            "No provider has a model configured. Name one as <provider>/<model>, such as "
                                    + names.examples() + ".")
                    .asPermanent();
        }
        planned.targets(targets);
    }

    private static List<Target> targets(List<Choices.Option> options) {
        List<Target> targets = new ArrayList<>();
        for (Choices.Option option : options) {
            String model = option.model();
            if (model != null) {
                targets.add(new Target(option.provider().id(), model));
            }
        }
        return targets;
    }

    /** In the order they are written, or in that of the alias's own strategy, if it is deployed. */
    private void alias(ChatRequest request, List<String> entries, Ability ability, Planned planned)
            throws GatewayException {
        List<Target> targets = names.of(entries, planned.trail());
        Settings.Routing.OfAlias own = settings.get().routing().aliases().get(request.model());
        if (own == null && entries.size() == 1) {
            planned.pinned(targets.get(0));
            return;
        }
        List<Choices.Option> options = own == null || !ability.work() ? List.of() : options(targets, ability);
        if (own == null || options.isEmpty()) {
            // Also where nobody's turn is taken; who lacks the ability is left out when it is asked.
            planned.targets(targets);
            return;
        }
        choices.choose(own.strategy(), options, request, own.all(), new Planned() {
            @Override
            public Trail trail() {
                return planned.trail();
            }

            @Override
            public boolean dryRun() {
                return planned.dryRun();
            }

            @Override
            public List<Candidate> able(List<Candidate> candidates) {
                return planned.able(candidates);
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
        });
    }

    private List<Choices.Option> options(List<Target> targets, Ability ability) {
        List<Choices.Option> options = new ArrayList<>();
        for (Target target : targets) {
            LiveProvider live = registry.provider(target.provider());
            if (live != null && ability.of(live.service())) {
                options.add(new Choices.Option(live, target.model()));
            }
        }
        return options;
    }
}
