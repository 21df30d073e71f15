package dev.thanosgateway.host.grpc;

import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.dispatch.ChatDispatcher;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.SlowClients;
import dev.thanosgateway.host.metrics.Metrics;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.JdkLoggerFactory;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The gRPC listener: the protocol's service, health and reflection, over cleartext HTTP/2. Started once, closed once.
 * Owns its threads; the services it is given belong to the caller.
 */
public final class GrpcFrontEnd {
    /**
     * A client's channel is one connection, and a service in front of us multiplexes all its users over it: a hundred,
     * as for browsers, would stall the 101st. Calls beyond wait in the client. What a flood costs is bounded by the
     * dispatcher's own limit of chats and by the resets allowed below, not by this.
     */
    private static final int MAX_CALLS_PER_CONNECTION = 1_000;

    /** A client that goes resets all its calls at once, twice in the window; a rapid-reset flood sends far more. */
    private static final int MAX_RESETS = 2 * MAX_CALLS_PER_CONNECTION;

    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int MAX_METADATA_BYTES = 16 * 1024;
    private static final int FLOW_WINDOW_BYTES = 256 * 1024;
    private static final int HANDSHAKE_SECONDS = 10;
    /** Finds clients that vanished without a word, so that what they asked for is cancelled upstream. */
    private static final int KEEP_ALIVE_SECONDS = 60;

    private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 20;
    private static final int PERMITTED_PING_SECONDS = 10;
    private static final int CONNECTION_AGE_MINUTES = 30;
    /** An aged connection takes no new calls; those it has may go on for this long. */
    private static final int CONNECTION_AGE_GRACE_MINUTES = 60;

    private static final Duration CUT = Duration.ofSeconds(5);

    /** Logs the stack trace of every frame that a client sends wrongly; held, since loggers are held weakly. */
    private static final Logger MESSAGES = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

    static {
        MESSAGES.setLevel(Level.OFF);
        // At debug level Netty logs every frame, and with it every caller's key. Through java.util.logging, as the rest
        // of
        // gRPC, it does so only when someone asks for that by Netty's own name there; no level of our log turns it on.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    /**
     * How to listen.
     *
     * @param maxMessageBytes of one request, inflated
     * @param reflection whether reflection is served where others than this machine can ask; on loopback it always is
     * @param version of the gateway, for those with a key
     */
    public record Options(HostPort bind, int maxMessageBytes, boolean reflection, String version) {}

    private final EventLoopGroup acceptors = eventLoops(1, "grpc-accept");
    private final EventLoopGroup workers = eventLoops(Runtime.getRuntime().availableProcessors(), "grpc-io");
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("grpc-call-", 0).factory());
    private final SlowClients slow = new SlowClients();
    private final HostPort bind;
    private final Calls running;
    private final Readiness readiness;
    private final Server server;

    public GrpcFrontEnd(
            Options options,
            ChatDispatcher dispatcher,
            ModelCatalog catalog,
            Health.Source health,
            Access access,
            Admission admission,
            Metrics metrics,
            Connections connections) {
        bind = options.bind();
        SlowCalls slowCalls = new SlowCalls(slow);
        running = new Calls(dispatcher.decisions(), dispatcher.held(), metrics);
        readiness = new Readiness(health);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(bind.host(), bind.port()))
                .channelFactory(() -> new WatchedServerChannel(slow, connections))
                .bossEventLoopGroup(acceptors)
                .workerEventLoopGroup(workers)
                .executor(calls)
                .addStreamTracerFactory(running)
                .addStreamTracerFactory(slowCalls)
                // The last one that is added sees a call first.
                .intercept(slowCalls)
                .intercept(new Gate(access, admission, dispatcher.decisions(), metrics))
                .addService(MessageErrors.answeredFor(ChatRequestMarshaller.in(
                        new ThanosCalls(dispatcher, catalog, health, options.version()).bindService())))
                .addService(MessageErrors.answeredFor(readiness.service()));
        limit(builder, options.maxMessageBytes());
        if (options.reflection() || bind.loopback()) {
            builder.addService(MessageErrors.answeredFor(ProtoReflectionServiceV1.newInstance()));
        }
        server = builder.build();
    }

    private static void limit(NettyServerBuilder builder, int maxMessageBytes) {
        builder.maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .maxInboundMessageSize(maxMessageBytes)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .flowControlWindow(FLOW_WINDOW_BYTES)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PERMITTED_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionAge(CONNECTION_AGE_MINUTES, TimeUnit.MINUTES)
                .maxConnectionAgeGrace(CONNECTION_AGE_GRACE_MINUTES, TimeUnit.MINUTES);
    }

    /**
     * Begins to listen.
     *
     * @return the port
     * @throws IOException that names the address when it cannot be bound; nothing is left to close then
     */
    public int start() throws IOException {
        readiness.start();
        acceptors.scheduleWithFixedDelay(
                slow, SlowClients.PERIOD_MILLIS, SlowClients.PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return server.start().getPort();
        } catch (IOException | RuntimeException e) {
            release();
            throw new IOException("gRPC cannot listen on " + bind + ": " + reason(e), e);
        }
    }

    /** Takes no new connections and says so to clients; what is being served goes on. Any number of times. */
    public void drain() {
        readiness.stop();
        server.shutdown();
    }

    /**
     * Drains, waits for the calls being served, then cuts what is left. Any number of times.
     *
     * @param grace how long calls may go on
     */
    public void close(Duration grace) {
        drain();
        try {
            // Not for the server's own end: a client watching health would keep it from it.
            running.awaitIdle(grace);
            server.shutdownNow().awaitTermination(CUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        release();
    }

    private void release() {
        readiness.stop();
        calls.shutdown();
        end(acceptors);
        end(workers);
    }

    private static void end(EventLoopGroup loops) {
        loops.shutdownGracefully(0, CUT.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof BindException) {
            return "the address is in use or not this machine's; stop what uses it, or set [server] grpc.";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static EventLoopGroup eventLoops(int threads, String name) {
        // Java's own sockets, not epoll: no native library to unpack, and a gateway waits for models, not for its NIC.
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }
}
