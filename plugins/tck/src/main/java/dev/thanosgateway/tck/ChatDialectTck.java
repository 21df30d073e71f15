package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules of a dialect's answers in both directions, A01 to A04, each tried with answers made at random, whose seed a
 * failure tells: what faces upstreams reads what faces clients writes.
 */
public abstract class ChatDialectTck {
    private static final int ROUNDS = 500;

    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** A dialect as it is when its bundle has started. */
    protected abstract Dialect dialect();

    /** What a provider that speaks this language does with a request. */
    protected abstract Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException;

    /** What this language has no counterpart for; each belongs into its table of counterparts. */
    protected abstract Set<Lack> lacks();

    /** Sources of a first letter, as this language's own upstreams are read to give them. */
    protected List<ChatEvent.Citation> citations() {
        return List.of();
    }

    /** What else this language says of a whole answer, by name. */
    protected Map<String, Json> extensions() {
        return Map.of();
    }

    /** The proof of a thought, as this language's own upstreams are read to give it. */
    protected String signature() {
        return "c2ln";
    }

    /** A call's arguments as a whole answer tells them; a stream tells them as they come. */
    protected String arguments(String arguments) {
        return arguments;
    }

    /** What was counted as this language tells it, such as counts nobody told as none. */
    protected Usage counted(Usage usage) {
        return usage;
    }

    /** What is new in every writing, such as times, taken out. */
    protected String steady(String written) {
        return written;
    }

    /** What the upstream side asks, as the client side read it. */
    private record Asked(ChatRequest request, ChatEndpoint endpoint, ChatRequest read) {}

    private interface Rule {
        void check(List<ChatEvent> events) throws GatewayException;
    }

    private void rounds(Set<Lack> without, Rule rule) {
        GeneratedAnswers answers = new GeneratedAnswers(random, without, this);
        for (int round = 0; round < ROUNDS; round++) {
            List<ChatEvent> events = answers.next();
            try {
                rule.check(events);
            } catch (AssertionError | GatewayException e) {
                throw new AssertionError("-Dthanos.seed=" + seed + " round " + round + ": " + events, e);
            }
        }
    }

