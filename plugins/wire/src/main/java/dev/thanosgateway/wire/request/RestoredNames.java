package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;

/** An exchange whose calls of tools get the names back that the caller knows. */
final class RestoredNames implements Exchange<ChatEvent> {
    private final Exchange<ChatEvent> exchange;
    private final ToolNames names;

    RestoredNames(Exchange<ChatEvent> exchange, ToolNames names) {
        this.exchange = exchange;
        this.names = names;
    }

    private final class Restoring implements Sink<ChatEvent> {
        private final Sink<ChatEvent> out;

        Restoring(Sink<ChatEvent> out) {
            this.out = out;
        }

        @Override
        public void event(ChatEvent event) throws GatewayException {
            out.event(
                    event instanceof ChatEvent.ToolCallStart call
                            ? new ChatEvent.ToolCallStart(
                                    call.choice(), call.index(), call.id(), names.whole(call.name()))
                            : event);
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) throws GatewayException {
            out.frame(bytes, meaning);
        }

        @Override
        public void then(Exchange<ChatEvent> next) {
            out.then(new RestoredNames(next, names));
        }
    }

    @Override
    public HttpCall call() throws GatewayException {
        return exchange.call();
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        exchange.head(status, headers, new Restoring(out));
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        exchange.body(slice, new Restoring(out));
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        exchange.end(new Restoring(out));
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return exchange.failure(status, headers, body);
    }
}
