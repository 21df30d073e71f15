package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.request.ModelFit;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A chat, or a legacy completion, whose caller and upstream speak this language both: bytes go through, changed only
 * where they must be.
 */
final class RelayLane implements Lane {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLANK_LINE = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Where legacy completions are asked for. */
    private static final String COMPLETIONS = "/v1/completions";

    private final ChatRequest request;
    private final String path;
    private byte[] body;
    private final int choices;
    private final @Nullable ModelFit fit;
    private final PayloadScan scan;
    private boolean finishTold;
    private boolean usageSent;
    private byte @Nullable [] usageFrame;
    /** The first chunk with a choice, of which the last one is made where the upstream sends none. */
    private byte @Nullable [] begun;

    private RelayLane(ChatRequest request, String path, byte[] body, int choices, @Nullable ModelFit fit) {
        this.request = request;
        this.path = path;
        this.body = body;
        this.choices = choices;
        this.fit = fit;
        this.scan = new PayloadScan(path.equals(EventLane.CHAT), fit);
    }

    /** @throws GatewayException UNSUPPORTED naming what the answer depends on and the model is known not to take */
    static RelayLane chat(ChatRequest request, Original original, Quirks quirks) throws GatewayException {
        ModelTraits traits = request.traits();
        RequestScan asked = ChatOriginal.scan(original);
        byte[] bytes = ChatOriginal.copy(original.bytes());
        int begin = ChatOriginal.bodyStart(bytes);
        ModelFit fit = null;
        if (asked.facts().mayExceed(traits, quirks.streamOptions(traits))) {
            fit = ModelFit.of(request);
            FittedRelay fitted = new FittedRelay(bytes, begin, asked.facts(), request.content(), fit, traits, quirks);
            byte[] changed = fitted.apply();
            if (changed != bytes) {
                bytes = changed;
                asked = RequestScan.of(bytes, begin);
            }
        }
        byte[] body = asked.relay(bytes, begin, request.model(), quirks.knownLimit(traits));
        return new RelayLane(request, EventLane.CHAT, body, asked.choices(), fit);
    }

    static RelayLane completions(ChatRequest request, RequestBody asked) throws GatewayException {
        return new RelayLane(
                request,
                COMPLETIONS,
                asked.relay(request.model(), new Edits(), Set.of()),
                Completion.of(asked).choices(),
                null);
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
        return fit == null ? call.asRelay() : call.withDropped(fit.dropped()).asRelay();
    }

    @Override
    public boolean complete() {
        return scan.complete();
    }

    @Override
    public void payload(byte[] bytes, int from, int to, int frame, Sink<ChatEvent> out) throws GatewayException {
        try {
            scan.chunk(bytes, from, to);
        } catch (JsonException e) {
            throw NoAnswer.badPayload(e);
        }
        if (begun == null && scan.choices() > 0) {
            begun = Arrays.copyOfRange(bytes, from, to);
        }
        Meaning meaning = meaning();
        if (scan.usagePresent()) {
            if (scan.choices() == 0) {
                usageChunk(bytes, from, to, meaning, out);
                return;
            }
            if (request.streamUsage() && scan.usage() != null) {
                Edits only = new Edits();
                only.replace(scan.choicesFrom(), scan.choicesTo(), "[]");
                usageFrame = frame(only, bytes, from, to);
            }
        }
        if (frame >= 0 && scan.edits().isEmpty()) {
            out.frame(ByteBuffer.wrap(bytes, frame, to + BLANK_LINE.length - frame), meaning);
        } else {
            out.frame(ByteBuffer.wrap(frame(scan.edits(), bytes, from, to)), meaning);
        }
    }

    private Meaning meaning() {
        boolean all = scan.complete() && (finishTold || scan.finished() >= choices);
        finishTold |= all;
        Meaning meaning = all ? Meaning.FINISH : scan.content() ? Meaning.CONTENT : Meaning.PRELUDE;
        return meaning.withUsage(scan.usage());
    }

    /** A chunk with nothing but usage: for the caller only if it asked, once, and behind everything else. */
    private void usageChunk(byte[] bytes, int from, int to, Meaning meaning, Sink<ChatEvent> out)
            throws GatewayException {
        if (request.streamUsage() && !usageSent) {
            usageFrame = frame(new Edits(), bytes, from, to);
        }
        if (usageFrame != null && finishTold) {
            sendUsage(meaning, out);
        } else {
            out.frame(NOTHING.duplicate(), meaning);
        }
    }

    private void sendUsage(Meaning meaning, Sink<ChatEvent> out) throws GatewayException {
        byte[] last = usageFrame;
        if (last != null) {
            usageFrame = null;
            if (!usageSent) {
                usageSent = true;
                out.frame(ByteBuffer.wrap(last), meaning);
            }
        }
    }

    /** A frame of the payload changed; line feeds in it can only be white space, and must go. */
    private static byte[] frame(Edits edits, byte[] bytes, int from, int to) {
        byte[] frame = edits.apply(bytes, from, to, DATA, BLANK_LINE);
        for (int i = DATA.length; i < frame.length - BLANK_LINE.length; i++) {
            if (frame[i] == '\n') {
                frame[i] = ' ';
            }
        }
        return frame;
    }

    @Override
    public void finish(boolean marked, Sink<ChatEvent> out) throws GatewayException {
        byte[] first = begun;
        if (marked && first != null && scan.saidEnough()) {
            byte[] last = LateFinish.chunk(first, scan.unfinished(), path.equals(EventLane.CHAT));
            scan.finishAll();
            finishTold = true;
            out.frame(ByteBuffer.wrap(frame(new Edits(), last, 0, last.length)), Meaning.FINISH);
        }
        if (!scan.complete()) {
            throw Protocol.cut();
        }
        if (!finishTold) {
            finishTold = true;
            out.frame(NOTHING.duplicate(), Meaning.FINISH);
        }
        sendUsage(Meaning.FINISH, out);
    }

    @Override
    public void whole(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        if (request.stream()) {
            if (path.equals(COMPLETIONS)) {
                throw NoAnswer.notStreamed();
            }
            asStream(bytes, from, to, out);
            return;
        }
        try {
            scan.whole(bytes, from, to);
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        if (scan.choices() == 0) {
            throw NoAnswer.noChoices();
        }
        byte[] answer = scan.edits().apply(bytes, from, to);
        out.frame(ByteBuffer.wrap(answer), Meaning.FINISH.withUsage(scan.usage()));
    }

    /** The upstream did not stream: its answer is told as one that is. */
    private void asStream(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        ChunkWriter writer = new ChunkWriter(
                "chatcmpl-" + UUID.randomUUID(),
                request.model(),
                Instant.now().getEpochSecond(),
                request.streamUsage());
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        EventLane events = new EventLane(request);
        events.tellWhole(bytes, from, to, told -> {
            ChatEvent event = restored(told);
            writer.event(event, frames);
            Meaning meaning = event instanceof ChatEvent.Finished f
                    ? Meaning.FINISH.withUsage(f.usage())
                    : event.isFirstEvent() ? Meaning.CONTENT : Meaning.PRELUDE;
            out.frame(ByteBuffer.wrap(frames.toByteArray()), meaning);
            frames.reset();
        });
    }

    /** Calls have the caller's names of tools. */
    private ChatEvent restored(ChatEvent event) {
        return fit != null && event instanceof ChatEvent.ToolCallStart call
                ? new ChatEvent.ToolCallStart(call.choice(), call.index(), call.id(), fit.callersName(call.name()))
                : event;
    }
}
