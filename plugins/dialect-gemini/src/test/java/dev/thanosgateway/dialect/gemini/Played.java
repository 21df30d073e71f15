package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatWriter;
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

/** Plays the host: keeps what an exchange gives, checking the grammar; and asks what tests need to ask. */
final class Played implements Sink<ChatEvent> {
    final List<ChatEvent> events = new ArrayList<>();
    final List<String> frames = new ArrayList<>();
    final List<Meaning> meanings = new ArrayList<>();
    final ChatFold fold = new ChatFold();

    @Override
    public void event(ChatEvent event) throws GatewayException {
        fold.add(event);
        events.add(event);
    }

    @Override
    public void frame(ByteBuffer frame, Meaning meaning) {
        frames.add(StandardCharsets.UTF_8.decode(frame).toString());
        meanings.add(meaning);
    }

    @Override
    public void then(Exchange<ChatEvent> next) {
        throw new IllegalStateException("no further call was expected");
    }

    static Headers headers(Map<String, String> fields) {
        return new Headers() {
            @Override
            public String first(String name) {
                return fields.get(name);
            }

            @Override
            public List<String> all(String name) {
                return fields.containsKey(name) ? List.of(fields.get(name)) : List.of();
            }
        };
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A request as a client of this language sends it. */
    static ChatRequest asked(Operation operation, String body) throws GatewayException {
        return new GenerateContent(operation != Operation.WHOLE).read(incoming("gemini-2.5-flash", operation, body));
    }

    static Incoming incoming(String model, Operation operation, String body) {
        return new Incoming() {
            @Override
            public Map<String, String> pathParameters() {
                return Map.of("model", model);
            }

            @Override
            public String query(String name) {
                return name.equals("alt") && operation == Operation.EVENTS ? "sse" : null;
            }

            @Override
            public Headers headers() {
                return Played.headers(Map.of());
            }

            @Override
            public ByteBuffer body() {
                return ByteBuffer.wrap(utf8(body)).asReadOnlyBuffer();
            }
        };
    }

    /** The same request for a provider that does not get its bytes. */
    static ChatRequest translated(ChatRequest read) throws GatewayException {
        return ChatRequest.builder(read.model()).stream(read.stream())
                .content(read.content())
                .build();
    }

    static HttpCall call(ChatRequest request) throws GatewayException {
        return Gemini.chat(request, Auth.NONE).call();
    }

    static String sent(ChatRequest request) throws GatewayException {
        return StandardCharsets.UTF_8.decode(call(request).body().duplicate()).toString();
    }

    /** Gives {@code answer} in slices of {@code size} bytes, the buffer overwritten after each. */
    static Played answer(ChatRequest request, String answer, int size) throws GatewayException {
        Played out = new Played();
        Exchange<ChatEvent> exchange = Gemini.chat(request, Auth.NONE);
        exchange.call();
        exchange.head(
                200, headers(Map.of("content-type", request.stream() ? "text/event-stream" : "application/json")), out);
        byte[] bytes = utf8(answer);
        for (int at = 0; at < bytes.length; at += size) {
            byte[] slice = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            exchange.body(ByteBuffer.wrap(slice).asReadOnlyBuffer(), out);
            java.util.Arrays.fill(slice, (byte) '!');
        }
        exchange.end(out);
        return out;
    }

    static Played answer(ChatRequest request, String answer) throws GatewayException {
        return answer(request, answer, 1 << 20);
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
    static String written(boolean array, List<ChatEvent> events) {
        ChatWriter writer = new StreamWriter(served(), array);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(event -> writer.event(event, out));
        writer.end(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
