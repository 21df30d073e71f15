package fixture;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;

/** Cannot be made. */
public final class Failing implements LocalChat {
    public Failing() {
        throw new IllegalStateException("@TEXT@");
    }

    @Override
    public ChatStream open(ChatRequest request) {
        throw new UnsupportedOperationException();
    }
}
