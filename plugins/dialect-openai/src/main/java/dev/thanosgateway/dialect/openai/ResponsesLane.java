package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Responses request to an upstream that has this operation: bytes go through, their meaning is read. */
final class ResponsesLane implements Lane {
    /** Where responses are asked for. */
    static final String PATH = "/v1/responses";

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final Set<String> OBJECTS = Set.of("response", "response.compaction");
    private static final Set<String> FAILED = Set.of("failed", "cancelled");
    /** What an item shows only by what is told of it later. */
    private static final Set<String> EMPTY_AT_FIRST = Set.of("message", "reasoning");

    private final ChatRequest request;
    private final String path;
    private final FittedResponse fitted;
    private byte[] body;
    private boolean complete;

    /** @param path of the operation: a response, or a compaction, which is answered likewise in one piece */
    ResponsesLane(ChatRequest request, String path, RequestBody asked, FittedResponse fitted) {
        this.request = request;
        this.path = path;
        this.fitted = fitted;
        try {
            Edits edits = EncryptedReasoning.withoutForeign(asked.member("input"));
            edits.addAll(fitted.edits());
            body = asked.relay(request.model(), edits, fitted.removed());
        } catch (dev.thanosgateway.wire.json.JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public byte[] request() {
        byte[] once = body;
        // Whoever sends it lets it go; the answer may take long.
        body = new byte[0];
        return once;
    }

    @Override
    public HttpCall marked(HttpCall call) {
        return call.withDropped(fitted.dropped()).asRelay();
    }

    @Override
    public boolean complete() {
        return complete;
    }

    /** What one event, or the answer in one piece, says of itself. */
    private static final class Told {
        private String type = "";
        private String object = "";
        private String status = "";
        private String item = "";
        private boolean says;
        private boolean output;
        private @Nullable Usage usage;
        private @Nullable GatewayException error;

        void read(JsonReader json) throws JsonException {
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (json.skipNull()) {
                    continue;
                }
                switch (name) {
                    case "type" -> type = ChoiceReader.text(json);
                    case "object" -> object = ChoiceReader.text(json);
                    case "status" -> status = ChoiceReader.text(json);
                    case "delta" -> {
                        int from = json.position();
                        json.skip();
                        says = json.position() - from > 2;
                    }
                    case "item" -> item = typeOf(json);
                    case "output" -> {
                        output = json.peek() == '[';
                        json.skip();
                    }
                    case "usage" -> usage = UsageJson.read(json);
                    case "error" -> error = UpstreamError.beside(json);
                    case "response" -> inner(json);
                    default -> json.skip();
                }
            }
        }

        /** The response an event carries says what became of it, but for the event's own type. */
        private void inner(JsonReader json) throws JsonException {
            if (json.peek() != '{') {
                json.skip();
                return;
            }
            Told response = new Told();
            response.read(json);
            usage = response.usage;
            error = error == null ? response.error : error;
        }

        private static String typeOf(JsonReader json) throws JsonException {
            Told item = new Told();
            if (json.peek() == '{') {
                item.read(json);
            } else {
                json.skip();
            }
            return item.type;
        }

        GatewayException failure() {
            return error == null ? NoAnswer.withoutReason() : error;
        }
    }

    @Override
    public void payload(byte[] bytes, int from, int to, int frame, Sink<ChatEvent> out) throws GatewayException {
        Told told = new Told();
        try {
            JsonReader json = JsonReader.lenient(bytes, from, to);
            told.read(json);
            json.end();
            if (told.type.equals("error") && told.error == null) {
                told.error = UpstreamError.within(JsonReader.lenient(bytes, from, to));
            }
        } catch (JsonException e) {
            throw NoAnswer.badPayload(e);
        }
        out.frame(ByteBuffer.wrap(frame(told.type, bytes, from, to)), meaning(told));
    }

    private Meaning meaning(Told told) throws GatewayException {
        switch (told.type) {
            case "response.completed", "response.incomplete" -> complete = true;
            case "response.failed", "response.cancelled", "error" -> throw told.failure();
            case "response.output_item.added" -> {
                return EMPTY_AT_FIRST.contains(told.item) || told.item.isEmpty() ? Meaning.PRELUDE : Meaning.CONTENT;
            }
            case "" -> {
                if (told.error != null) {
                    throw told.failure();
                }
            }
            default -> {}
        }
        boolean content = told.type.endsWith(".delta") && told.says;
        return (complete ? Meaning.FINISH : content ? Meaning.CONTENT : Meaning.PRELUDE).withUsage(told.usage);
    }

    /** The event named by its type, as it came; line feeds in it can only be white space, and must go. */
    private static byte[] frame(String type, byte[] bytes, int from, int to) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(to - from + type.length() + 24);
        boolean named = !type.isEmpty() && type.chars().allMatch(c -> c > ' ' && c < 127);
        frame.writeBytes(((named ? "event: " + type + "\n" : "") + "data: ").getBytes(StandardCharsets.US_ASCII));
        for (int i = from; i < to; i++) {
            frame.write(bytes[i] == '\n' ? ' ' : bytes[i]);
        }
        frame.write('\n');
        frame.write('\n');
        return frame.toByteArray();
    }

    @Override
    public void finish(boolean marked, Sink<ChatEvent> out) throws GatewayException {
        if (!complete) {
            throw Protocol.cut();
        }
        out.frame(NOTHING.duplicate(), Meaning.FINISH);
    }

    @Override
    public void whole(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        Told told = new Told();
        try {
            JsonReader json = JsonReader.lenient(bytes, from, to);
            told.read(json);
            json.end();
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        if (told.error != null || FAILED.contains(told.status)) {
            throw told.failure();
        }
        if (!told.output || !OBJECTS.contains(told.object)) {
            throw NoAnswer.noOutput();
        }
        if (request.stream()) {
            throw NoAnswer.notStreamed();
        }
        out.frame(ByteBuffer.wrap(bytes, from, to - from), Meaning.FINISH.withUsage(told.usage));
    }
}
