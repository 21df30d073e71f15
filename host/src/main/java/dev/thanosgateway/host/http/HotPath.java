package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.FixedEndpoint;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.SocketEndpoint;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.admission.Admission;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.admission.Verdict;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.dispatch.CallInfo;
import dev.thanosgateway.host.dispatch.Dispatcher;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.inbound.SlowClients;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveDialect;
import dev.thanosgateway.host.plugins.Registry;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before Javalin: every request passes the checks of who may call; a dialect's operations are served here,
 * on the I/O thread and without blocking; all else goes on to Javalin on a virtual thread.
 */
final class HotPath extends Handler.Wrapper {
    private static final Logger LOG = LoggerFactory.getLogger(HotPath.class);
    private final Registry registry;
    private final Dispatcher dispatcher;
    private final ModelAnswers models;
    private final Access access;
    private final Admission admission;
    private final Metrics metrics;
    private final Supplier<Settings> settings;
    private final Executor virtualThreads;
    static final Set<String> KEYLESS = Set.of("/health", "/health/live", "/health/ready");

    private final HeldBytes held;
    private final SlowClients slow;
    private final BodyUnpacker unpacker;
    private final AtomicInteger open = new AtomicInteger();
    private final NearPath near;
    private final Sockets sockets;
    private volatile RouteTable routes;

    HotPath(
            Registry registry,
            Dispatcher dispatcher,
            ModelCatalog models,
            Access access,
            Admission admission,
            Metrics metrics,
            Supplier<Settings> settings,
            Executor virtualThreads,
            SlowClients slow,
            NearPath near) {
        this.slow = slow;
        this.near = near;
        this.registry = registry;
        this.dispatcher = dispatcher;
        this.held = dispatcher.held();
        this.unpacker = new BodyUnpacker(held, virtualThreads);
        this.models = new ModelAnswers(models);
        this.access = access;
        this.admission = admission;
        this.metrics = metrics;
        this.settings = settings;
        this.virtualThreads = virtualThreads;
        this.routes = new RouteTable(registry.dialects());
        registry.onChange(() -> routes = new RouteTable(registry.dialects()));
        this.sockets =
                new Sockets(new Sockets.Services(dispatcher, access, admission, metrics, this::leased, open), settings);
    }

    /** The WebSockets that were opened here. */
    Sockets sockets() {
        return sockets;
    }

