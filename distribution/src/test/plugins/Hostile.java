package fixture;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** Translates well for the model "good"; any other name says what it does wrong and where: loop-call, block-body. */
public final class Hostile implements Chat {
    static volatile long burnt;

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) {
        String model = request.model();
        misbehave(model, "chat");
        return new Exchange<>() {
            @Override
            public HttpCall call() {
                misbehave(model, "call");
                return HttpCall.postJson("/v1/whatever", ByteBuffer.wrap(new byte[] {'{', '}'}), Auth.NONE);
            }

            @Override
            public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
                misbehave(model, "head");
                out.event(new ChatEvent.Started(null, model, 0));
            }

            @Override
            public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
                misbehave(model, "body");
                out.event(new ChatEvent.TextDelta(0, "fine"));
            }

            @Override
            public void end(Sink<ChatEvent> out) throws GatewayException {
                misbehave(model, "end");
                out.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
                out.event(new ChatEvent.Finished(null));
            }

            @Override
            public GatewayException failure(int status, Headers headers, ByteBuffer body) {
                return new GatewayException(ErrorKind.ofUpstreamStatus(status), "failed");
            }
        };
    }

    private static void misbehave(String model, String where) {
        if (model.equals("loop-" + where)) {
            while (true) {
                burnt++;
            }
        }
        if (model.equals("block-" + where)) {
            while (true) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // Does not listen.
                }
            }
        }
        if (model.equals("throw-" + where)) {
            throw new IllegalStateException("thrown in " + where);
        }
        if (model.equals("error-" + where)) {
            throw new StackOverflowError("thrown in " + where);
        }
    }
}
