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

/** Sends its credential; the path is the caller's model's name, or a usual one where that has no slash. */
public final class Sending implements Chat {
    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        return new Exchange<>() {
            @Override
            public HttpCall call() {
                String model = request.model();
                String path = model.equals("m") ? "/v1/send" : model.substring(1);
                return HttpCall.postJson(path, ByteBuffer.wrap(new byte[] {'{', '}'}), Auth.BEARER);
            }

            @Override
            public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
                out.event(new ChatEvent.Started(null, request.model(), 0));
                out.event(new ChatEvent.TextDelta(0, "@TEXT@"));
            }

            @Override
            public void body(ByteBuffer slice, Sink<ChatEvent> out) {
                slice.position(slice.limit());
            }

            @Override
            public void end(Sink<ChatEvent> out) throws GatewayException {
                out.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
                out.event(new ChatEvent.Finished(Usage.of(1, 1)));
            }

            @Override
            public GatewayException failure(int status, Headers headers, ByteBuffer body) {
                return new GatewayException(ErrorKind.ofUpstreamStatus(status), "The upstream failed.");
            }
        };
    }
}
