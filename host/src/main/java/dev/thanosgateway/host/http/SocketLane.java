package dev.thanosgateway.host.http;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where the code of one message's dialect runs. The dialect's lease goes back when the answer has ended and no step of it
 * runs any more: a client or a lane fails on another thread than the one that runs a step.
 */
final class SocketLane {
    private final LiveDialect dialect;
    private final Lane lane;
    /** One until {@link #close}, and one for each step that runs. */
    private final AtomicInteger uses = new AtomicInteger(1);

    /**
     * @param leased is given back here
     * @param failed as {@link Lane.Factory#open} has it
     */
    SocketLane(LiveDialect leased, Consumer<GatewayException> failed) {
        this.dialect = leased;
        this.lane = leased.lanes().open(failed);
    }

    /** Runs a step, which does not throw, unless the answer has ended. */
    void execute(Runnable step) {
        lane.execute(() -> {
            if (uses.getAndUpdate(now -> now == 0 ? 0 : now + 1) == 0) {
                return;
            }
            try {
                step.run();
            } finally {
                release();
            }
        });
    }

    /** The answer has ended. Once. */
    void close() {
        release();
    }

    private void release() {
        if (uses.decrementAndGet() == 0) {
            dialect.release();
        }
    }
}
