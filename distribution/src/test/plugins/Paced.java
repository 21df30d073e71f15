package fixture;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says one word again and again: as often, and with as many milliseconds between, as its model's name tells: 20x50. */
public final class Paced implements LocalChat {
    @Override
    public ChatStream open(ChatRequest request) {
        String[] pace = request.model().split("x");
        int words = Integer.parseInt(pace[0]);
        long pause = Long.parseLong(pace[1]);
        return new ChatStream() {
            private int next = -1;

            @Override
            public ChatEvent next() throws InterruptedException {
                next++;
                if (next == 0) {
                    return new ChatEvent.Started(null, request.model(), 0);
                }
                if (next <= words) {
                    if (next > 1) {
                        new CountDownLatch(1).await(pause, TimeUnit.MILLISECONDS);
                    }
                    return new ChatEvent.TextDelta(0, "@TEXT@ ");
                }
                return next == words + 1
                        ? new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null)
                        : new ChatEvent.Finished(Usage.of(1, words));
            }

            @Override
            public void close() {}
        };
    }
}
