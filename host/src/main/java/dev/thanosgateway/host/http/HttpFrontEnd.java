package dev.thanosgateway.host.http;

import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.Dispatcher;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.SlowClients;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.Registry;
import io.javalin.Javalin;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.server.ServerSessionListener;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP listener: Javalin on Jetty, with the dialects' operations served in front of it. */
public final class HttpFrontEnd implements AutoCloseable {
    private static final int IDLE_MILLIS = 75_000;
    private static final int ACCEPT_QUEUE = 4096;
    private static final int REQUEST_HEADERS = 16 * 1024;
    /** As at the edge elsewhere; clients that want more open another connection. */
    private static final int H2_STREAMS = 100;

    private static final int H2_STREAM_WINDOW = 64 * 1024;
    private static final int H2_CONNECTION_WINDOW = 1024 * 1024;
    private static final long LAST_WRITES_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final HostPort bind;
    private final SlowClients slow = new SlowClients();
    private final Scheduler scheduler;
    private final Connections connections;
    private final HotPath hotPath;
    private final AdminRoutes admin;
    private final OpenApi openApi;
    private final DecisionRoutes decisions;
    private final ThreadPool threads;
    private volatile @Nullable Javalin javalin;

    public HttpFrontEnd(
            HostPort bind,
            Registry registry,
            Dispatcher dispatcher,
            ModelCatalog models,
            Health.Source health,
            Access access,
            Admission admission,
            Metrics metrics,
            Supplier<Settings> settings,
            Executor virtualThreads,
            ThreadPool threads,
            Scheduler scheduler,
            Connections connections,
            String version) {
        this.bind = bind;
        this.threads = threads;
        this.scheduler = scheduler;
        this.connections = connections;
        this.hotPath = new HotPath(
                registry,
                dispatcher,
                models,
                access,
                admission,
                metrics,
                settings,
                virtualThreads,
                slow,
                new NearPath(this::ownRoutes));
        HeldBytes held = dispatcher.held();
        metrics.gauge("thanos_request_bytes_held", "Bytes of requests' bodies that are held.", held.requests()::used);
        metrics.gauge(
                "thanos_answer_bytes_held",
                "Bytes of large answers that no client has taken yet.",
                held.answers()::used);
        metrics.gauge(
                "thanos_memory_reserved_bytes",
                "Bytes of the heap that are set aside for requests and answers.",
                held.memory()::used);
        metrics.gauge(
                "thanos_memory_limit_bytes",
                "Bytes of the heap that requests and answers may take together.",
                held.memory()::limit);
        this.decisions = new DecisionRoutes(dispatcher.decisions());
        this.admin = new AdminRoutes(registry, models, health, metrics, access, version, hotPath::nowhere);
        this.openApi = new OpenApi(hotPath::routes, this::ownRoutes, access::keyRequired, version);
    }

    /**
     * Opens the listener.
     *
     * @return the port
     * @throws IOException when the port is in use, or must not be bound
     */
    public int start() throws IOException {
        Javalin created = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.router.ignoreTrailingSlashes = false;
            config.http.prefer405over404 = true;
            config.jetty.threadPool = threads;
            config.jetty.modifyServer(server -> {
                server.insertHandler(hotPath);
                server.setErrorHandler(new PlainErrors(hotPath));
            });
            config.jetty.modifyHttpConfiguration(HttpFrontEnd::harden);
            config.jetty.addConnector(this::connector);
            admin.mount(config.routes);
            openApi.mount(config.routes);
            decisions.mount(config.routes);
        });
        javalin = created;
        try {
            created.start();
            lookForSlowClients();
        } catch (RuntimeException e) {
            created.stop();
            throw new IOException("HTTP cannot listen on " + bind + ": " + reason(e), e);
        }
        return created.port();
    }

    private void lookForSlowClients() {
        scheduler.schedule(
                () -> {
                    slow.run();
                    hotPath.sockets().tick();
                    lookForSlowClients();
                },
                SlowClients.PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private List<Endpoint> ownRoutes() {
        Javalin running = javalin;
        return running == null
                ? List.of()
                : running.unsafe.internalRouter.allHttpHandlers().stream()
                        .map(parsed -> parsed.endpoint)
                        .toList();
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof BindException) {
            return "the address is in use or not this machine's; stop what uses it, or set [server] bind.";
        }
        return String.valueOf(root.getMessage());
    }

    private static void harden(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(REQUEST_HEADERS);
        http.setNotifyRemoteAsyncErrors(true);
        // A bare line feed ends a line for some servers and not for others; requests hide in the difference.
        http.setHttpCompliance(HttpCompliance.STRICT);
        // An encoded slash belongs to model names; routes without such a parameter do not match it. Repeated slashes
        // are
        // one before anything looks at the path: see PlainPath.
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "MODEL_NAMES",
                UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        HTTP2CServerConnectionFactory h2 = new PriorKnowledgeOnly(http);
        h2.setMaxConcurrentStreams(H2_STREAMS);
        h2.setInitialStreamRecvWindow(H2_STREAM_WINDOW);
        h2.setInitialSessionRecvWindow(H2_CONNECTION_WINDOW);
        ServerConnector connector =
                new ClientConnector(server, selectors(), slow, connections, new SerialHttpConnection.Factory(http), h2);
        connector.setHost(bind.host());
        connector.setPort(bind.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setAcceptedTcpNoDelay(true);
        connector.setReuseAddress(true);
        return connector;
    }

    private static int selectors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** HTTP/2 by prior knowledge; an {@code Upgrade: h2c} is ignored and answered in HTTP/1.1. */
    private static final class PriorKnowledgeOnly extends HTTP2CServerConnectionFactory {
        PriorKnowledgeOnly(HttpConfiguration http) {
            super(http);
        }

        @Override
        public @Nullable Connection upgradeConnection(
                Connector connector,
                EndPoint endPoint,
                org.eclipse.jetty.http.MetaData.Request request,
                HttpFields.Mutable response101) {
            return request.getMethod().equals("PRI")
                    ? super.upgradeConnection(connector, endPoint, request, response101)
                    : null;
        }

        /** The client's first frame is its settings: until they are there, its words may have been anything. */
        @Override
        protected ServerSessionListener newSessionListener(Connector connector, EndPoint endPoint) {
            return new HTTPServerSessionListener(endPoint) {
                @Override
                public void onSettings(Session session, SettingsFrame frame) {
                    if (endPoint instanceof ClientEndPoint client) {
                        client.speaksHttp2();
                    }
                    super.onSettings(session, frame);
                }

                // The client is gone. After a GOAWAY Jetty fails only those streams whose request is not whole.
                @Override
                public void onFailure(Session session, Throwable failure, Callback callback) {
                    session.getStreams().forEach(stream -> onFailure(stream, 0, "", failure, Callback.NOOP));
                    super.onFailure(session, failure, callback);
                }
            };
        }
    }

    /** Bytes of clients' bodies that are held. */
    long held() {
        return hotPath.held();
    }

    /** Opens no WebSocket any more, and closes those that are open as soon as they rest. */
    public void drain() {
        hotPath.sockets().drain();
    }

    /** Waits for what is being sent, for two seconds at most; then stops listening and closes what is open. */
    @Override
    public void close() {
        Javalin running = javalin;
        long end = System.nanoTime() + LAST_WRITES_NANOS;
        while (hotPath.open() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (running != null) {
            running.stop();
        }
    }
}
