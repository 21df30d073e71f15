package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.Transport;
import java.util.concurrent.CompletableFuture;

/** Asks providers for their models as the gateway would, with their credentials, and tells how it went. Costs nothing. */
public final class ModelProbe implements AutoCloseable {
    private final Transport transport;
    private final Deadlines deadlines = new Deadlines();

    public ModelProbe(Transport transport) {
        this.transport = transport;
        deadlines.start();
    }

    /** Done within some seconds, always with a result. */
    public CompletableFuture<Listed> ask(LiveProvider provider) {
        CompletableFuture<Listed> answer = new CompletableFuture<>();
        if (provider.service() instanceof ModelListing listing) {
            new ListingCall(provider, listing, null, transport, deadlines, answer::complete).start();
        } else {
            answer.complete(new Listed(null, null, null));
        }
        return answer;
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
