package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.tck.PlayedHost;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Plays the host, and asks what tests need to ask. */
final class Recorder<T> extends PlayedHost<T> {
    static final ChatEndpoint CHAT_COMPLETIONS = new ChatCompletions(false);
    static final ChatEndpoint CHAT = new ChatCompletions(true);
    static final ChatEndpoint RESPONSES = new ResponsesEndpoint();
    static final ChatEndpoint COMPLETIONS = new CompletionsEndpoint();
    static final Headers SSE = headers("content-type", "text/event-stream; charset=utf-8");
    static final Headers JSON = headers("content-type", "application/json");

    static ChatRequest readUnchecked(String body) {
        try {
            return read(body);
        } catch (GatewayException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ChatRequest read(String body) throws GatewayException {
        return read(CHAT_COMPLETIONS, body);
    }

    static ChatRequest read(ChatEndpoint endpoint, String body) throws GatewayException {
        return endpoint.read(incoming(utf8(body)));
    }

    static Served served() {
        return served("openai", "gpt-4o-mini");
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
        out.play(OpenAi.chat(request, quirks, Auth.BEARER), headers, answer, size);
        return out;
    }

    static Recorder<ChatEvent> stream(ChatRequest request, String answer) throws GatewayException {
        return answer(request, SSE, utf8(answer), Integer.MAX_VALUE / 2);
    }

    static Recorder<ChatEvent> whole(ChatRequest request, String answer) throws GatewayException {
        return answer(request, JSON, utf8(answer), Integer.MAX_VALUE / 2);
    }
}
