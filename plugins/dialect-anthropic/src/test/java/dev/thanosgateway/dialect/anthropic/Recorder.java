package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.tck.PlayedHost;
import dev.thanosgateway.tck.Traits;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Plays the host, and asks what tests need to ask. */
final class Recorder<T> extends PlayedHost<T> {
    static final ChatEndpoint MESSAGES = new MessagesEndpoint();
    static final Auth KEY = Auth.header("x-api-key");
    static final Headers SSE = headers("content-type", "text/event-stream; charset=utf-8");
    static final Headers JSON = headers("content-type", "application/json");

    /** As another dialect's, so that it is translated, for a model at Anthropic's own endpoint. */
    static ChatRequest foreign(ChatContent content, String model, boolean stream) {
        return foreign("anthropic", content, model, stream);
    }

    /** @param profile of the endpoint */
    static ChatRequest foreign(String profile, ChatContent content, String model, boolean stream) {
        return Traits.on(
                profile,
                ChatRequest.builder(model).stream(stream).content(content).build());
    }

    static RequestWriter writer(ChatRequest request) throws GatewayException {
        return new RequestWriter(request, ModelFit.keepingForm(request));
    }

    static ChatContent.Builder said(String text) {
        return ChatContent.builder().messages(List.of(Message.text(Role.USER, text)));
    }

    static String frame(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    static ChatRequest read(String body) throws GatewayException {
        return MESSAGES.read(incoming(utf8(body)));
    }

    static Served served() {
        return served("p", "m");
    }

    static String sent(ChatRequest request) throws GatewayException {
        ByteBuffer body = Anthropic.chat(request, KEY).call().body();
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
        out.play(Anthropic.chat(request, KEY), headers, answer, size);
        return out;
    }

    static Recorder<ChatEvent> stream(ChatRequest request, String answer) throws GatewayException {
        return answer(request, SSE, utf8(answer), Integer.MAX_VALUE / 2);
    }

    static Recorder<ChatEvent> whole(ChatRequest request, String answer) throws GatewayException {
        return answer(request, JSON, utf8(answer), Integer.MAX_VALUE / 2);
    }
}
