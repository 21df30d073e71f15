package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.decision.Asked;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks a target, and answers here where its provider cannot say what is asked: none of its requests, or not this one.
 *
 * @param <T> what the target gives
 */
final class HereAttempt<T> implements Attempt, Attempt.Told<T> {
    private final Told<T> told;
    private final Answering<T> here;
    private final LiveProvider provider;
    private @Nullable Attempt asked;
    private volatile boolean over;

    /** Makes the answer that needs no upstream. */
    interface Answering<T> {
        /** @return everything, in order */
        List<T> answer() throws GatewayException;
    }

    HereAttempt(Told<T> told, Answering<T> here, LiveProvider provider) {
        this.told = told;
        this.here = here;
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
        Attempt asking = asked;
        if (asking == null) {
            answer();
        } else {
            asking.start();
        }
    }

    /** This may read the request, which is the dialect's code: on the lane where a provider would read it. */
    private void answer() {
        provider.lanes()
                .open(refusal -> told.failed(this, PluginFailures.ofLane(refusal)))
                .execute(() -> {
                    if (over) {
                        return;
                    }
                    SliceOutput<T> out = new SliceOutput<>(false);
                    try {
                        for (T one : here.answer()) {
                            out.event(one);
                        }
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
        Attempt asking = asked;
        if (asking != null) {
            asking.demand();
        }
    }

    @Override
    public void tick(long nanos) {
        Attempt asking = asked;
        if (asking != null) {
            asking.tick(nanos);
        }
    }

    @Override
    public void abort() {
        over = true;
        Attempt asking = asked;
        if (asking == null) {
            provider.release();
        } else {
            asking.abort();
        }
    }

    @Override
    public void took(Attempt attempt, SliceOutput<T> output) {
        told.took(this, output);
    }

    @Override
    public void head(Attempt attempt, List<Map.Entry<String, String>> headers) {
        told.head(this, headers);
    }

    @Override
    public void sends(int bytes) throws GatewayException {
        told.sends(bytes);
    }

    @Override
    public void ended(Attempt attempt, SliceOutput<T> output) {
        told.ended(this, output);
    }

    @Override
    public void failed(Attempt attempt, GatewayException failure) {
        if (failure.kind() == ErrorKind.UNSUPPORTED) {
            answer();
        } else {
            told.failed(this, failure);
        }
    }

    @Override
    public boolean committed() {
        return told.committed();
    }
}
