package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeBody;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One chat at an upstream: its request relayed or written, its answer read as a whole or by lines. */
final class ChatExchange implements Exchange<ChatEvent> {
    private final ChatRequest request;
    private final Auth auth;
    private final @Nullable Operation relayed;
    private final LineReader lines = new LineReader(this::line);
    private final WholeBody whole = new WholeBody();
    private @Nullable Sink<ChatEvent> sink;
    private boolean ending;
    private boolean started;
    private boolean done;
    private @Nullable AnswerReader reader;
    private @Nullable ModelFit fit;

    ChatExchange(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        Operation operation = OllamaOriginal.operation(request.original());
        this.relayed = operation != null && operation.isChat() ? operation : null;
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        HttpCall call;
        if (relayed != null && original != null) {
            RequestScan scan = OllamaOriginal.scan(relayed, original);
            call = HttpCall.postJson(relayed.path(), ByteBuffer.wrap(scan.relay(request)), auth)
                    .withDropped(scan.dropped(request.traits()))
                    .asRelay();
        } else {
            ModelFit fitted = ModelFit.of(request);
            fit = fitted;
            RequestWriter writer = new RequestWriter(request, fitted);
            Operation asked = FillIn.of(fitted.content()) == null ? Operation.CHAT : Operation.GENERATE;
            call = HttpCall.postJson(asked.path(), ByteBuffer.wrap(writer.write()), auth)
                    .withDropped(writer.dropped());
        }
        return call.withHeader("accept", request.stream() ? "application/x-ndjson" : "application/json");
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        String said = headers.first("content-type");
        String type = said == null ? "" : said.toLowerCase(Locale.ROOT).strip();
        if (type.startsWith("text/html")) {
            throw Protocol.html();
        }
        if (type.startsWith("text/event-stream")) {
            throw Protocol.failure(
                    "The upstream answered server-sent events instead of lines of JSON. Check the provider's type.");
        }
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        if (!request.stream()) {
            whole.add(slice);
        } else if (!done) {
            // What follows the last line of an answer is no part of it.
            sink = out;
            lines.feed(slice);
            sink = null;
        }
    }

    private void line(byte[] bytes, int to) throws GatewayException {
        Sink<ChatEvent> out = sink;
        if (done || out == null) {
            return;
        }
        Value piece;
        try {
            piece = Value.answered(bytes, 0, to);
        } catch (GatewayException e) {
            // A last line that was cut is an end that came too early, whatever is left of it.
            throw ending && started ? Protocol.cut() : e;
        }
        try {
            Map<String, Value> members = Answers.members(piece);
            if (relayed == null) {
                done = reader().read(members, restoring(out));
            } else {
                Meaning meaning = Answers.meaning(members);
                done = meaning.finish();
                out.frame(ByteBuffer.wrap(ended(bytes, to)), meaning);
            }
            started = true;
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    /** Of a chat that was translated, the tools have the caller's names. */
    private Sink<ChatEvent> restoring(Sink<ChatEvent> out) {
        return fit == null ? out : fit.restoring(out);
    }

    private AnswerReader reader() {
        AnswerReader known =
                reader == null ? new AnswerReader(fit == null ? null : ForcedCall.of(fit.content())) : reader;
        reader = known;
        return known;
    }

    /** The line with its line feed, which the last one may lack. */
    private static byte[] ended(byte[] bytes, int to) {
        if (bytes[to - 1] == '\n') {
            return Arrays.copyOf(bytes, to);
        }
        byte[] ended = Arrays.copyOf(bytes, to + 1);
        ended[to] = '\n';
        return ended;
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        if (!request.stream()) {
            whole(out);
            return;
        }
        sink = out;
        ending = true;
        lines.end();
        if (!done) {
            throw started ? Protocol.cut() : Protocol.empty();
        }
    }

    private void whole(Sink<ChatEvent> out) throws GatewayException {
        Value answer = Value.answered(whole.bytes(), whole.begin(), whole.size());
        try {
            Map<String, Value> members = Answers.members(answer);
            if (!Answers.done(members)) {
                throw Protocol.failure(
                        "The upstream's answer is not finished. Check that the provider's endpoint is an Ollama.");
            }
            if (relayed == null) {
                reader().read(members, restoring(out));
            } else {
                out.frame(whole.raw(), Answers.meaning(members));
            }
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
