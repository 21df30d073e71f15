package dev.thanosgateway.tck;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays the host in a plugin's own tests: keeps what an exchange gives, the grammar of chats checked, and makes what the
 * host gives a dialect. Used by one thread.
 */
public class PlayedHost<T> implements Sink<T> {
    public final List<T> events = new ArrayList<>();
    /** The frames as texts, and what each means. */
    public final List<String> frames = new ArrayList<>();

    public final List<Meaning> meanings = new ArrayList<>();
    /** The events of a chat. */
    public final ChatFold fold = new ChatFold();
    /** The last that a frame told; null = none did. */
    public @Nullable Usage usage;

    /** All frames joined. */
    public final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void event(T event) throws GatewayException {
        if (event instanceof ChatEvent chat) {
            fold.add(chat);
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

    /** All frames joined, as a text. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether a frame meant the finish. */
    public boolean finishTold() {
        return meanings.stream().anyMatch(Meaning::finish);
    }

    /** @throws GatewayException when the chat was not finished */
    public ChatResponse response() throws GatewayException {
        return fold.response();
    }

    /**
     * Plays an exchange from its call to its end, with an answer of status 200.
     *
     * @param size bytes of a slice of the answer, whose buffer is overwritten after each
     */
    public void play(Exchange<T> exchange, Headers headers, byte[] answer, int size) throws GatewayException {
        exchange.call();
        exchange.head(200, headers, this);
        Replay.body(exchange, answer, Replay.every(size), this);
        exchange.end(this);
    }

    public static Headers headers(String... namesAndValues) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(Map.entry(namesAndValues[i].toLowerCase(Locale.ROOT), namesAndValues[i + 1]));
        }
        return new RecordedAnswer(200, fields, new byte[0]).headers();
    }

    /** A request without headers, of a path that names nothing. */
    public static Incoming incoming(byte[] body) {
        return Exchanged.incoming(body, Map.of(), Map.of());
    }

    /** A request without headers. */
    public static Incoming incoming(byte[] body, Map<String, String> pathParameters, Map<String, String> query) {
        return Exchanged.incoming(body, pathParameters, query);
    }

    /** Who served the request {@code req-1}. */
    public static Served served(String provider, String model) {
        return Exchanged.served("req-1", provider, model);
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
