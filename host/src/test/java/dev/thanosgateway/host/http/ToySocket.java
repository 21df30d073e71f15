package dev.thanosgateway.host.http;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.SocketEndpoint;
import dev.thanosgateway.api.dialect.SocketTurn;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The toy language on a socket: a message is a request, each text of its answer one, and {@code .} the end. {@code past}
 * is answered with what is remembered: the texts of the last answer. {@code keeps=N} at the end of a
 * message has its answer keep so many bytes, as it says.
 */
record ToySocket(Toy.Language language) implements SocketEndpoint {
    @Override
    public boolean continues(Incoming message) {
        return Toy.text(message.body()).equals("past");
    }

    @Override
    public SocketTurn read(Incoming message, ByteBuffer memory) throws GatewayException {
        String text = Toy.text(message.body());
        return text.equals("past")
                ? new Turn(null, "past:" + Toy.text(memory), 0)
                : new Turn(language.read(message), "", kept(text));
    }

    private static long kept(String message) {
        int at = message.indexOf(" keeps=");
        return at < 0 ? 0 : Long.parseLong(message.substring(at + 7));
    }

    @Override
    public ByteBuffer error(GatewayException error, List<Map.Entry<String, String>> headers) {
        if (error.message().contains("unspeakable")) {
            throw new IllegalStateException("this error cannot be written");
        }
        return ByteBuffer.wrap(Toy.bytes("error " + error.kind() + " " + error.message() + " " + headers));
    }

    @Override
    public ByteBuffer expired(long minutes) {
        return ByteBuffer.wrap(Toy.bytes("expired after " + minutes));
    }

    private static final class Turn implements SocketTurn {
        private final @Nullable ChatRequest request;
        private final StringBuilder texts;
        private final long keeps;

        /** @param keeps bytes, once it has begun */
        Turn(@Nullable ChatRequest request, String known, long keeps) {
            this.keeps = keeps;
            this.request = request;
            this.texts = new StringBuilder(known);
        }

        @Override
        public @Nullable ChatRequest request() {
            return request;
        }

        @Override
        public void begin(Served served) {
            if (served.model().equals("unwritable")) {
                throw new IllegalStateException("this writer is broken");
            }
        }

        @Override
        public long kept() {
            return texts.isEmpty() ? 0 : keeps;
        }

        private void tell(String text, Consumer<ByteBuffer> messages) {
            texts.append(text);
            messages.accept(ByteBuffer.wrap(Toy.bytes(text)));
        }

        @Override
        public void event(ChatEvent event, Consumer<ByteBuffer> messages) {
            if (event instanceof ChatEvent.TextDelta delta) {
                tell(delta.text(), messages);
            }
        }

        @Override
        public void frames(ByteBuffer frames, Consumer<ByteBuffer> messages) {
            String text = Toy.text(frames);
            if (!text.isEmpty()) {
                tell(text, messages);
            }
        }

        @Override
        public void end(Consumer<ByteBuffer> messages) {
            messages.accept(ByteBuffer.wrap(Toy.bytes(request == null ? texts.toString() : ".")));
        }

        @Override
        public ByteBuffer memory() {
            return ByteBuffer.wrap(Toy.bytes(texts.toString()));
        }
    }
}
