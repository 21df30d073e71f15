package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A chat whose caller and upstream speak this language both: bytes go through, changed only where they must be. */
final class RelayLane implements Lane {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final ChatRequest request;
    private final Original original;
    private final Auth auth;
    private final UsageJson usage = new UsageJson();
    private String model;
    private boolean started;
    private boolean visible;
    private boolean complete;

    RelayLane(ChatRequest request, Original original, Auth auth) {
        this.request = request;
        this.original = original;
        this.auth = auth;
        this.model = request.model();
    }

    @Override
    public HttpCall call() throws GatewayException {
        model = MessagesOriginal.model(original);
        return MessagesOriginal.relay(EventLane.PATH, request, original, auth);
    }

    @Override
    public boolean complete() {
        return complete;
    }

    @Override
    public void event(String type, Map<String, Value> members, String name, ByteBuffer data, Sink<ChatEvent> out)
            throws GatewayException, JsonException {
        Meaning meaning = meaning(type, members);
        Value message = members.get("message");
        ByteBuffer told = message != null && type.equals("message_start")
                ? renamed(message.members().get("model"), data)
                : data;
        out.frame(ByteBuffer.wrap(EventFrame.of(name.isEmpty() ? type : name, told)), meaning);
    }

    /**
     * The bytes with the name that the client asked for: it sends its thoughts back only if the answer has the same.
     *
     * @param said the model's name as the upstream has it, a place in {@code bytes}; null = it has none
     */
    private ByteBuffer renamed(@Nullable Value said, ByteBuffer bytes) throws JsonException {
        if (said == null || (said.isString() && said.text().equals(model))) {
            return bytes;
        }
        byte[] name = new JsonOut().value(model).toBytes();
        ByteBuffer before = bytes.duplicate().limit(said.from());
        ByteBuffer after = bytes.duplicate().position(said.to());
        return ByteBuffer.allocate(before.remaining() + name.length + after.remaining())
                .put(before)
                .put(name)
                .put(after)
                .flip();
    }

    private Meaning meaning(String type, Map<String, Value> members) throws JsonException, GatewayException {
        return switch (type) {
            case "message_start" -> {
                started = true;
                Value message = members.get("message");
                usage.read(message == null ? null : message.members().get("usage"));
                yield Meaning.PRELUDE.withUsage(usage.usage());
            }
            case "message_delta" -> {
                usage.read(members.get("usage"));
                Value delta = members.get("delta");
                Value reason = delta == null ? null : delta.members().get("stop_reason");
                if (reason != null && !reason.text().isEmpty()) {
                    needStart();
                    complete = true;
                }
                yield (complete ? Meaning.FINISH : Meaning.PRELUDE).withUsage(usage.usage());
            }
            case "content_block_start", "content_block_delta" -> {
                needStart();
                visible = visible || shows(members.get(type.endsWith("start") ? "content_block" : "delta"));
                yield visible ? Meaning.CONTENT : Meaning.PRELUDE;
            }
            case "message_stop" -> complete ? Meaning.FINISH : Meaning.PRELUDE;
            default -> Meaning.PRELUDE;
        };
    }

    private void needStart() throws GatewayException {
        if (!started) {
            throw Protocol.failure("The upstream sent an answer's content before its start.");
        }
    }

    /** Whether a block or a delta has something a caller can see: all do but empty text, thoughts and signatures. */
    private static boolean shows(@Nullable Value part) throws JsonException {
        if (part == null || !part.isObject()) {
            return false;
        }
        Map<String, Value> members = part.members();
        return switch (Members.text(members, "type")) {
            case "text", "text_delta" -> !Members.text(members, "text").isEmpty();
            case "thinking", "thinking_delta" ->
                !Members.text(members, "thinking").isEmpty();
            case "", "signature_delta", "citations_delta", "input_json_delta" -> false;
            default -> true;
        };
    }

    @Override
    public void finish(Sink<ChatEvent> out) throws GatewayException {
        if (!complete) {
            throw Protocol.cut();
        }
        out.frame(NOTHING.duplicate(), Meaning.FINISH);
    }

    @Override
    public void whole(Map<String, Value> members, ByteBuffer raw, Sink<ChatEvent> out)
            throws GatewayException, JsonException {
        if (request.stream()) {
            asStream(members, out);
            return;
        }
        usage.read(members.get("usage"));
        out.frame(renamed(members.get("model"), raw), Meaning.FINISH.withUsage(usage.usage()));
    }

    /** The upstream did not stream: its answer is told as one that is. */
    private void asStream(Map<String, Value> members, Sink<ChatEvent> out) throws GatewayException, JsonException {
        EventWriter writer = new EventWriter("msg_" + UUID.randomUUID(), model, "");
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        new EventReader(false).whole(members, event -> {
            writer.event(event, frames);
            Meaning meaning = event instanceof ChatEvent.Finished f
                    ? Meaning.FINISH.withUsage(f.usage())
                    : event.isFirstEvent() ? Meaning.CONTENT : Meaning.PRELUDE;
            out.frame(ByteBuffer.wrap(frames.toByteArray()), meaning);
            frames.reset();
        });
    }
}
