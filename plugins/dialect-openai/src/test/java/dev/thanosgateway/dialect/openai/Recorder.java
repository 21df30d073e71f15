package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
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
    final List<T> events = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<Meaning> meanings = new ArrayList<>();
    final ChatFold fold = new ChatFold();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Usage usage;

    @Override
    public void event(T event) throws GatewayException {
        if (event instanceof ChatEvent e) {
            fold.add(e);
        }
        events.add(event);
    }

    @Override
    public void frame(ByteBuffer frame, Meaning meaning) {
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        bytes.writeBytes(copy);
        frames.add(new String(copy, StandardCharsets.UTF_8));
        meanings.add(meaning);
        usage = meaning.usage() == null ? usage : meaning.usage();
    }

    @Override
    public void then(Exchange<T> next) {
        throw new IllegalStateException("no further call was expected");
    }

    /** All frames joined. */
    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    boolean finishTold() {
        return meanings.stream().anyMatch(Meaning::finish);
    }

    static final ChatEndpoint CHAT_COMPLETIONS = new ChatCompletions(false);
    static final ChatEndpoint CHAT = new ChatCompletions(true);
    static final ChatEndpoint RESPONSES = new ResponsesEndpoint();
    static final ChatEndpoint COMPLETIONS = new CompletionsEndpoint();
    static final Headers SSE = headers("content-type", "text/event-stream; charset=utf-8");
    static final Headers JSON = headers("content-type", "application/json");

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

    static ChatRequest read(String body) throws GatewayException {
        return read(CHAT_COMPLETIONS, body);
    }

    static ChatRequest read(ChatEndpoint endpoint, String body) throws GatewayException {
        return endpoint.read(incoming(utf8(body)));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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

    static String sent(ChatRequest request) throws GatewayException {
        return sent(request, Quirks.NONE);
    }

    static String sent(ChatRequest request, Quirks quirks) throws GatewayException {
        ByteBuffer body = OpenAi.chat(request, quirks, Auth.BEARER).call().body();
        return StandardCharsets.UTF_8.decode(body).toString();
    }

    /** Gives {@code answer} in slices of {@code size} bytes. */
    static Recorder<ChatEvent> answer(ChatRequest request, Headers headers, byte[] answer, int size)
            throws GatewayException {
        return answer(new Recorder<>(), request, headers, answer, size);
    }

    static Recorder<ChatEvent> answer(
            Recorder<ChatEvent> out, ChatRequest request, Headers headers, byte[] answer, int size)
            throws GatewayException {
        return answer(out, request, Quirks.NONE, headers, answer, size);
    }

    static Recorder<ChatEvent> answer(
            Recorder<ChatEvent> out, ChatRequest request, Quirks quirks, Headers headers, byte[] answer, int size)
            throws GatewayException {
        Exchange<ChatEvent> exchange = OpenAi.chat(request, quirks, Auth.BEARER);
        exchange.call();
        exchange.head(200, headers, out);
        for (int at = 0; at < answer.length; at += size) {
            int length = Math.min(size, answer.length - at);
            exchange.body(ByteBuffer.wrap(answer, at, length).slice().asReadOnlyBuffer(), out);
        }
        exchange.end(out);
        return out;
    }

    static Recorder<ChatEvent> stream(ChatRequest request, String answer) throws GatewayException {
        return answer(request, SSE, utf8(answer), Integer.MAX_VALUE / 2);
    }

    static Recorder<ChatEvent> whole(ChatRequest request, String answer) throws GatewayException {
        return answer(request, JSON, utf8(answer), Integer.MAX_VALUE / 2);
    }

    ChatResponse response() throws GatewayException {
        return fold.response();
    }
}
