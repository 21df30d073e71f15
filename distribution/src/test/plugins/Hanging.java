package fixture;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.api.routing.RoutingStrategy;
import java.util.ArrayDeque;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Says "fine", and hangs for ever in the one place that its text names. */
public final class Hanging implements LocalChat, BundleActivator, ServiceFactory<RoutingStrategy> {
    static {
        hang("static");
    }

    public Hanging() {
        hang("constructor");
    }

    private static void hang(String here) {
        while ("@TEXT@".equals(here)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // Does not listen.
            }
        }
    }

    @Override
    public void start(BundleContext context) {
        hang("start");
        if ("@TEXT@".equals("factory")) {
            context.registerService(
                    RoutingStrategy.class, this, new Hashtable<>(Map.of(RoutingStrategy.NAME, "hanging")));
        }
    }

    @Override
    public void stop(BundleContext context) {
        hang("stop");
    }

    public void activate(Map<String, Object> properties) {
        hang("activate");
        if (Boolean.TRUE.equals(properties.get("hang"))) {
            hang("edit");
        }
    }

    public void deactivate() {
        hang("deactivate");
    }

    @Override
    public RoutingStrategy getService(Bundle bundle, ServiceRegistration<RoutingStrategy> registration) {
        hang("factory");
        return null;
    }

    @Override
    public void ungetService(
            Bundle bundle, ServiceRegistration<RoutingStrategy> registration, RoutingStrategy service) {}

    @Override
    public ChatStream open(ChatRequest request) {
        ArrayDeque<ChatEvent> events = new ArrayDeque<>(List.of(
                new ChatEvent.Started(null, request.model(), 0),
                new ChatEvent.TextDelta(0, "fine"),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(Usage.of(1, 1))));
        return new ChatStream() {
            @Override
            public ChatEvent next() {
                return events.poll();
            }

            @Override
            public void close() {}
        };
    }
}
