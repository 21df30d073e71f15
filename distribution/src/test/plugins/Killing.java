package fixture;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Ends the process when it is started, in the way its text says. */
public final class Killing implements LocalChat, BundleActivator {
    @Override
    public void start(BundleContext context) {
        kill("start");
    }

    @Override
    public void stop(BundleContext context) {}

    public void activate() {
        kill("activate");
    }

    private static void kill(String here) {
        if ("@TEXT@".equals(here + "-exit")) {
            System.exit(0);
        }
        if ("@TEXT@".equals(here + "-background")) {
            new Thread(() -> {
                        LockSupport.parkNanos(700_000_000);
                        System.exit(6);
                    })
                    .start();
        }
        if ("@TEXT@".equals(here + "-halt")) {
            Runtime.getRuntime().halt(77);
        }
        if ("@TEXT@".equals(here + "-heap")) {
            List<byte[]> all = new ArrayList<>();
            while (true) {
                all.add(new byte[1 << 20]);
            }
        }
        if ("@TEXT@".equals(here + "-overflow")) {
            kill(here);
        }
    }

    @Override
    public ChatStream open(ChatRequest request) {
        throw new UnsupportedOperationException();
    }
}
