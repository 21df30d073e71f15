package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.PlayedHost;
import dev.thanosgateway.tck.Traits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Plays the host, and asks what tests need to ask. */
final class Played extends PlayedHost<ChatEvent> {
    /** A request as a client of this language sends it. */
    static ChatRequest asked(Operation operation, String body) throws GatewayException {
        return new GenerateContent(operation != Operation.WHOLE).read(incoming("gemini-2.5-flash", operation, body));
    }

    static Incoming incoming(String model, Operation operation, String body) {
        Map<String, String> query = operation == Operation.EVENTS ? Map.of("alt", "sse") : Map.of();
        return incoming(utf8(body), Map.of("model", model), query);
    }

    /** The same request for a provider that does not get its bytes. */
    static ChatRequest translated(ChatRequest read) throws GatewayException {
        return Traits.on(
                "gemini",
                ChatRequest.builder(read.model()).stream(read.stream())
                        .content(read.content())
                        .build());
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
        Headers headers = headers("content-type", request.stream() ? "text/event-stream" : "application/json");
        out.play(Gemini.chat(request, Auth.NONE), headers, utf8(answer), size);
        return out;
    }

    static Played answer(ChatRequest request, String answer) throws GatewayException {
        return answer(request, answer, 1 << 20);
    }

    static Served served() {
        return served("openai", "gpt-4o-mini");
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
