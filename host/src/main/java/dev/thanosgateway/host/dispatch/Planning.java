package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.decision.Trail;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From one request to the targets it is tried at: those of its model's name, then those of its fallbacks, or else what
 * the chain has behind them: decision 0012. For one request, used by one thread at a time.
 */
final class Planning implements Router.Planned {
    private static final int TARGETS_LIMIT = 16;
    private static final int OF_THE_NAME = -1;

    private final Router router;
    private final ChatRequest request;
    private final Ability ability;
    private final List<String> chain;
    private final Router.Planned planned;
    private final Set<Target> all = new LinkedHashSet<>();
    /** What a name pinned is tried whatever is known of it. */
    private final Set<Target> kept = new HashSet<>();

    private final Needs needs;
    private @Nullable GatewayException failure;
    /** The fallback whose targets are looked for. */
    private int at = OF_THE_NAME;

    /** @param chain what may be tried behind the name; empty = nothing */
    Planning(Router router, ChatRequest request, Ability ability, List<String> chain, Router.Planned planned) {
        this.router = router;
        this.request = request;
        this.ability = ability;
        this.chain = chain;
        this.planned = planned;
        this.needs = new Needs(request);
    }

    void start() {
        List<String> fallbacks = request.fallbacks();
        if (fallbacks.size() > TARGETS_LIMIT) {
            refuse("fallbacks", "names " + fallbacks.size() + " targets; at most " + TARGETS_LIMIT + " are tried.");
        } else if (!readable(request.model())) {
            refuse("model", "holds control characters; GET /v1/models lists the names there are.");
        } else if (!fallbacks.stream().allMatch(Planning::readable)) {
            refuse("fallbacks", "holds control characters; GET /v1/models lists the names there are.");
        } else {
            router.resolve(request, ability, this);
        }
    }

    /** Names go into messages, logs and headers. */
    private static boolean readable(String name) {
        return name.chars().noneMatch(Character::isISOControl);
    }

    private void refuse(String field, String why) {
        planned.failed(new GatewayException(ErrorKind.INVALID_REQUEST, field + " " + why).withParameter(field));
    }

    @Override
    public Trail trail() {
        return planned.trail();
    }

    @Override
    public boolean dryRun() {
        return planned.dryRun();
    }

    @Override
    public void pinned(Target target) {
        kept.add(target);
        targets(List.of(target));
    }

    @Override
    public List<Candidate> able(List<Candidate> candidates) {
        return able(candidates, Planning::targetOf);
    }

    private static @Nullable Target targetOf(Candidate candidate) {
        String model = candidate.model();
        return model == null ? null : new Target(candidate.provider(), model);
    }

    /** Leaves out whose model is known to lack what the request needs, unless that is everybody. */
    private <T> List<T> able(Collection<T> all, Function<T, @Nullable Target> target) {
        // A batch of embeddings is no conversation: each input has the context to itself.
        if (all.size() < 2 || ability == Ability.EMBEDDINGS) {
            return List.copyOf(all);
        }
        List<T> able = new ArrayList<>();
        Map<String, String> lacking = new LinkedHashMap<>();
        boolean askable = false;
        for (T one : all) {
            Target to = target.apply(one);
            Model known =
                    to == null || kept.contains(to) ? null : router.names().facts(to);
            String lack = known == null ? null : needs.lackedBy(known);
            if (lack == null) {
                able.add(one);
                askable |= to != null;
            } else {
                lacking.put(String.valueOf(to), lack);
            }
        }
        trail().needs(needs.found());
        if (!askable) {
            return List.copyOf(all);
        }
        lacking.forEach(trail()::leftOut);
        return able;
    }

    @Override
    public void targets(List<Target> found) {
        all.addAll(found);
        further();
    }

    @Override
    public void failed(GatewayException why) {
        if (at == OF_THE_NAME) {
            boolean open = why.kind() == ErrorKind.NO_ROUTE && request.model().equals(Router.AUTO);
            if (open || (unserved(why) && !request.fallbacks().isEmpty())) {
                failure = why;
                trail().leftOut(request.model(), why.message());
                further();
            } else {
                planned.failed(why);
            }
        } else if (why.kind() == ErrorKind.NO_ROUTE) {
            trail().leftOut(request.fallbacks().get(at), why.message());
            further();
        } else {
            String field = "fallbacks[" + at + "]";
            planned.failed(why.withMessage(field + ": " + why.message()).withParameter(field));
        }
    }

    private static boolean unserved(GatewayException failure) {
        return failure.kind() == ErrorKind.NO_ROUTE || failure.kind() == ErrorKind.MODEL_NOT_FOUND;
    }

    private void further() {
        at++;
        if (at < request.fallbacks().size()) {
            router.resolveFallback(request.withModel(request.fallbacks().get(at)), ability, this);
            return;
        }
        if (request.fallbacks().isEmpty() && !chain.isEmpty()) {
            addChain();
        }
        if (all.isEmpty()) {
            planned.failed(failure == null ? router.names().unknown(request.model()) : failure);
        } else {
            List<Target> able = able(all, one -> one);
            able.stream()
                    .skip(TARGETS_LIMIT)
                    .forEach(one -> trail().leftOut(one.toString(), "at most " + TARGETS_LIMIT + " targets are tried"));
            List<Target> order = able.stream().limit(TARGETS_LIMIT).toList();
            trail().order(order);
            planned.targets(order);
        }
    }

    /** The entries behind the first one that stands for a target of the name; behind an open choice, all. */
    private void addChain() {
        Set<Target> found = Set.copyOf(all);
        boolean linked = request.model().equals(Router.AUTO);
        for (String entry : chain) {
            Target target = linked ? router.names().live(entry, ability) : null;
            if (target != null) {
                all.add(target);
            } else if (linked) {
                trail().leftOut(entry, "it cannot be asked now; see /v1/providers");
            }
            linked = linked || found.stream().anyMatch(one -> router.names().standsFor(entry, one, ability));
        }
    }
}
