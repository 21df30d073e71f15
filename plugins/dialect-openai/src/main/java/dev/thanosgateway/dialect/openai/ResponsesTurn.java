package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.SocketTurn;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One message on a socket and its answer: the events of the stream over HTTP, each as a message, and what of them the
 * next request may build on.
 */
final class ResponsesTurn implements SocketTurn {
    private final @Nullable ResponsesEndpoint responses;
    private final @Nullable RequestBody body;
    private final @Nullable ChatRequest request;
    private final SocketItems items;
    private final ByteBuffer memory;
    private final SocketEvents events = new SocketEvents();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private @Nullable ChatWriter writer;
    private String id = "";
    private boolean relayed;
    private boolean complete;

    /** A message that needs no answer. */
    ResponsesTurn(ByteBuffer memory) {
        this.responses = null;
        this.body = null;
        this.request = null;
        this.items = new SocketItems();
        this.memory = memory;
    }

    /**
     * @param body of the request as it would be over HTTP
     * @param items of all of its input
     * @param generates whether a model answers
     */
    ResponsesTurn(ResponsesEndpoint responses, RequestBody body, SocketItems items, boolean generates)
            throws GatewayException {
        this.responses = responses;
        this.body = body;
        this.request = generates ? responses.request(body) : null;
        this.items = items;
        this.memory = ByteBuffer.allocate(0);
    }

    @Override
    public @Nullable ChatRequest request() {
        return request;
    }

    @Override
    public void begin(Served served) {
        if (responses == null || request == null) {
            throw new IllegalStateException("a message without a request");
        }
        events.answers(served.requestId());
        writer = responses.stream(request, served);
    }

    private ChatWriter writer() {
        ChatWriter begun = writer;
        if (begun == null) {
            throw new IllegalStateException("an answer goes on that has not begun");
        }
        return begun;
    }

    @Override
    public void event(ChatEvent event, Consumer<ByteBuffer> messages) {
        writer().event(event, written);
        tell(messages);
    }

    @Override
    public void frames(ByteBuffer frames, Consumer<ByteBuffer> messages) {
        relayed = true;
        written.writeBytes(ChatOriginal.copy(frames));
        tell(messages);
    }

    private void tell(Consumer<ByteBuffer> messages) {
        for (byte[] message : events.of(written.toByteArray())) {
            learn(message);
            messages.accept(ByteBuffer.wrap(message));
        }
        written.reset();
    }

    @Override
    public long kept() {
        return items.size() + (writer == null ? 0 : writer.kept());
    }

    @Override
    public void end(Consumer<ByteBuffer> messages) {
        if (request == null && body != null) {
            id = WarmUp.tell(body, messages);
            complete = true;
        }
    }

    @Override
    public ByteBuffer memory() {
        if (body == null) {
            return memory;
        }
        return complete ? SocketPast.write(id, items) : ByteBuffer.allocate(0);
    }

    /** Keeps what an event says of the response's id and of the items that are done. */
    private void learn(byte[] message) {
        JsonReader json = JsonReader.lenient(message, 0, message.length);
        try {
            if (json.peek() != '{') {
                return;
            }
            String type = SocketRequest.text(JsonReader.lenient(message, 0, message.length), "type");
            if (type == null) {
                return;
            }
            switch (type) {
                case "response.output_item.done" -> item(message, json);
                case "response.completed", "response.incomplete" -> {
                    complete = true;
                    String said = inner(json, "response");
                    id = said == null ? "" : said;
                }
                default -> {}
            }
        } catch (JsonException e) {
            // The reader of the message reports what is wrong with it. Nothing of it is kept.
            complete = false;
        }
    }

    private void item(byte[] message, JsonReader json) throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            boolean wanted = json.name().equals("item") && json.peek() == '{';
            int from = json.position();
            json.skip();
            if (wanted && counts(message, from, json.position())) {
                items.append(Arrays.copyOfRange(message, from, json.position()));
            }
        }
    }

    /** An upstream that stores nothing does not know its own thoughts again, unless they are whole, encrypted. */
    private boolean counts(byte[] message, int from, int to) throws JsonException {
        boolean thought = "reasoning".equals(SocketRequest.text(JsonReader.lenient(message, from, to), "type"));
        return !relayed
                || !thought
                || SocketRequest.text(JsonReader.lenient(message, from, to), "encrypted_content") != null;
    }

    private static @Nullable String inner(JsonReader json, String wanted) throws JsonException {
        String found = null;
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals(wanted) && json.peek() == '{') {
                found = SocketRequest.text(json, "id");
            } else {
                json.skip();
            }
        }
        return found;
    }
}
