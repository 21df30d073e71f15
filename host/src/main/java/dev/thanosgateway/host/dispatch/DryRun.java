package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.decision.Trail;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Plans a request as if it had come, asks nobody for an answer, and tells the plan. Used once. */
final class DryRun implements Router.Planned {
    private static final long LIMIT_SECONDS = 30;

    private final ChatService service;
    private final ChatRequest request;
    private final Trail trail;
    private final CompletableFuture<List<Target>> planned = new CompletableFuture<>();

    DryRun(ChatService service, ChatRequest request, Trail trail) {
        this.service = service;
        this.request = request;
        this.trail = trail;
    }

    @Override
    public void targets(List<Target> targets) {
        planned.complete(targets);
    }

    @Override
    public void failed(GatewayException failure) {
        planned.completeExceptionally(failure);
    }

    @Override
    public Trail trail() {
        return trail;
    }

    @Override
    public boolean dryRun() {
        return true;
    }

    /** Blocks while listings of models are fetched. What it tells is what JSON has. */
    Map<String, @Nullable Object> run() throws InterruptedException {
        service.router().plan(request, Ability.CHAT, this);
        List<Target> targets = List.of();
        String failure = null;
        try {
            targets = planned.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            failure = e.getCause() instanceof GatewayException why ? why.message() : e.toString();
        } catch (TimeoutException e) {
            failure = "There was no plan within " + LIMIT_SECONDS + " s.";
        }
        Map<String, String> aside = new LinkedHashMap<>();
        for (Target target : targets) {
            String why = aside(target);
            if (why != null) {
                aside.put(target.toString(), why);
            }
        }
        Map<String, @Nullable Object> told = trail.plan();
        told.put("set_aside", aside);
        told.put("failure", failure);
        return told;
    }

    private @Nullable String aside(Target target) {
        LiveProvider live = service.lease(target.provider());
        if (live == null) {
            return service.router().names().notServing(target.provider()).message();
        }
        try {
            Candidate candidate = Candidate.of(live.id(), live.type()).withModel(target.model());
            return service.targets().describe(candidate, live, request.stream()).unavailable();
        } finally {
            live.release();
        }
    }
}
