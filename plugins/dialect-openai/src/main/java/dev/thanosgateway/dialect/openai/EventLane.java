package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A chat that is translated: the request written from its content, the answer read into events. */
final class EventLane implements Lane {
    /** Where chats are asked for. */
    static final String CHAT = "/v1/chat/completions";

    /** Names of members beside the choices, and sources, that one answer may have: what is told is remembered. */
    private static final int MOST_EXTENSIONS = 64;

    private static final int MOST_SOURCES = 1024;

    private final ChatRequest request;
    private final Quirks quirks;
    private final @Nullable ModelFit fit;
    private final Map<Integer, ChoiceReader> choices = new TreeMap<>();
    private final Set<String> told = new HashSet<>();
    private final Set<String> cited = new HashSet<>();
    private final @Nullable Foreign foreign;
    private boolean started;
    private @Nullable Usage usage;

    EventLane(ChatRequest request, Quirks quirks, ModelFit fit) {
        this.request = request;
        this.fit = fit;
        this.quirks = quirks;
        this.foreign = quirks.foreign();
    }

    /** A lane that only reads an answer. */
    EventLane(ChatRequest request) {
        this.request = request;
        this.fit = null;
        this.quirks = Quirks.NONE;
        this.foreign = null;
    }

    private ModelFit fit() {
        if (fit == null) {
            throw new IllegalStateException("this lane only reads");
        }
        return fit;
    }

    @Override
    public String path() {
        return CHAT;
    }

    @Override
    public byte[] request() throws GatewayException {
        ChatContent content = fit().content();
        Needed.check(content);
        return RequestWriter.write(request, content, quirks);
    }

    @Override
    public HttpCall marked(HttpCall call) throws GatewayException {
        return call.withDropped(RequestWriter.dropped(fit()));
    }

    @Override
    public boolean complete() {
        return !choices.isEmpty() && choices.values().stream().allMatch(ChoiceReader::finished);
    }

    @Override
    public void payload(byte[] bytes, int from, int to, int frame, Sink<ChatEvent> out) throws GatewayException {
        List<ChatEvent> strange = foreign == null ? null : foreign.read(bytes, from, to);
        if (strange != null) {
            for (ChatEvent event : strange) {
                tell(event, out);
            }
            return;
        }
        try {
            Payload payload = read(JsonReader.lenient(bytes, from, to), false);
            payload.tell(out::event);
            if (usage != null && payload.counted) {
                out.event(new ChatEvent.UsageSoFar(usage));
            }
        } catch (JsonException e) {
            throw NoAnswer.badPayload(e);
        }
    }

    /** An event that was read elsewhere: what begins and ends the answer is told here, once. */
    private void tell(ChatEvent event, Sink<ChatEvent> out) throws GatewayException {
        if (event instanceof ChatEvent.Finished end) {
            usage = end.usage() == null ? usage : end.usage();
            return;
        }
        if (event instanceof ChatEvent.UsageSoFar sofar) {
            usage = sofar.usage();
        }
        boolean first = event instanceof ChatEvent.Started;
        start(first ? (ChatEvent.Started) event : new ChatEvent.Started(null, null, 0), out::event);
        if (event.choice() >= 0) {
            choices.computeIfAbsent(event.choice(), ChoiceReader::new).tell(event, out::event);
        } else if (!first) {
            out.event(event);
        }
    }

    private void start(ChatEvent.Started event, EventTarget out) throws GatewayException {
        if (!started) {
            started = true;
            out.event(event);
        }
    }

    @Override
    public void whole(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException {
        tellWhole(bytes, from, to, out::event);
    }

    /** The events of an answer in one piece. */
    void tellWhole(byte[] bytes, int from, int to, EventTarget out) throws GatewayException {
        try {
            Payload payload = read(JsonReader.lenient(bytes, from, to), true);
            if (payload.deltas.isEmpty()) {
                throw NoAnswer.noChoices();
            }
            payload.tell(out);
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        finish(out);
    }

    @Override
    public void finish(boolean marked, Sink<ChatEvent> out) throws GatewayException {
        // Where languages mix, as at Omen, the mark also comes behind an answer that broke.
        if (marked && foreign == null) {
            for (ChoiceReader choice : choices.values()) {
                choice.end(out::event);
            }
        }
        finish(out::event);
    }

    private void finish(EventTarget out) throws GatewayException {
        if (!complete()) {
            throw Protocol.cut();
        }
        out.event(new ChatEvent.Finished(usage));
    }

    /** One chunk or whole answer; its members may come in any order. */
    private final class Payload {
        private @Nullable String id;
        private @Nullable String model;
        private long created;
        private boolean counted;
        private final Map<String, Json> extensions = new LinkedHashMap<>();
        private final Map<Integer, ChoiceReader.Delta> deltas = new TreeMap<>();
        private final List<String> sources = new ArrayList<>(0);

        void tell(EventTarget out) throws GatewayException {
            start(new ChatEvent.Started(id, model, created), out);
            for (Map.Entry<String, Json> extension : extensions.entrySet()) {
                if (told.add(extension.getKey())) {
                    out.event(new ChatEvent.Extension(
                            -1, ChatOriginal.DIALECT, extension.getKey(), extension.getValue()));
                }
            }
            cite();
            for (Map.Entry<Integer, ChoiceReader.Delta> delta : deltas.entrySet()) {
                choices.computeIfAbsent(delta.getKey(), ChoiceReader::new).tell(delta.getValue(), out);
            }
        }

        /** The first choice is the one they are about. */
        private void cite() {
            for (ChoiceReader.Delta first : deltas.values()) {
                for (String url : sources) {
                    if (!url.isEmpty() && cited.size() < MOST_SOURCES && cited.add(url)) {
                        first.cite(UrlCitation.of(url));
                    }
                }
                return;
            }
        }
    }

    /** Addresses beside the choices, as xAI and Perplexity name their sources, Perplexity in every chunk again. */
    private static void sources(Json citations, Payload payload) throws JsonException {
        byte[] bytes = citations.text().getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        if (json.peek() != '[') {
            return;
        }
        json.enterArray();
        while (json.nextElement()) {
            payload.sources.add(ChoiceReader.text(json));
        }
    }

    private Payload read(JsonReader json, boolean whole) throws JsonException, GatewayException {
        Payload payload = new Payload();
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (!json.skipNull()) {
                member(json, name, payload, whole);
            }
        }
        json.end();
        return payload;
    }

    private void member(JsonReader json, String name, Payload payload, boolean whole)
            throws JsonException, GatewayException {
        switch (name) {
            case "id" -> payload.id = ChoiceReader.text(json);
            case "model" -> payload.model = ChoiceReader.text(json);
            case "created" -> payload.created = ChoiceReader.count(json);
            case "object", "obfuscation" -> json.skip();
            case "error" -> {
                GatewayException failure = UpstreamError.beside(json);
                if (failure != null) {
                    throw failure;
                }
            }
            case "usage" -> {
                Usage counted = UsageJson.read(json);
                if (counted != null) {
                    usage = counted;
                    payload.counted = true;
                }
            }
            case "choices" -> {
                json.enterArray();
                while (json.nextElement()) {
                    ChoiceReader.Delta delta = ChoiceReader.read(json, whole);
                    payload.deltas.put(delta.index(), delta);
                }
            }
            default -> {
                boolean sources = name.equals("citations");
                if ((told.contains(name) || told.size() >= MOST_EXTENSIONS) && !sources) {
                    json.skip();
                    return;
                }
                Json value = json.json();
                payload.extensions.put(name, value);
                if (sources) {
                    sources(value, payload);
                }
            }
        }
    }
}
