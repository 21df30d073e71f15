package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.anthropic.AnthropicEvents;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/**
 * One chat at Omen. Its streams are made of what its vendors send: OpenAI's chunks, and Anthropic's own events, which
 * Omen translates or lets through as the network happens to cut them, both in one stream.
 */
final class OmenChat implements Exchange<ChatEvent> {
    private static final Quirks QUIRKS =
            Quirks.NONE.withMaxTokens().withoutStreamOptions().withForeign(() -> new AnthropicEvents()::read);

    private final Set<String> dropped;
    private final Exchange<ChatEvent> openAi;

    OmenChat(OmenRequest asked) {
        this.dropped = asked.dropped();
        this.openAi = OpenAi.chat(asked.request(), QUIRKS, Auth.BEARER);
    }

    @Override
    public HttpCall call() throws GatewayException {
        HttpCall call = openAi.call();
        Set<String> all = new TreeSet<>(call.dropped());
        all.addAll(dropped);
        return call.withDropped(all);
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        openAi.head(status, headers, out);
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        openAi.body(slice, out);
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        openAi.end(out);
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return OmenProvider.failure(status, headers, body);
    }
}
