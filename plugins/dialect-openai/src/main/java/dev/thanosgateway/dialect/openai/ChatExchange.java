package dev.thanosgateway.dialect.openai;

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
import dev.thanosgateway.wire.request.ModelFit;
import dev.thanosgateway.wire.sse.SseReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One chat at an upstream: chooses the lane, and takes the answer's body apart for it. */
final class ChatExchange implements Exchange<ChatEvent> {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    /** How the body must be read. */
    private enum Form {
        UNKNOWN,
        EVENTS,
        WHOLE
    }

    private final ChatRequest request;
    private final Quirks quirks;
    private final Auth auth;
    private final SseReader events = new SseReader(this::payload);
    private final WholeBody whole = new WholeBody();
    private Form form = Form.UNKNOWN;
    private @Nullable Lane lane;
    private @Nullable ModelFit fit;
    private @Nullable Sink<ChatEvent> sink;
    private boolean done;

    ChatExchange(ChatRequest request, Quirks quirks, Auth auth) {
        this.request = request;
        this.quirks = quirks;
        this.auth = auth;
    }

    @Override
    public HttpCall call() throws GatewayException {
        ByteBuffer body = ByteBuffer.wrap(lane().request());
        return lane().marked(HttpCall.postJson(lane().path(), body, auth)
                .withHeader("accept", request.stream() ? "text/event-stream" : "application/json"));
    }

    private Lane lane() throws GatewayException {
        Lane chosen = lane;
        if (chosen == null) {
            chosen = choose();
            lane = chosen;
        }
        return chosen;
    }

    private Lane choose() throws GatewayException {
        Original original = request.original();
        // First: what has no counterpart in a chat need not be read where it is relayed.
        if (original != null && quirks.relaysResponses(request) && BodyOriginal.is(original, BodyOriginal.RESPONSES)) {
            RequestBody asked = BodyOriginal.body(original);
            FittedResponse fitted = FittedResponse.of(asked, request.traits());
            if (fitted.renamesTools() || quirks.exceeds(request, asked)) {
                ModelFit whole = ModelFit.of(request);
                fit = whole;
                return new ResponseEventLane(request, whole);
            }
            return new ResponsesLane(request, ResponsesLane.PATH, asked, fitted);
        }
        boolean chats = !quirks.needsResponses(request);
        if (original != null && chats && ChatOriginal.same(original) && relays(original)) {
            return RelayLane.chat(request, original, quirks);
        }
        if (original != null
                && quirks.relaysCompletions(request)
                && BodyOriginal.is(original, BodyOriginal.COMPLETIONS)) {
            return RelayLane.completions(request, BodyOriginal.body(original));
        }
        if (original != null && BodyOriginal.is(original, BodyOriginal.COMPACT) && quirks.relays(request, "compact")) {
            RequestBody asked = BodyOriginal.body(original);
            return new ResponsesLane(request, CompactEndpoint.PATH, asked, FittedResponse.of(asked, request.traits()));
        }
        ModelFit fitted = ModelFit.of(request);
        fit = fitted;
        return chats ? new EventLane(request, quirks, fitted) : new ResponseEventLane(request, fitted);
    }

    /** Custom tools go as functions where the endpoint knows no others. */
    private boolean relays(Original original) throws GatewayException {
        return ToolTypes.takes(request.traits(), ToolTypes.CUSTOM)
                || !ChatOriginal.scan(original).facts().hasCustoms();
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        String said = headers.first("content-type");
        String type = said == null ? "" : said.toLowerCase(Locale.ROOT).strip();
        if (type.startsWith("text/html")) {
            throw Protocol.html();
        }
        if (type.startsWith("text/event-stream") && !request.stream()) {
            throw Protocol.streamed();
        }
        // What a stream is said to be is not believed: some call their events JSON, or their JSON error events.
        form = request.stream() ? Form.UNKNOWN : Form.WHOLE;
    }

    /** Of a chat that was translated, the tools have the caller's names. */
    private Sink<ChatEvent> restoring(Sink<ChatEvent> out) {
        return fit == null ? out : fit.restoring(out);
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        if (form == Form.UNKNOWN) {
            form = guess(slice);
        }
        if (form == Form.EVENTS) {
            sink = restoring(out);
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
        if (bytes[from] == '[' && Arrays.equals(bytes, from, Math.min(to, from + 6), DONE, 0, 6)) {
            done = true;
            lane().finish(true, out);
        } else {
            lane().payload(bytes, from, to, frame, out);
        }
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        if (form == Form.WHOLE) {
            lane().whole(whole.bytes(), whole.begin(), whole.size(), restoring(out));
            return;
        }
        if (form == Form.UNKNOWN) {
            throw Protocol.empty();
        }
        Sink<ChatEvent> restored = restoring(out);
        sink = restored;
        boolean complete = lane().complete();
        try {
            events.end();
        } catch (GatewayException e) {
            // What is cut behind the finish was decoration.
            if (!complete) {
                throw e;
            }
        }
        if (!done) {
            lane().finish(false, restored);
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
