package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import org.osgi.annotation.versioning.ConsumerType;

/** The answer of a {@link LocalChat}, pulled by the host at the caller's pace. */
@ConsumerType
public interface ChatStream extends AutoCloseable {
    /**
     * The next event; blocks until there is one. Called on one thread, never again after {@link ChatEvent.Finished}.
     *
     * @throws InterruptedException when the thread is interrupted: the caller has gone, stop now
     */
    ChatEvent next() throws GatewayException, InterruptedException;

    /** Ends the answer. Called once, on the thread that called {@link #next()}; must not block. */
    @Override
    void close();
}
