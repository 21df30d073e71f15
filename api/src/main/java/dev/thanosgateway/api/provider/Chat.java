package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import org.osgi.annotation.versioning.ConsumerType;

/** A provider that chats over HTTP. */
@ConsumerType
public interface Chat extends Provider {
    /**
     * Begins one conversation. {@code request.model()} is the provider's own name for the model. Does not block.
     *
     * @throws GatewayException UNSUPPORTED or INVALID_REQUEST before anything is sent
     */
    Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException;
}
