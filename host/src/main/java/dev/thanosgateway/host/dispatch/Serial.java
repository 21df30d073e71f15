package dev.thanosgateway.host.dispatch;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of one call one at a time: at once on the thread that brings one, or, while another thread is at it,
 * on that thread afterwards. Nothing waits.
 */
final class Serial {
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

    private final Consumer<Throwable> defect;
    private final ArrayDeque<Runnable> later = new ArrayDeque<>(2);
    private boolean running;

    /** @param defect told what a step threw, before the next step runs */
    Serial(Consumer<Throwable> defect) {
        this.defect = defect;
    }

    void execute(Runnable step) {
        synchronized (later) {
            if (running) {
                later.add(step);
                return;
            }
            running = true;
        }
        for (Runnable next = step; next != null; next = next()) {
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A step of a call failed.", e);
                tell(e);
            }
        }
    }

    private void tell(Throwable thrown) {
        try {
            defect.accept(thrown);
        } catch (RuntimeException | Error e) {
            LOG.error("A call cannot even be failed.", e);
        }
    }

    private @Nullable Runnable next() {
        synchronized (later) {
            Runnable next = later.poll();
            running = next != null;
            return next;
        }
    }
}
