package dev.thanosgateway.host;

import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.access.LiveAccess;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.PluginHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings in force: what was read last, and, where nothing is configured, what the deployed plugins let be found.
 * Changes are taken one at a time; reading is free.
 */
final class LiveSettings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final PluginHost plugins;
    private final Discovery discovery;
    private final HostPort http;
    private final HostPort grpc;
    private final ExecutorService looking = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("discovery").factory());
    private Settings read;
    private volatile Settings inForce;

    /** @param read what the plugins were started with */
    LiveSettings(Settings read, PluginHost plugins, Discovery discovery) {
        this.read = read;
        this.inForce = read;
        this.plugins = plugins;
        this.discovery = discovery;
        this.http = read.server().http();
        this.grpc = read.server().grpc();
    }

    Settings now() {
        return inForce;
    }

    /** Looks for what can be found now, and again whenever a plugin comes or goes. */
    void start() {
        look();
        plugins.registry().onChange(() -> {
            try {
                looking.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("The gateway stops; nothing is looked for any more.");
            }
        });
    }

    private synchronized void look() {
        if (!read.discover()) {
            return;
        }
        Settings found = discovery.addTo(read, plugins.adoptableTypes());
        if (!found.providers().equals(inForce.providers())) {
            plugins.apply(found);
            inForce = found;
        }
    }

    /**
     * Takes over what the file says now; where it listens stays as it was at the start.
     *
     * @param access changed with the settings
     * @param state where keys are kept
     */
    synchronized void take(Settings changed, LiveAccess access, Path state) throws IOException {
        if (!changed.server().http().equals(http) || !changed.server().grpc().equals(grpc)) {
            LOG.warn(
                    "[server] bind or grpc has changed; the gateway goes on listening on {} and {} until it is"
                            + " restarted.",
                    http,
                    grpc);
        }
        // Whether a key is needed hangs on where we listen, not on what the file says of the next start.
        Settings here = changed.withBinds(http, grpc);
        Settings found = discovery.addTo(here, plugins.adoptableTypes());
        GuardedAccess guard = GuardedAccess.of(found, state);
        plugins.apply(found);
        access.change(guard);
        LogLevel.set(found.server().logLevel());
        read = here;
        inForce = found;
        guard.takeNewKey().ifPresent(key -> System.out.println("A key was made, shown this once: " + key));
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
