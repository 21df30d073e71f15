package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.decision.Understood;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code auto} is at a provider that leaves this to a strategy: that one is asked with the provider as the only
 * candidate. Where it gives no model, {@code auto} stays. For one request, used by one thread at a time.
 */
final class OwnAuto {
    private final Choices choices;
    private final Models models;
    private final Registry registry;
    private final ChatRequest request;
    private final List<Target> targets;
    private final Router.Planned planned;

    /** @param targets whose {@code auto} is to be made a model */
    OwnAuto(
            Choices choices,
            Models models,
            Registry registry,
            ChatRequest request,
            List<Target> targets,
            Router.Planned planned) {
        this.choices = choices;
        this.models = models;
        this.registry = registry;
        this.request = request.withModel(Router.AUTO);
        this.targets = new ArrayList<>(targets);
        this.planned = planned;
    }

    void resolve() {
        next(0);
    }

    private void next(int from) {
        for (int i = from; i < targets.size(); i++) {
            LiveProvider provider = open(targets.get(i));
            String strategy = provider == null ? null : provider.autoBy();
            if (provider != null && strategy != null && registry.strategy(strategy) != null) {
                ask(i, provider, strategy);
                return;
            }
        }
        List<Target> settled = targets.stream().distinct().toList();
        planned.trail().order(settled);
        planned.targets(settled);
    }

    private @Nullable LiveProvider open(Target target) {
        return target.model().equals(Router.AUTO) ? registry.provider(target.provider()) : null;
    }

    private void ask(int at, LiveProvider provider, String strategy) {
        planned.trail().names(targets.get(at).toString(), Understood.AUTO);
        List<Choices.Option> only = List.of(new Choices.Option(provider, models.configured(provider)));
        choices.choose(strategy, only, request, Map.of(), new Router.Planned() {
            @Override
            public Trail trail() {
                return planned.trail();
            }

            @Override
            public boolean dryRun() {
                return planned.dryRun();
            }

            @Override
            public void targets(List<Target> found) {
                found.stream()
                        .filter(target -> target.provider().equals(provider.id()))
                        .findFirst()
                        .ifPresent(target -> targets.set(at, target));
                next(at + 1);
            }

            @Override
            public void failed(GatewayException failure) {
                next(at + 1);
            }
        });
    }
}
