package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Target;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
                further();
            } else {
                planned.failed(why);
            }
        } else if (why.kind() == ErrorKind.NO_ROUTE) {
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
            planned.failed(failure == null ? router.unknown(request.model()) : failure);
        } else {
            planned.targets(all.stream().limit(TARGETS_LIMIT).toList());
        }
    }

    /** The entries behind the first one that stands for a target of the name; behind an open choice, all. */
    private void addChain() {
        Set<Target> found = Set.copyOf(all);
        boolean linked = request.model().equals(Router.AUTO);
        for (String entry : chain) {
            Target target = linked ? router.live(entry, ability) : null;
            if (target != null) {
                all.add(target);
            }
            linked = linked || found.stream().anyMatch(one -> router.standsFor(entry, one));
        }
    }
}
