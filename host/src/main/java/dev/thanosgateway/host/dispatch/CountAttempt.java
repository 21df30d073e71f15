package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.host.decision.Asked;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has a chat's tokens counted, and estimates them where the provider does not count: none of its requests, or not this
 * one.
 */
final class CountAttempt implements Attempt, Attempt.Told<TokenCount> {
    private final Told<TokenCount> told;
    private final ChatRequest request;
    private final LiveProvider provider;
    private @Nullable Attempt asked;
    private volatile boolean over;

    CountAttempt(Told<TokenCount> told, ChatRequest request, LiveProvider provider) {
        this.told = told;
        this.request = request;
        this.provider = provider;
    }

    /** @param attempt tells this one; it owns the lease */
    void asks(Attempt attempt) {
        asked = attempt;
    }

    @Override
    public Asked asking() {
        return told.asking();
    }

    @Override
    public void start() {
        Attempt counting = asked;
        if (counting == null) {
            estimate();
        } else {
            counting.start();
        }
    }

    /** Reads the chat, which may be the dialect's code: on the lane where a provider would read it. */
    private void estimate() {
        provider.lanes()
                .open(refusal -> told.failed(this, PluginFailures.ofLane(refusal)))
                .execute(() -> {
                    if (over) {
                        return;
                    }
                    SliceOutput<TokenCount> out = new SliceOutput<>(false);
                    try {
                        out.event(TokenCount.estimate(request.content().estimatedTokens()));
                    } catch (GatewayException e) {
                        told.failed(this, e);
                        return;
                    } catch (Exception | Error e) {
                        told.failed(this, PluginFailures.of(provider.bundle(), e));
                        return;
                    } finally {
                        // An interrupt is meant for plugin code; a channel written to under one would be closed.
                        Thread.interrupted();
                    }
                    told.ended(this, out);
                });
    }

    @Override
    public void demand() {
        Attempt counting = asked;
        if (counting != null) {
            counting.demand();
        }
    }

    @Override
    public void tick(long nanos) {
        Attempt counting = asked;
        if (counting != null) {
            counting.tick(nanos);
        }
    }

    @Override
    public void abort() {
        over = true;
        Attempt counting = asked;
        if (counting == null) {
            provider.release();
        } else {
            counting.abort();
        }
    }

    @Override
    public void took(Attempt attempt, SliceOutput<TokenCount> output) {
        told.took(this, output);
    }

    @Override
    public void head(Attempt attempt, List<Map.Entry<String, String>> headers) {
        told.head(this, headers);
    }

    @Override
    public void ended(Attempt attempt, SliceOutput<TokenCount> output) {
        told.ended(this, output);
    }

    @Override
    public void failed(Attempt attempt, GatewayException failure) {
        if (failure.kind() == ErrorKind.UNSUPPORTED) {
            estimate();
        } else {
            told.failed(this, failure);
        }
    }

    @Override
    public boolean committed() {
        return told.committed();
    }
}