    /** The operation that GET asks for at a path, its dialect leased; null = there is none. */
    private RouteTable.@Nullable Match leased(String path) {
        RouteTable.Match match = routes.match("GET", path, header -> false);
        if (match == null || !match.dialect().acquire()) {
            match = new RouteTable(registry.dialects()).match("GET", path, header -> false);
            return match != null && match.dialect().acquire() ? match : null;
        }
        return match;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    RouteTable routes() {
        return routes;
    }

    /** What to tell a caller of a path that nothing is at. */
    String nowhere(String path) {
        return near.sentence(path, routes, registry.missingDialects());
    }

    @Override
    public boolean handle(Request received, Response response, Callback callback) throws Exception {
        long startNanos = System.nanoTime();
        Request request = PlainPath.of(received);
        String path = path(request);
        HttpFields fields = request.getHeaders();
        String requestId = RequestIds.of(fields.get("x-request-id"));
        RouteTable table = routes;
        RouteTable.Match match = table.match(request.getMethod(), path, fields::contains);
        LiveDialect dialect = match == null ? near.family(path, table, registry.missingDialects()) : match.dialect();
        if (dialect != null && !dialect.acquire()) {
            // It is being replaced this very moment: the table that knows its successor is there already, or none is.
            table = new RouteTable(registry.dialects());
            match = table.match(request.getMethod(), path, fields::contains);
            dialect = match == null ? near.family(path, table, registry.missingDialects()) : match.dialect();
            if (dialect != null && !dialect.acquire()) {
                dialect = null;
                match = null;
            }
        }
        String name = match == null ? "other" : match.name();
        ClientEndPoint client = ClientEndPoint.of(request);
        client.requestBegins();
        HttpExchange exchange = new HttpExchange(
                request,
                response,
                callback,
                requestId,
                name,
                dialect,
                metrics,
                held,
                dispatcher.decisions(),
                () -> {
                    client.requestEnded();
                    open.decrementAndGet();
                },
                startNanos);
        open.incrementAndGet();
        RouteTable.Match found = match;
        guarded(exchange, () -> serve(request, response, path, found, requestId, exchange));
        return true;
    }

    private void serve(
            Request request,
            Response response,
            String path,
            RouteTable.@Nullable Match match,
            String requestId,
            HttpExchange exchange)
            throws GatewayException {
        exchange.checkFraming();
        access.checkSource(
                host(request),
                request.getHeaders().get(HttpHeader.ORIGIN),
                request.getHeaders().get("Sec-Fetch-Site"));
        if (cors(request, response, exchange)) {
            return;
        }
        String key = null;
        // Asked once: a change in between must not make a caller of who has shown no key.
        boolean keyed = access.keyRequired();
        if (keyed && !KEYLESS.contains(path)) {
            key = ClientRequest.credential(request);
            access.checkKey(key);
        }
        Caller caller = Caller.of(key, request.getConnectionMetaData().getRemoteSocketAddress());
        if (!keyed || !KEYLESS.contains(path)) {
            exchange.from(caller);
        }
        if (match == null) {
            virtualThreads.execute(() -> others(path, requestId, request, response, exchange));
            return;
        }
        switch (match.endpoint()) {
            case ChatEndpoint chat -> {
                if (admitted(caller, match.name(), exchange)) {
                    read(request, match, exchange, chat::read, asked -> {
                        HttpAnswer answer = new HttpAnswer(exchange, asked, chat, lanes(match));
                        CallInfo info = called(request, match, exchange, answer);
                        answer.answeredBy(dispatcher.dispatch(asked, info, answer));
                    });
                }
            }
            case EmbeddingsEndpoint embeddings -> {
                if (admitted(caller, match.name(), exchange)) {
                    read(request, match, exchange, embeddings::read, asked -> {
                        HttpEmbeddings answer = new HttpEmbeddings(exchange, asked, embeddings, lanes(match));
                        CallInfo info = called(request, match, exchange, answer);
                        answer.answeredBy(dispatcher.embed(asked, info, answer));
                    });
                }
            }
            case TokenCountEndpoint count -> {
                if (admitted(caller, match.name(), exchange)) {
                    read(request, match, exchange, count::read, asked -> {
                        HttpTokenCount answer = new HttpTokenCount(exchange, asked, count, lanes(match));
                        CallInfo info = called(request, match, exchange, answer);
                        answer.answeredBy(dispatcher.count(asked, info, answer));
                    });
                }
            }
            case SocketEndpoint socket -> sockets.open(request, response, exchange, caller, key);
            case ModelsEndpoint list -> {
                ClientRequest asked = new ClientRequest(request, match.parameters(), ByteBuffer.allocate(0));
                virtualThreads.execute(() -> guarded(exchange, () -> exchange.end(models.all(list, asked))));
            }
            case ModelEndpoint one -> {
                String id = match.parameters().getOrDefault("model", "");
                virtualThreads.execute(() -> guarded(exchange, () -> exchange.end(models.one(one, id))));
            }
            case ModelLookupEndpoint named ->
                read(
                        request,
                        match,
                        exchange,
                        named::names,
                        names -> virtualThreads.execute(
                                () -> guarded(exchange, () -> exchange.end(models.one(named, names)))));
            case FixedEndpoint fixed ->
                match.dialect()
                        .lanes()
                        .open(exchange::fail)
                        .execute(() -> guarded(exchange, () -> exchange.end(fixed.answer())));
            default ->
                exchange.fail(new GatewayException(
                        ErrorKind.NOT_FOUND,
                        "This gateway does not know what " + match.dialect().bundle()
                                + " offers here; use a newer gateway."));
        }
    }

    private boolean admitted(Caller caller, String endpoint, HttpExchange exchange) {
        Verdict verdict = admission.admit(caller);
        exchange.admission(verdict);
        GatewayException refusal = verdict.refusal();
        if (refusal == null) {
            return true;
        }
        metrics.rateLimited(endpoint);
        exchange.fail(refusal);
        return false;
    }

    /** What never became an exchange, since it is no HTTP. */
    void refused(String requestId, GatewayException why) {
        dispatcher.decisions().refused(new Arrival(requestId, "other", System.nanoTime(), false, null), why);
    }

    /** Bytes of bodies and answers that are held. */
    long held() {
        return held.used();
    }

    /** Exchanges that have not ended. */
    int open() {
        return open.get();
    }

    /** The path as it was sent; empty where a request has none, as CONNECT. */
    static String path(Request request) {
        String path = request.getHttpURI().getPath();
        return path == null || request.getMethod().equals("CONNECT") ? "" : path;
    }

    /**
     * What a page of a configured origin needs to read the answer.
     *
     * @return true = the browser only asked whether it may, and was answered; it sends no key with that
     */
    private boolean cors(Request request, Response response, HttpExchange exchange) {
        HttpFields fields = request.getHeaders();
        String origin = access.allowedOrigin(fields.get(HttpHeader.ORIGIN));
        if (origin == null) {
            return false;
        }
        response.getHeaders()
                .put("access-control-allow-origin", origin)
                .put("access-control-expose-headers", "*")
                .put(HttpHeader.VARY, "Origin");
        if (!request.getMethod().equals("OPTIONS") || fields.get("access-control-request-method") == null) {
            return false;
        }
        exchange.preflight("GET, HEAD, POST", fields.get("access-control-request-headers"));
        return true;
    }

    private static @Nullable String host(Request request) {
        String host = request.getHeaders().get(HttpHeader.HOST);
        return host != null ? host : request.getHttpURI().getAuthority();
    }

    private interface Work {
        void run() throws GatewayException;
    }

    private static void guarded(HttpExchange exchange, Work work) {
        try {
            work.run();
        } catch (GatewayException e) {
            exchange.fail(e);
        } catch (OutOfMemoryError e) {
            LOG.error("A request found no memory.", e);
            exchange.fail(HeldBytes.exhausted(e));
        } catch (Exception | Error e) {
            LOG.error("A request failed.", e);
            exchange.fail(new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e));
        }
    }

