package dev.thanosgateway.host.transport;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.host.config.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The upstream HTTP engine: one for the process, HTTP/1.1 with keep-alive, never blocking. Follows no redirect, keeps
 * no cookie, decodes no content encoding, verifies certificates. Called from many threads at once.
 */
public final class Transport implements AutoCloseable {
    private static final int CONNECTIONS_PER_ORIGIN = 20_000;
    private static final int QUEUE_PER_ORIGIN = 100_000;
    private static final int RESPONSE_HEADERS = 32 * 1024;
    private static final int READ_BUFFER = 16 * 1024;
    private static final int SLICE_BYTES = 256 * 1024;
    private static final long RESOLVE_MILLIS = 5_000;
    /** Longer than any silence our own limits allow by default; theirs, not this, end a call. */
    private static final long CALL_IDLE_MILLIS = TimeUnit.MINUTES.toMillis(30);
    /** Pooled connections go before a firewall on the way forgets them without a word. */
    private static final long POOLED_IDLE_MILLIS = TimeUnit.SECONDS.toMillis(50);

    private final Executor executor;
    private final Scheduler scheduler;
    /** One client per connect limit, since that is a setting of the client; usually there is one. */
    private final Map<Kind, HttpClient> clients = new ConcurrentHashMap<>();

    /** @param fresh whether each call gets a connection of its own */
    private record Kind(long connectMillis, boolean fresh) {}

    public Transport(Executor executor, Scheduler scheduler) {
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /**
     * Builds what calls need: selectors, TLS, certificates. A first call that had to build it would fail where file
     * descriptors have run out, and classes whose initialisation failed stay broken.
     *
     * @param connectMillis the limits that providers have for a connection
     * @throws IOException when it cannot be built now; the message says why
     */
    public void open(Set<Long> connectMillis) throws IOException {
        try {
            for (long limit : connectMillis) {
                client(new Kind(limit, false));
                client(new Kind(limit, true));
            }
        } catch (GatewayException e) {
            throw new IOException(e.message(), e);
        }
    }

    /**
     * Makes a call ready to be sent.
     *
     * @param forwarded headers of the caller that go along; the call's own win
     * @param fresh on a connection that carried no call before, for one that met a dead connection
     * @param listener hears nothing before the call is started
     * @throws RefusedCallException when the call names a header or a path that it must not
     * @throws GatewayException OVERLOADED when nothing can be sent now
     */
    public UpstreamCall prepare(
            Origin origin,
            HttpCall call,
            List<Map.Entry<String, String>> forwarded,
            boolean fresh,
            UpstreamListener listener)
            throws GatewayException {
        HttpClient client = client(new Kind(origin.connectMillis(), fresh));
        Request request = client.newRequest(origin.address(call))
                .method(call.method())
                .idleTimeout(CALL_IDLE_MILLIS, TimeUnit.MILLISECONDS);
        Secret key = origin.credential();
        request.headers(fields -> {
            for (Map.Entry<String, String> header : forwarded) {
                fields.add(header.getKey(), header.getValue());
            }
            for (Map.Entry<String, String> header : call.headers()) {
                fields.put(RequestHeaders.checked(header.getKey()), header.getValue());
            }
            origin.headers().forEach((name, value) -> fields.put(name, value.reveal()));
            String name = call.auth().name();
            if (key != null) {
                switch (call.auth().place()) {
                    case BEARER -> fields.put(HttpHeader.AUTHORIZATION, "Bearer " + key.reveal());
                    case HEADER -> {
                        if (name != null) {
                            fields.put(RequestHeaders.token(name), key.reveal());
                        }
                    }
                    case QUERY, NONE -> {}
                }
            }
        });
        if (call.body().hasRemaining()) {
            request.body(new ByteBufferRequestContent("application/json", slices(call.body())));
        }
        return new JettyCall(origin, request, listener);
    }

    /** A large body in pieces: the JDK copies what a write is given into memory outside of the heap, all of it. */
    private static ByteBuffer[] slices(ByteBuffer body) {
        ByteBuffer rest = body.slice();
        ByteBuffer[] slices = new ByteBuffer[(rest.remaining() + SLICE_BYTES - 1) / SLICE_BYTES];
        for (int i = 0; i < slices.length; i++) {
            int from = i * SLICE_BYTES;
            slices[i] = rest.slice(from, Math.min(SLICE_BYTES, rest.remaining() - from));
        }
        return slices;
    }

    private HttpClient client(Kind kind) throws GatewayException {
        try {
            return clients.computeIfAbsent(kind, this::started);
        } catch (RuntimeException | Error e) {
            throw new GatewayException(
                            ErrorKind.OVERLOADED,
                            "The gateway cannot open connections to providers now: " + e.getMessage()
                                    + ". Try again soon; if it stays, check the limit of open files (ulimit -n).",
                            e)
                    .withRetryAfter("1");
        }
    }

    private HttpClient started(Kind kind) {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        connector.setSslContextFactory(new SslContextFactory.Client());
        HttpClientTransportOverHTTP overHttp = new HttpClientTransportOverHTTP(connector);
        overHttp.setInvocationType(Invocable.InvocationType.NON_BLOCKING);
        overHttp.setInitializeConnections(false);
        if (kind.fresh()) {
            overHttp.setConnectionPoolFactory(destination -> {
                DuplexConnectionPool pool = new DuplexConnectionPool(destination, CONNECTIONS_PER_ORIGIN);
                pool.setMaxUsage(1);
                return pool;
            });
        }
        HttpClient client = new HttpClient(overHttp);
        client.setName("upstream");
        client.setExecutor(executor);
        client.setScheduler(scheduler);
        client.setConnectTimeout(kind.connectMillis());
        client.setAddressResolutionTimeout(RESOLVE_MILLIS);
        client.setIdleTimeout(POOLED_IDLE_MILLIS);
        client.setMaxConnectionsPerDestination(CONNECTIONS_PER_ORIGIN);
        client.setMaxRequestsQueuedPerDestination(QUEUE_PER_ORIGIN);
        client.setMaxResponseHeadersSize(RESPONSE_HEADERS);
        client.setResponseBufferSize(READ_BUFFER);
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setStrictEventOrdering(false);
        try {
            client.start();
        } catch (Exception e) {
            LifeCycle.stop(client);
            throw new IllegalStateException(e.getMessage(), e);
        }
        client.getContentDecoderFactories().clear();
        // What is left answers interim 1xx statuses. A 3xx or a 401 is the caller's business, not this engine's.
        client.getProtocolHandlers().remove("redirect");
        client.getProtocolHandlers().remove("www-authenticate");
        client.getProtocolHandlers().remove("proxy-authenticate");
        return client;
    }

    /** Stops the engine; calls under way fail. */
    @Override
    public void close() {
        clients.values().forEach(client -> LifeCycle.stop(client));
        clients.clear();
    }
}
