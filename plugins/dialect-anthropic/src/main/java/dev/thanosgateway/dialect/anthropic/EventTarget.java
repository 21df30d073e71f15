package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;

/** Takes events in order. */
@FunctionalInterface
interface EventTarget {
    void event(ChatEvent event) throws GatewayException;
}
