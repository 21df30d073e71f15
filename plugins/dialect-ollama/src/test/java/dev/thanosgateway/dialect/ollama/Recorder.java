package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.PlayedHost;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Plays the host, and asks what tests need to ask. */
final class Recorder<T> extends PlayedHost<T> {
    static final TextEndpoint CHAT = new TextEndpoint(Operation.CHAT);
    static final TextEndpoint GENERATE = new TextEndpoint(Operation.GENERATE);
    static final Headers NDJSON = headers("content-type", "application/x-ndjson");

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
        out.play(Ollama.chat(request, Auth.NONE), NDJSON, answer, size);
        return out;
    }

    static Recorder<ChatEvent> answer(ChatRequest request, String answer) throws GatewayException {
        return answer(request, utf8(answer), Integer.MAX_VALUE / 2);
    }

    static Served served() {
        return served("openai", "gpt-4o-mini");
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
