package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import org.osgi.annotation.versioning.ConsumerType;

/** A provider that answers by itself instead of over HTTP: the second kind. Run by the host on a virtual thread. */
@ConsumerType
public interface LocalChat extends Provider {
    /**
     * Begins an answer. May block; the thread is interrupted when the caller goes away.
     *
     * @return a stream the host reads on one thread and always closes
     */
    ChatStream open(ChatRequest request) throws GatewayException;
}
