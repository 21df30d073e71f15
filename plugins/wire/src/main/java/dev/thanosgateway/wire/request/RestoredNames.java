package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;

/** Gives calls of tools the names back that the caller knows. */
record RestoredNames(Sink<ChatEvent> out, ToolNames names) implements Sink<ChatEvent> {
    @Override
    public void event(ChatEvent event) throws GatewayException {
        if (event instanceof ChatEvent.ToolCallStart call) {
            out.event(new ChatEvent.ToolCallStart(call.choice(), call.index(), call.id(), names.asked(call.name())));
        } else if (event instanceof ChatEvent.CustomCallStart call) {
            out.event(new ChatEvent.CustomCallStart(call.choice(), call.index(), call.id(), names.asked(call.name())));
        } else {
            out.event(event);
        }
    }

    @Override
    public void frame(ByteBuffer bytes, Meaning meaning) throws GatewayException {
        out.frame(bytes, meaning);
    }

    @Override
    public void then(Exchange<ChatEvent> next) {
        out.then(next);
    }
}
