package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;

/** Takes an answer's events in order. */
@FunctionalInterface
interface EventTarget {
    void event(ChatEvent event) throws GatewayException;
}
