package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.ByteBudget;
import dev.thanosgateway.host.dispatch.Dispatcher;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.metrics.Metrics;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.Handshaker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSockets of one listener: the handshake (RFC 6455, 4.2), which is HTTP/1.1's only, and the looks at all of them.
 * No extension is agreed on: per-message compression would cost each socket memory that no budget counts.
 */
final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final String VERSION = "13";
    private static final int NONCE_BYTES = 16;
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int OUTPUT_BYTES = 16 * 1024;
    /** Larger messages go out in several frames, and come in as they arrive. */
    private static final long FRAME_BYTES = 64L * 1024;
    /** What a socket at rest costs of the heap beside the headers of its handshake; measured: 6.7 KB. */
    static final long SOCKET_BYTES = 8 * 1024;
    /** The part of the memory of all calls that sockets at rest may take: the others need room to be served. */
    private static final int PART = 2;

    /**
     * What serves the messages.
     *
     * @param lease finds the operation at a path and leases its dialect; null = there is none any more
     * @param open answers under way
     */
    record Services(
            Dispatcher dispatcher,
            Access access,
            Admission admission,
            Metrics metrics,
            Function<String, RouteTable.@Nullable Match> lease,
            AtomicInteger open) {
        HeldBytes held() {
            return dispatcher.held();
        }
    }

    private final Services services;
    private final Supplier<Settings> settings;
    private final Set<ClientSocket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final SocketMemories memories;
    private final Handshaker handshaker = Handshaker.newInstance();
    private final WebSocketComponents components = new WebSocketComponents();
    private final Configuration.ConfigurationCustomizer customizer = new Configuration.ConfigurationCustomizer();
    private volatile boolean draining;

    Sockets(Services services, Supplier<Settings> settings) {
        this.services = services;
        this.settings = settings;
        this.memories = new SocketMemories(services.held().memory());
        customizer.setInputBufferSize(BUFFER_BYTES);
        customizer.setOutputBufferSize(OUTPUT_BYTES);
        customizer.setMaxFrameSize(FRAME_BYTES);
        customizer.setAutoFragment(true);
        services.metrics().gauge("thanos_sockets_open", "WebSockets that are open.", count::get);
    }

    Services services() {
        return services;
    }

    Settings settings() {
        return settings.get();
    }

    SocketMemories memories() {
        return memories;
    }

    boolean draining() {
        return draining;
    }

    /**
     * Makes a socket of a request whose caller may call.
     *
     * @throws GatewayException UPGRADE_REQUIRED when the request asks for none
     */
    void open(Request request, Response response, HttpExchange exchange, Caller caller, @Nullable String key)
            throws GatewayException {
        check(request);
        ClientSocket socket = new ClientSocket(
                this,
                SocketCaller.of(request, HotPath.path(request), caller, key),
                request.getComponents().getExecutor());
        ClientEndPoint client = ClientEndPoint.of(request);
        takeRoom(socket.heldBytes());
        sockets.add(socket);
        boolean opened = false;
        try {
            client.speaksWebSocket(socket);
            opened = handshaker.upgradeRequest(
                    (asked, answer, callback) -> {
                        answer.setExtensions(List.of());
                        return socket;
                    },
                    request,
                    response,
                    exchange.upgrades(),
                    components,
                    customizer);
        } catch (Exception e) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "The WebSocket handshake is not valid.", e);
        } finally {
            if (!opened) {
                client.speaksHttp();
                exchange.staysHttp();
                closed(socket);
            }
        }
        if (!opened) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "The WebSocket handshake is not valid.");
        }
    }

    private void check(Request request) throws GatewayException {
        boolean asked = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                && request.getMethod().equals("GET")
                && request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")
                && request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade");
        if (!asked || !VERSION.equals(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
            throw new GatewayException(
                    ErrorKind.UPGRADE_REQUIRED,
                    "GET opens a WebSocket here: send Upgrade: websocket and version 13, over HTTP/1.1. For a single"
                            + " request use POST.");
        }
        if (!nonce(request.getHeaders().get(HttpHeader.SEC_WEBSOCKET_KEY))) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "Sec-WebSocket-Key must be the Base64 of 16 bytes.");
        }
        if (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "A WebSocket's handshake has no body.");
        }
        if (draining) {
            throw new GatewayException(
                    ErrorKind.DRAINING, "The gateway is stopping. Try again, or ask another instance.");
        }
    }

    /** Counts one more socket, and takes its memory from that of all calls until {@link #closed}. */
    private void takeRoom(long bytes) throws GatewayException {
        ByteBudget memory = services.held().memory();
        int now = count.incrementAndGet();
        String refusal = null;
        if (now > settings.get().server().sockets().most()) {
            refusal = "As many WebSockets are open as may be. Try again soon, use POST, or raise"
                    + " [server.websocket] max_sockets.";
        } else if (held.addAndGet(bytes) > memory.limit() / PART || !memory.take(bytes)) {
            held.addAndGet(-bytes);
            refusal = "The gateway has no memory for another WebSocket. Try again soon, use POST, or give it a larger"
                    + " heap (-Xmx in THANOS_JAVA_OPTS).";
        }
        if (refusal != null) {
            count.decrementAndGet();
            services.metrics().refused("sockets");
            throw new GatewayException(ErrorKind.OVERLOADED, refusal);
        }
    }

    private static boolean nonce(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == NONCE_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    void closed(ClientSocket socket) {
        if (sockets.remove(socket)) {
            count.decrementAndGet();
            held.addAndGet(-socket.heldBytes());
            services.held().memory().give(socket.heldBytes());
        }
    }

    /** Ends what takes too long. Every second. */
    void tick() {
        long now = System.nanoTime();
        for (ClientSocket socket : sockets) {
            try {
                socket.tick(now);
            } catch (RuntimeException | Error e) {
                // One that cannot be ended must not keep the others from it.
                LOG.warn("A WebSocket could not be looked at.", e);
            }
        }
    }

    /** Opens no more, and closes those that are open when they rest. */
    void drain() {
        draining = true;
        sockets.forEach(ClientSocket::drain);
    }
}