    private void others(String path, String requestId, Request request, Response response, HttpExchange exchange) {
        guarded(exchange, () -> {
            RouteTable table = routes;
            if (!table.methods(path).isEmpty()) {
                String allowed = String.join(", ", table.methods(path));
                response.getHeaders().put(HttpHeader.ALLOW, allowed);
                throw new GatewayException(
                        ErrorKind.METHOD_NOT_ALLOWED,
                        "Use " + allowed + " at " + path + ", not " + request.getMethod() + ".");
            }
            response.getHeaders().put("x-request-id", requestId);
            request.setAttribute(HttpExchange.class.getName(), exchange);
            try {
                boolean handled =
                        super.handle(request, response, Callback.from(exchange::answeredUnread, exchange::abandon));
                if (!handled) {
                    throw new GatewayException(ErrorKind.NOT_FOUND, nowhere(path));
                }
            } catch (GatewayException e) {
                throw e;
            } catch (Exception e) {
                throw new GatewayException(ErrorKind.INTERNAL, "The gateway failed; its log has the details.", e);
            }
        });
    }

    private interface Reader<T> {
        T read(Incoming request) throws GatewayException;
    }

    /** Collects the body within the limits, has the dialect read it on its lane, and goes on with what it says. */
    private <T> void read(
            Request request, RouteTable.Match match, HttpExchange exchange, Reader<T> reader, Consumer<T> then) {
        Settings.Server limits = settings.get().server();
        new BodyReader(request, limits.maxBodyBytes(), exchange.memory(), slow, unpacker, new BodyReader.Whole() {
                    @Override
                    public void body(ByteBuffer body) {
                        exchange.bodyRead();
                        try {
                            exchange.memory().whole(body);
                        } catch (GatewayException e) {
                            failed(e);
                            return;
                        }
                        ClientRequest read = new ClientRequest(request, match.parameters(), body);
                        // Either the dialect reads it in time, or the request fails: never both.
                        AtomicBoolean settled = new AtomicBoolean();
                        match.dialect()
                                .lanes()
                                .open(overrun -> {
                                    if (settled.compareAndSet(false, true)) {
                                        exchange.fail(overrun);
                                    }
                                })
                                .execute(() -> guarded(exchange, () -> {
                                    T said = reader.read(read);
                                    if (settled.compareAndSet(false, true)) {
                                        then.accept(said);
                                    }
                                }));
                    }

                    @Override
                    public void failed(GatewayException failure) {
                        if (failure.kind() == ErrorKind.OVERLOADED) {
                            metrics.refused("body_budget");
                        }
                        exchange.memory().close();
                        exchange.fail(failure);
                    }

                    @Override
                    public void broken(Throwable failure) {
                        if (failure instanceof HttpException) {
                            exchange.fail(new GatewayException(
                                    ErrorKind.INVALID_REQUEST, "The body is not framed as HTTP says."));
                            return;
                        }
                        exchange.refused(new GatewayException(
                                ErrorKind.CANCELLED, "The caller went away before its request was whole."));
                        exchange.abandon(failure);
                    }
                })
                .start();
    }

    private static Lane.Factory lanes(RouteTable.Match match) {
        return match.dialect().lanes();
    }

    /** What is known of a call that is answered here, which from now on hears of a client that leaves. */
    private static CallInfo called(
            Request request, RouteTable.Match match, HttpExchange exchange, HttpWhole<?> answer) {
        exchange.dispatched();
        // Our own limits decide how long silence may last; the connection's only matters to a write that does not go.
        request.addIdleTimeoutListener(timeout -> false);
        request.addFailureListener(failure -> answer.clientGone());
        return new CallInfo(
                exchange.arrival(),
                Long.MAX_VALUE,
                ClientRequest.forwarded(request, match.forwardedHeaders()),
                exchange.memory());
    }
}
