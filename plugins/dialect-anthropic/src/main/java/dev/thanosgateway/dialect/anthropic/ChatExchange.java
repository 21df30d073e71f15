package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeBody;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.sse.SseReader;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One chat at an upstream: chooses the lane, and takes the answer's body apart for it. */
final class ChatExchange implements Exchange<ChatEvent> {
    /** How the body must be read. */
    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final boolean stream;
    private final Lane lane;
    private final SseReader events = new SseReader(this::payload);
    private final WholeBody whole = new WholeBody();
    private Form form = Form.UNKNOWN;
    private @Nullable Sink<ChatEvent> sink;
    private boolean done;

    ChatExchange(ChatRequest request, Auth auth) {
        this.stream = request.stream();
        Original original = request.original();
        this.lane = original != null && MessagesOriginal.is(MessagesOriginal.CREATE, original)
                ? new RelayLane(request, original, auth)
                : new EventLane(request, auth);
    }

    @Override
    public HttpCall call() throws GatewayException {
        return lane.call().withHeader("accept", stream ? "text/event-stream" : "application/json");
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        String said = headers.first("content-type");
        String type = said == null ? "" : said.toLowerCase(Locale.ROOT).strip();
        if (type.startsWith("text/html")) {
            throw Protocol.html();
        }
        if (type.startsWith("text/event-stream") && !stream) {
            throw Protocol.streamed();
        }
        // What a stream is said to be is not believed: some call their events JSON, or their JSON error events.
        form = stream ? Form.UNKNOWN : Form.WHOLE;
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        if (form == Form.UNKNOWN) {
            form = guess(slice);
        }
        if (form == Form.EVENTS) {
            sink = out;
            events.feed(slice);
            sink = null;
        } else if (form == Form.WHOLE) {
            whole.add(slice);
        }
    }

    /** By the first byte that is no white space: no line of a stream begins with an object or with markup. */
    private static Form guess(ByteBuffer slice) {
        for (int i = slice.position(); i < slice.limit(); i++) {
            byte c = slice.get(i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c == '{' || c == '<' ? Form.WHOLE : Form.EVENTS;
            }
        }
        return Form.UNKNOWN;
    }

    private void payload(byte[] bytes, int from, int to, int frame) throws GatewayException {
        Sink<ChatEvent> out = sink;
        if (done || out == null || from == to) {
            return;
        }
        if (bytes[from] == '[') {
            // The end mark of another language, which some endpoints send here too.
            return;
        }
        try {
            Map<String, Value> members = Value.lenient(bytes, from, to).members();
            Value typed = members.get("type");
            String name = events.event();
            String type = typed == null ? name : typed.text();
            switch (type) {
                case "" -> throw new JsonException("type", "is required");
                case "error" -> throw UpstreamError.within(members);
                default -> {
                    done = type.equals("message_stop");
                    lane.event(type, members, name, ByteBuffer.wrap(bytes, from, to - from), out);
                }
            }
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
        if (done) {
            lane.finish(out);
        }
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        if (form == Form.WHOLE) {
            wholeEnd(out);
            return;
        }
        if (form == Form.UNKNOWN) {
            throw Protocol.empty();
        }
        sink = out;
        boolean complete = lane.complete();
        try {
            events.end();
        } catch (GatewayException e) {
            // What is cut behind the finish was decoration.
            if (!complete) {
                throw e;
            }
        }
        if (!done) {
            lane.finish(out);
        }
    }

    private void wholeEnd(Sink<ChatEvent> out) throws GatewayException {
        Value answer = Value.answered(whole.bytes(), whole.begin(), whole.size());
        try {
            Map<String, Value> members = answer.members();
            Value type = members.get("type");
            Value error = members.get("error");
            if (error != null || (type != null && type.isString() && type.text().equals("error"))) {
                throw UpstreamError.within(members);
            }
            Value content = members.get("content");
            if (content == null || !content.isArray()) {
                throw Protocol.failure("The upstream's answer has no content. Check that the provider's endpoint is"
                        + " Anthropic's messages API.");
            }
            lane.whole(members, whole.raw(), out);
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
