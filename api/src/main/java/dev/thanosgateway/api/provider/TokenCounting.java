package dev.thanosgateway.api.provider;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import org.osgi.annotation.versioning.ConsumerType;

/** A provider that counts what a chat would cost in tokens, without serving it. The call must be one that is never billed. */
@ConsumerType
public interface TokenCounting extends Provider {
    /**
     * Begins one count. {@code request.model()} is the provider's own name for the model. Does not block. The exchange
     * gives one count or, on the relay lane, one frame that means {@link Meaning#FINISH}.
     *
     * @throws GatewayException UNSUPPORTED or INVALID_REQUEST before anything is sent
     */
    Exchange<TokenCount> countTokens(ChatRequest request) throws GatewayException;
}
