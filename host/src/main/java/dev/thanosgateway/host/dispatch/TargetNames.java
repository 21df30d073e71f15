package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.TokenCounting;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a name that leaves nothing open means: {@code provider/model}, or a provider's id for its configured model. And
 * what to tell a caller whose name means nothing that can be asked. Used from many threads.
 */
final class TargetNames {
    private static final int NAMED_IN_MESSAGE = 20;

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Models models;
    private final Unconfigured unconfigured;

    TargetNames(Registry registry, Supplier<Settings> settings, Models models) {
        this.registry = registry;
        this.settings = settings;
        this.models = models;
        this.unconfigured = new Unconfigured(registry, settings, models.facts());
    }

    /** An entry of the chain, if it can be asked now. */
    @Nullable
    Target live(String entry, Ability ability) {
        try {
            Target target = of(entry);
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

    /** {@code provider/model}, or {@code provider} alone with a configured model; null = the name pins nothing. */
    @Nullable
    Target pinned(String name) throws GatewayException {
        int slash = name.indexOf('/');
        String id = slash < 0 ? name : name.substring(0, slash);
        LiveProvider live = registry.provider(id);
        if (!known(id) || slash < 0) {
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
    List<Target> of(List<String> names, Trail trail) throws GatewayException {
        List<Target> targets = new ArrayList<>();
        GatewayException first = null;
        for (String name : names) {
            try {
                if (bare(name)) {
                    targets.addAll(serving(name));
                } else {
                    targets.add(of(name));
                }
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

    /** Whether an entry names no provider, and so is a model's own name. */
    boolean bare(String name) {
        return !known(name.replaceFirst("/.*", ""));
    }

    private boolean known(String id) {
        return registry.provider(id) != null || settings.get().providers().containsKey(id) || status(id) != null;
    }

    /** Everybody who serves a bare name, from the listings at hand. */
    private List<Target> serving(String name) throws GatewayException {
        List<Target> targets = models.serving(name).stream()
                .map(provider -> new Target(provider.id(), models.facts().named(provider, name)))
                .toList();
        if (targets.isEmpty()) {
            throw new GatewayException(ErrorKind.NO_ROUTE, unknown(name).message());
        }
        return targets;
    }

    /** An entry of a list of targets: {@code provider/model}, or a provider's id for its configured model. */
    Target of(String name) throws GatewayException {
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
                            "Provider '" + id + "' has no default model; name one as " + id
                                    + "/<model>, or set model in its table.")
                    .asPermanent();
        }
        return new Target(id, model);
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
    List<LiveProvider> able(List<LiveProvider> providers, Ability ability) throws GatewayException {
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
            String what = unconfigured.advice(id + "/").orElse("There is no provider '" + id + "'.");
            return new GatewayException(ErrorKind.MODEL_NOT_FOUND, what + " There are: " + examples() + ".");
        }
        String reason = status == null || status.reason() == null ? "it is being replaced" : status.reason();
        return new GatewayException(
                ErrorKind.NO_ROUTE, "Provider '" + id + "' cannot serve now: " + reason + ". See /v1/providers.");
    }

    GatewayException unknown(String name) {
        String what = settings.get().providers().containsKey(name) || status(name) != null
                ? "'" + name + "' is a provider: name one of its models, as " + name + "/<model>."
                : unconfigured.advice(name).orElse("No provider serves the model '" + name + "'.");
        return new GatewayException(ErrorKind.MODEL_NOT_FOUND, what + " There are: " + examples() + ".")
                .withParameter("model");
    }

    String examples() {
        List<String> known = models.known();
        if (known.isEmpty()) {
            return "no models at all; configure a provider, or put a jar into plugins/";
        }
        String some = String.join(", ", known.subList(0, Math.min(known.size(), NAMED_IN_MESSAGE)));
        int more = known.size() - NAMED_IN_MESSAGE;
        return more > 0 ? some + " and " + more + " more (GET /v1/models)" : some;
    }
}
