package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeBody;
import dev.thanosgateway.wire.json.ParserFault;
import dev.thanosgateway.wire.sse.SseReader;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One chat at an upstream: chooses the lane, and takes the answer's body apart for it. */
final class ChatExchange implements Exchange<ChatEvent> {
    /** How the body must be read. */
    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final ChatRequest request;
    private final Auth auth;
    private final Lane lane;
    private final SseReader events = new SseReader(this::payload);
    private final WholeBody whole = new WholeBody();
    private Form form = Form.UNKNOWN;
    private boolean begun;
    private boolean ending;
    private @Nullable Sink<ChatEvent> sink;

    ChatExchange(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        Original original = request.original();
        Operation operation = GeminiOriginal.operation(original);
        this.lane = original != null && operation != null && operation.isChat(request.stream())
                ? new RelayLane(original, operation, request.traits().flag(Trait.SIGNED, false))
                : new EventLane(request);
    }

    @Override
    public HttpCall call() throws GatewayException {
        String verb = request.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent";
        HttpCall call = HttpCall.postJson(ModelPath.of(request.model()) + verb, ByteBuffer.wrap(lane.request()), auth);
        return (lane instanceof RelayLane ? call.asRelay() : call)
                .withDropped(lane.dropped())
                .withHeader("accept", request.stream() ? "text/event-stream" : "application/json");
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        String said = headers.first("content-type");
        if (said != null && said.toLowerCase(Locale.ROOT).strip().startsWith("text/html")) {
            throw Protocol.html();
        }
        form = request.stream() ? Form.UNKNOWN : Form.WHOLE;
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

    /** By the first byte that is no white space: a stream of errors, or of answers, may also be an array. */
    private static Form guess(ByteBuffer slice) {
        for (int i = slice.position(); i < slice.limit(); i++) {
            byte c = slice.get(i);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c == '{' || c == '[' || c == '<' ? Form.WHOLE : Form.EVENTS;
            }
        }
        return Form.UNKNOWN;
    }

    private void payload(byte[] bytes, int from, int to, int frame) throws GatewayException {
        Sink<ChatEvent> out = sink;
        if (out == null || from == to) {
            return;
        }
        JsonNode piece;
        try {
            piece = Trees.read(bytes, from, to);
        } catch (JacksonException e) {
            // A last frame that was cut is an end that came too early, whatever is left of it.
            throw ending && begun ? Protocol.cut() : Protocol.bad(ParserFault.clause(e, from, to));
        }
        piece(piece, ByteBuffer.wrap(bytes, from, to - from), out);
    }

    private void piece(JsonNode piece, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException {
        refuse(piece);
        begun = true;
        lane.piece(piece, raw, out);
    }

    /** What is no answer although the status was good. */
    private static void refuse(JsonNode answer) throws GatewayException {
        if (!answer.isObject()) {
            throw Protocol.bad("it is no object");
        }
        if (answer.has("error")) {
            throw UpstreamError.within(answer);
        }
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        switch (form) {
            case UNKNOWN -> throw Protocol.empty();
            case WHOLE -> whole(out);
            case EVENTS -> {
                sink = out;
                ending = true;
                boolean complete = lane.complete();
                try {
                    events.end();
                } catch (GatewayException e) {
                    // What is cut behind the finish was decoration.
                    if (!complete) {
                        throw e;
                    }
                }
                lane.finish(out);
            }
        }
    }

    private void whole(Sink<ChatEvent> out) throws GatewayException {
        JsonNode answer = Trees.answered(whole.bytes(), whole.begin(), whole.size());
        if (!request.stream()) {
            JsonNode only = answer.isArray() && answer.size() == 1 ? answer.get(0) : answer;
            refuse(only);
            lane.whole(only, whole.raw(), out);
            return;
        }
        for (JsonNode piece : answer.isArray() ? answer : Trees.array().add(answer)) {
            piece(piece, ByteBuffer.wrap(Trees.bytes(piece)), out);
        }
        lane.finish(out);
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
