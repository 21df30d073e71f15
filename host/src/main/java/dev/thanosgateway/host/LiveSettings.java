package dev.thanosgateway.host;

import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.access.LiveAccess;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.EndingModels;
import dev.thanosgateway.host.plugins.PluginHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings in force: what was read last, and, where nothing is configured, what the deployed plugins let be found.
 * Changes are taken one at a time; reading is free.
 */
final class LiveSettings implements AutoCloseable {
    /** A server that somebody starts beside the gateway is found after this time at the latest. */
    private static final long PERIOD_MILLIS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final PluginHost plugins;
    private final Discovery discovery;
    private final HostPort http;
    private final HostPort grpc;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
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

    /** Looks for what can be found now, and again every few seconds and whenever a plugin comes or goes. */
    void start() {
        look();
        plugins.registry().onChange(() -> {
            try {
                looking.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("The gateway stops; nothing is looked for any more.");
            }
        });
        looking.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The shutdowns of configured models, for people. */
    List<String> shutdowns() {
        return EndingModels.of(inForce, plugins.registry(), LocalDate.now(ZoneOffset.UTC)).stream()
                .map(EndingModels.Shutdown::toString)
                .toList();
    }

    private synchronized void look() {
        if (!read.discover()) {
            return;
        }
        Settings before = inForce;
        Settings found = discovery.addTo(read, plugins.adoptableTypes(), before.providers());
        if (!found.providers().equals(before.providers())) {
            plugins.apply(found);
            inForce = found;
            tell(before, found);
        }
    }

    private static void tell(Settings before, Settings now) {
        for (ProviderSettings table : now.providers().values()) {
            if (table.adopted() != null && !before.providers().containsKey(table.id())) {
                LOG.info("The provider '{}' is used: {}.", table.id(), table.adopted());
            }
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
        Settings found = discovery.addTo(here, plugins.adoptableTypes(), inForce.providers());
        GuardedAccess guard = GuardedAccess.of(found, state);
        plugins.apply(found);
        access.change(guard);
        LogLevel.set(found.server().logLevel());
        read = here;
        inForce = found;
        shutdowns().forEach(LOG::warn);
        guard.takeNewKey().ifPresent(key -> System.out.println("A key was made, shown this once: " + key));
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
