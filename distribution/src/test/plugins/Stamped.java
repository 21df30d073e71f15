package fixture;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;

/** Translates every byte of its upstream's answer to the same word, so that one sees whose classes read the answer. */
public final class Stamped implements Chat {
    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return new Exchange<>() {
            private int words;

            @Override
            public HttpCall call() {
                return HttpCall.postJson("/v1/words", ByteBuffer.wrap(new byte[] {'{', '}'}), Auth.NONE);
            }

            @Override
            public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
                out.event(new ChatEvent.Started(null, request.model(), 0));
            }

            @Override
            public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
                while (slice.hasRemaining()) {
                    slice.get();
                    words++;
                    out.event(new ChatEvent.TextDelta(0, "@TEXT@ "));
                }
            }

            @Override
            public void end(Sink<ChatEvent> out) throws GatewayException {
                out.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
                out.event(new ChatEvent.Finished(Usage.of(1, words)));
            }

            @Override
            public GatewayException failure(int status, Headers headers, ByteBuffer body) {
                return new GatewayException(ErrorKind.ofUpstreamStatus(status), "The upstream failed.");
            }
        };
    }
}