    private Asked asked(boolean stream) throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "hi")))
                .choices(lacks().contains(Lack.CHOICES) ? 1 : 3)
                .build();
        ChatRequest request = ChatRequest.builder("m").stream(stream)
                .streamUsage(true)
                .content(content)
                .build();
        HttpCall call = chat(request).call();
        String[] target = call.path().split("\\?", 2);
        String path = URLDecoder.decode(target[0].replace("+", "%2B"), StandardCharsets.UTF_8);
        Map<String, String> query = new HashMap<>();
        if (target.length == 2) {
            for (String pair : target[1].split("&")) {
                String[] named = pair.split("=", 2);
                query.put(named[0], named[1]);
            }
        }
        for (Route route : dialect().routes()) {
            String pattern = Pattern.quote(route.path()).replace("{model*}", "\\E(?<model>.+)\\Q");
            Matcher matcher = Pattern.compile(pattern).matcher(path);
            if (route.endpoint() instanceof ChatEndpoint endpoint && matcher.matches()) {
                byte[] body = bytes(call.body());
                return new Asked(
                        request, endpoint, endpoint.read(Exchanged.incoming(body, Map.of("model", "m"), query)));
            }
        }
        throw new AssertionError("No route for chats is at " + path + ".");
    }

    private static ChatResponse folded(List<ChatEvent> events) throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            fold.add(event);
        }
        return fold.response();
    }

    private static HttpBody whole(Asked asked, ChatResponse response) {
        return asked.endpoint().whole(asked.read(), Exchanged.served("a01"), response);
    }

    private static byte[] streamed(Asked asked, List<ChatEvent> events) {
        ChatWriter writer = asked.endpoint().stream(asked.read(), Exchanged.served("a01"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> writer.event(event, out));
        writer.end(out);
        return out.toByteArray();
    }

    private Outcome<ChatEvent> read(Asked asked, String type, byte[] answer) {
        int slice = 1 + random.nextInt(2000);
        RecordedAnswer recorded = RecordedAnswer.of(200, type, "").withBody(answer);
        return Replay.play(() -> chat(asked.request()), recorded, Replay.every(slice));
    }

    private Outcome<ChatEvent> readWhole(Asked asked, HttpBody body) {
        return read(asked, body.contentType(), bytes(body.bytes()));
    }

    private Outcome<ChatEvent> readStream(Asked asked, byte[] answer) {
        String type =
                asked.endpoint().stream(asked.read(), Exchanged.served("a01")).contentType();
        return read(asked, type, answer);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private String text(byte[] written) {
        return steady(new String(written, StandardCharsets.UTF_8));
    }

    @Test
    void a01_aWholeAnswerThatWasReadIsWrittenAsItWas() throws GatewayException {
        Asked asked = asked(false);
        rounds(Set.of(), events -> {
            HttpBody once = whole(asked, folded(events));
            Outcome<ChatEvent> read = once.status() == 200 ? readWhole(asked, once) : null;
            if (read != null && read.failure() == null) {
                HttpBody twice = whole(asked, read.response());
                assertThat(text(bytes(twice.bytes()))).isEqualTo(text(bytes(once.bytes())));
            }
        });
    }

    @Test
    void a02_aStreamThatWasReadIsWrittenAsItWas() throws GatewayException {
        Asked asked = asked(true);
        rounds(Set.of(), events -> {
            byte[] once = streamed(asked, events);
            Outcome<ChatEvent> read = readStream(asked, once);
            if (read.failure() == null) {
                assertThat(text(streamed(asked, read.results()))).isEqualTo(text(once));
            }
        });
    }

    @Test
    void a03_aStreamSaysWhatTheWholeAnswerSaysOrBothSayThatTheyCannot() throws GatewayException {
        Asked stream = asked(true);
        Asked asked = asked(false);
        rounds(Set.of(), events -> {
            HttpBody written = whole(asked, folded(events));
            Outcome<ChatEvent> streamed = readStream(stream, streamed(stream, events));
            Outcome<ChatEvent> read = written.status() == 200 ? readWhole(asked, written) : null;
            if (read != null && read.failure() == null) {
                assertThat(alike(streamed.response())).isEqualTo(alike(read.response()));
            } else {
                assertThat(streamed.failure()).isNotNull();
            }
        });
    }

    @Test
    void a04_whatTheLanguageHasWordsForArrives() throws GatewayException {
        Asked stream = asked(true);
        Asked asked = asked(false);
        rounds(lacks(), events -> {
            ChatResponse said = folded(events);
            assertThat(alike(readWhole(asked, whole(asked, said)).response())).isEqualTo(alike(said));
            assertThat(alike(readStream(stream, streamed(stream, events)).response()))
                    .isEqualTo(alike(said));
        });
    }

    /** The answer, a line each thing, without what this language cannot tell of it. */
    private String alike(ChatResponse answer) {
        Usage usage = answer.usage() == null ? null : counted(answer.usage());
        String model = lacks().contains(Lack.SERVED_MODEL) ? "" : answer.model();
        StringBuilder all = new StringBuilder("model " + model + "\nusage " + usage);
        all.append("\nextensions ").append(new TreeMap<>(answer.extensions()));
        all.append("\nid ").append(lacks().contains(Lack.IDS) ? "" : answer.id());
        all.append("\ncreated ").append(lacks().contains(Lack.CREATED) ? "" : answer.created());
        for (ChatResponse.Choice choice : answer.choices()) {
            List<Part> parts = lacks().contains(Lack.ORDER) ? sorted(choice.parts()) : choice.parts();
            all.append("\nchoice ").append(choice.index()).append(' ').append(choice.reason());
            all.append("\nstop ").append(choice.stopSequence());
            parts.forEach(part -> all.append("\npart ").append(spelled(part)));
            all.append("\ncitations ").append(choice.citations());
            all.append("\nlogprobs ").append(choice.logprobs());
            all.append("\nextensions ").append(choice.extensions());
        }
        return all.toString();
    }

    private Part spelled(Part part) {
        if (!(part instanceof Part.ToolCall call)) {
            return part;
        }
        String arguments = arguments(call.arguments());
        if (lacks().contains(Lack.SPELLING)) {
            try {
                arguments = JsonMapper.shared().readTree(arguments).toString();
            } catch (JacksonException e) {
                // It is no JSON, and has no other spelling.
            }
        }
        // A language may write arguments that are empty as the object that stands for none.
        return new Part.ToolCall(call.id(), call.name(), arguments.isEmpty() ? "{}" : arguments, call.hints());
    }

    /** Thoughts, words, refusals, each kind joined; then the others, kind by kind. */
    private static List<Part> sorted(List<Part> parts) {
        StringBuilder thoughts = new StringBuilder();
        StringBuilder words = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<Part> calls = new ArrayList<>();
        List<Part> rest = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Part.Reasoning p -> thoughts.append(p.text());
                case Part.Text p -> words.append(p.text());
                case Part.Refusal p -> refusal.append(p.text());
                case Part.ToolCall p -> calls.add(p);
                default -> rest.add(part);
            }
        }
        List<Part> sorted = new ArrayList<>();
        sorted.add(new Part.Reasoning(thoughts.toString(), null, Map.of()));
        sorted.add(new Part.Text(words.toString()));
        sorted.add(new Part.Refusal(refusal.toString(), Map.of()));
        sorted.addAll(calls);
        sorted.addAll(rest);
        return sorted;
    }
}
