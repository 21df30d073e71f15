package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plays the host: keeps what an exchange gives, checking the grammar; and what tests need to ask. */
final class Recorder<T> implements Sink<T> {
    static final TextEndpoint CHAT = new TextEndpoint(Operation.CHAT);
    static final TextEndpoint GENERATE = new TextEndpoint(Operation.GENERATE);
    static final Headers NDJSON = headers("content-type", "application/x-ndjson");

    final List<T> events = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<Meaning> meanings = new ArrayList<>();
    final ChatFold fold = new ChatFold();

    @Override
    public void event(T event) throws GatewayException {
        if (event instanceof ChatEvent e) {
            fold.add(e);
        }
        events.add(event);
    }

    @Override
    public void frame(ByteBuffer frame, Meaning meaning) {
        frames.add(StandardCharsets.UTF_8.decode(frame).toString());
        meanings.add(meaning);
    }

    @Override
    public void then(Exchange<T> next) {
        throw new IllegalStateException("no further call was expected");
    }

    static Headers headers(String... namesAndValues) {
        return new Headers() {
            @Override
            public String first(String name) {
                for (int i = 0; i < namesAndValues.length; i += 2) {
                    if (namesAndValues[i].equalsIgnoreCase(name)) {
                        return namesAndValues[i + 1];
                    }
                }
                return null;
            }

            @Override
            public List<String> all(String name) {
                String first = first(name);
                return first == null ? List.of() : List.of(first);
            }
        };
    }

    static Incoming incoming(byte[] body) {
        return new Incoming() {
            @Override
            public Map<String, String> pathParameters() {
                return Map.of();
            }

            @Override
            public String query(String name) {
                return null;
            }

            @Override
            public Headers headers() {
                return Recorder.headers();
            }

            @Override
            public ByteBuffer body() {
                return ByteBuffer.wrap(body).asReadOnlyBuffer();
            }
        };
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ChatRequest chat(String body) throws GatewayException {
        return CHAT.read(incoming(utf8(body)));
    }

    static ChatRequest generate(String body) throws GatewayException {
        return GENERATE.read(incoming(utf8(body)));
    }

    /** The same request for a provider that does not get its bytes. */
    static ChatRequest translated(ChatRequest read) throws GatewayException {
        return ChatRequest.builder(read.model()).stream(read.stream())
                .content(read.content())
                .build();
    }

    static HttpCall call(ChatRequest request) throws GatewayException {
        return Ollama.chat(request, Auth.NONE).call();
    }

    static String sent(ChatRequest request) throws GatewayException {
        return text(call(request).body());
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static String text(HttpBody body) {
        return text(body.bytes());
    }

    /** Gives {@code answer} in slices of {@code size} bytes. */
    static Recorder<ChatEvent> answer(ChatRequest request, byte[] answer, int size) throws GatewayException {
        Recorder<ChatEvent> out = new Recorder<>();
        Exchange<ChatEvent> exchange = Ollama.chat(request, Auth.NONE);
        exchange.call();
        exchange.head(200, NDJSON, out);
        for (int at = 0; at < answer.length; at += size) {
            int length = Math.min(size, answer.length - at);
            exchange.body(ByteBuffer.wrap(answer, at, length).slice().asReadOnlyBuffer(), out);
        }
        exchange.end(out);
        return out;
    }

    static Recorder<ChatEvent> answer(ChatRequest request, String answer) throws GatewayException {
        return answer(request, utf8(answer), Integer.MAX_VALUE / 2);
    }

    static Served served() {
        return new Served() {
            @Override
            public String requestId() {
                return "req-1";
            }

            @Override
            public String provider() {
                return "openai";
            }

            @Override
            public String model() {
                return "gpt-4o-mini";
            }

            @Override
            public long created() {
                return 1_700_000_000;
            }
        };
    }

    /** What a stream of these events looks like to a client. */
    static String written(TextEndpoint endpoint, ChatRequest request, ChatEvent... events) {
        ChatWriter writer = endpoint.stream(request, served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ChatEvent event : events) {
            writer.event(event, out);
        }
        writer.end(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Without what differs from run to run: times. */
    static String timeless(String json) {
        return json.replaceAll("\"created_at\":\"[^\"]*\"", "\"created_at\":T")
                .replaceAll("_duration\":\\d+", "_duration\":0");
    }
}
