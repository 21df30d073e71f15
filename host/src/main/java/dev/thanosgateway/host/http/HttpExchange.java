package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.admission.Caller;
import dev.thanosgateway.host.admission.Verdict;
import dev.thanosgateway.host.decision.Arrival;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.KeptAnswer;
import dev.thanosgateway.host.dispatch.RequestMemory;
import dev.thanosgateway.host.dispatch.Untaken;
import dev.thanosgateway.host.inbound.ContentCoding;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;

/**
 * One request on the hot path: its head, its end, and what it holds. It ends exactly once, by whatever comes first,
 * and then gives everything back: the dialect's lease, the budget of its body, its place in the metrics.
 */
final class HttpExchange {
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache");
    private static final HttpField NO_BUFFERING = new PreEncodedHttpField("x-accel-buffering", "no");

    private static final HttpField NO_RETRY = new PreEncodedHttpField("x-should-retry", "false");

    private static final HttpField WEBSOCKET = new PreEncodedHttpField(HttpHeader.UPGRADE, "websocket");
    private static final HttpField UPGRADES = new PreEncodedHttpField(HttpHeader.CONNECTION, "Upgrade");

    /** When a provider that cannot serve may be able to again is not known; a jar takes two seconds. */
    private static final String RETRY_AFTER_SECONDS = "2";

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String requestId;
    private final String endpointName;
    private final @Nullable LiveDialect dialect;
    private final Metrics metrics;
    private final RequestMemory memory;
    private final Untaken untaken;
    private final KeptAnswer kept;
    private final Runnable closed;
    private final long startNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean bodyRead;
    private volatile Verdict verdict = Verdict.OPEN;
    private final Decisions decisions;
    /** Null = who calls is not known, or not yet. */
    private volatile @Nullable Caller caller;
    /** From then on the dispatcher's record says what becomes of it. */
    private volatile boolean dispatched;

    /**
     * @param dialect leased for this exchange, which gives the lease back; null = the path belongs to none
     * @param closed run once when it has ended
     */
    HttpExchange(
            Request request,
            Response response,
            Callback callback,
            String requestId,
            String endpointName,
            @Nullable LiveDialect dialect,
            Metrics metrics,
            HeldBytes held,
            Decisions decisions,
            Runnable closed,
            long startNanos) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.requestId = requestId;
        this.endpointName = endpointName;
        this.dialect = dialect;
        this.metrics = metrics;
        this.memory = held.request();
        this.decisions = decisions;
        this.untaken = held.untaken();
        this.kept = held.keptAnswer();
        this.closed = closed;
        this.startNanos = startNanos;
        metrics.requestStarted(endpointName);
    }

    /**
     * Refuses a body whose end two servers in a row could see at different places: a transfer coding other than plain
     * {@code chunked}, said once, in HTTP/1.1. Jetty, as HTTP allows, reads some more.
     */
    void checkFraming() throws GatewayException {
        if (request.getMethod().equals("CONNECT")) {
            // What follows would be a tunnel to some, and requests to others.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            throw new GatewayException(ErrorKind.METHOD_NOT_ALLOWED, "This is no proxy: CONNECT is not served.");
        }
        List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
        if (codings.isEmpty()
                || (codings.size() == 1
                        && codings.get(0).equalsIgnoreCase("chunked")
                        && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1)) {
            return;
        }
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        throw new GatewayException(
                ErrorKind.INVALID_REQUEST,
                "Transfer-Encoding can only be 'chunked', once, in HTTP/1.1. Send the body so, or with Content-Length.");
    }

    /** The caller may call. */
    void from(Caller known) {
        caller = known;
    }

    Arrival arrival() {
        Caller known = caller;
        String key = known == null ? null : known.keyId();
        return new Arrival(requestId, endpointName, startNanos, known != null, key);
    }

    /** A call answers here from now on. */
    void dispatched() {
        dispatched = true;
    }

    /** Notes why, unless a call does. */
    void refused(GatewayException why) {
        if (!dispatched) {
            decisions.refused(arrival(), why);
        }
    }

    /** What the request holds, given back at the end. */
    RequestMemory memory() {
        return memory;
    }

    /** The body was read to its end. */
    void bodyRead() {
        bodyRead = true;
    }

    /** The last of an answer, which nothing else counts while a slow client takes it. */
    void holdsLast(long bytes) {
        untaken.add(bytes);
    }

    /**
     * What the answer's writer keeps, and what it wrote that the client has not taken.
     *
     * @throws GatewayException OVERLOADED when there is no room for it
     */
    void keeps(long bytes) throws GatewayException {
        kept.keeps(bytes);
    }

    /** What admission says: the headers go with whatever is answered. */
    void admission(Verdict said) {
        verdict = said;
        said.headers().forEach(header -> response.getHeaders().put(header.getKey(), header.getValue()));
    }

    boolean clientGone() {
        return !http2() && client().clientGone();
    }

    private boolean http2() {
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
    }

    void servedBy(Begun begun) {
        HttpFields.Mutable fields = response.getHeaders();
        for (Map.Entry<String, String> header : begun.upstreamHeaders()) {
            fields.add(verdict.upstreamName(header.getKey()), header.getValue());
        }
        fields.put("x-thanos-provider", begun.provider());
        fields.put("x-thanos-model", printable(begun.model()));
        attempts(begun.attempts());
        fields.put("x-thanos-overhead-ms", millis(begun.overheadNanos()));
    }

    /** What the answer says is a guess. */
    void estimated() {
        if (open()) {
            response.getHeaders().put("x-thanos-estimated", "true");
        }
    }

    void attempts(int count) {
        response.getHeaders().put("x-thanos-attempts", Integer.toString(count));
    }

    /** @return false = something else has answered already */
    boolean begin(int status, String contentType) {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        head(status, contentType);
        response.getHeaders().put(NO_STORE).put(NO_BUFFERING);
        return true;
    }

    private void head(int status, String contentType) {
        response.setStatus(status);
        response.getHeaders().put("x-request-id", requestId).put(HttpHeader.CONTENT_TYPE, contentType);
    }

    void write(boolean last, ByteBuffer bytes, Callback written) {
        if (bytes.remaining() <= SlicedWrite.SLICE_BYTES) {
            response.write(last, bytes, written);
        } else {
            new SlicedWrite(response, last, bytes, written).iterate();
        }
    }

    /** Sends a whole answer. */
    void end(HttpBody body) {
        if (answered.compareAndSet(false, true)) {
            send(body);
        }
    }

    private void send(HttpBody body) {
        if (bodyRead || http2()) {
            send(body, this::succeeded);
            return;
        }
        // A body that was not read would be taken for the next request.
        Leftover rest = leftover();
        switch (rest.look()) {
            case READ -> send(body, this::succeeded);
            case COMING -> send(body, rest::read);
            case CLOSING -> {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                client().lingers();
                send(body, this::succeeded);
            }
        }
    }

    private void send(HttpBody body, Runnable sent) {
        head(body.status(), body.contentType());
        holdsLast(body.bytes().remaining());
        if (body.bytes().remaining() > SlicedWrite.SLICE_BYTES) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.bytes().remaining());
        }
        write(true, body.bytes(), Callback.from(InvocationType.NON_BLOCKING, sent, this::abandon));
    }

    private Leftover leftover() {
        return new Leftover(request, this::succeeded, this::unread);
    }

    /** A handler that reads no body has answered. */
    void answeredUnread() {
        if (http2()) {
            succeeded();
            return;
        }
        Leftover rest = leftover();
        switch (rest.look()) {
            case READ -> succeeded();
            case COMING -> rest.read();
            case CLOSING -> unread();
        }
    }

    /** Sends an error, in the shape of the path. */
    void fail(GatewayException error) {
        if (answered.compareAndSet(false, true)) {
            refused(error);
            retry(error);
            hint(error.kind());
            send(error(error));
        }
    }

    /** Says what a request would have to be like. */
    private void hint(ErrorKind kind) {
        if (kind == ErrorKind.UNSUPPORTED_CODING) {
            response.getHeaders().put(HttpHeader.ACCEPT_ENCODING, ContentCoding.ACCEPTED);
        } else if (kind == ErrorKind.UPGRADE_REQUIRED && !http2()) {
            response.getHeaders().put(WEBSOCKET).put(UPGRADES).put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
        }
    }

    /** Says when the request may be repeated; or that a repeat cannot help, which OpenAI's and Anthropic's SDKs heed. */
    private void retry(GatewayException error) {
        String retryAfter = error.retryAfter();
        int status = error.kind().httpStatus();
        if (retryAfter != null) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, printable(retryAfter));
        } else if (error.retryMayHelp() && (status == 429 || status == 503)) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (!error.retryMayHelp()) {
            response.getHeaders().put(NO_RETRY);
        }
    }

    /** Nothing was sent yet: says why. Else the connection is closed, so that a cut answer does not look whole. */
    void breakOff(GatewayException error) {
        if (answered.get()) {
            abandon(error);
        } else {
            fail(error);
        }
    }

    /** The answer to a browser that asks whether a page may call. */
    void preflight(String methods, @Nullable String headers) {
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        response.setStatus(204);
        HttpFields.Mutable fields = response.getHeaders();
        fields.put("x-request-id", requestId)
                .put("access-control-allow-methods", methods)
                .put("access-control-max-age", "600");
        if (headers != null) {
            fields.put("access-control-allow-headers", printable(headers));
        }
        response.write(true, ByteBuffer.allocate(0), Callback.from(this::answeredUnread, this::abandon));
    }

    /** The answer is that the connection becomes another protocol's. */
    Callback upgrades() {
        answered.set(true);
        response.getHeaders().put("x-request-id", requestId);
        return Callback.from(InvocationType.NON_BLOCKING, this::upgraded, this::abandon);
    }

    private void upgraded() {
        // There is no body, and what follows is no request.
        bodyRead = true;
        succeeded();
    }

    /** The connection stays as it is, and nothing was sent. */
    void staysHttp() {
        answered.set(false);
    }

    /** Whether nothing has answered so far. */
    boolean open() {
        return !answered.get() && !ended.get();
    }

    /** An error as the path's family writes it. */
    HttpBody error(GatewayException error) {
        return ErrorShapes.of(dialect, error, requestId);
    }

    /** The answer was sent. */
    void succeeded() {
        if (ended.compareAndSet(false, true)) {
            leave(response.getStatus());
            if (!bodyRead && http2()) {
                client().stopBody(request);
            }
            callback.succeeded();
        }
    }

    /** The answer was sent, and its request is not read to the end. */
    private void unread() {
        if (ended.compareAndSet(false, true)) {
            leave(response.getStatus());
            ClientEndPoint client = client();
            client.lingers();
            client.close();
            callback.failed(new EofException("the request's body was not read"));
        }
    }

    private ClientEndPoint client() {
        return ClientEndPoint.of(request);
    }

    /** The client has gone, or the answer cannot go on: the connection is closed. */
    void abandon(@Nullable Throwable why) {
        if (ended.compareAndSet(false, true)) {
            leave(499);
            // First, so that Jetty does not try to answer nobody.
            if (!http2()) {
                client().close();
            }
            callback.failed(why instanceof EofException ? why : new EofException(why));
        }
    }

    private void leave(int status) {
        memory.close();
        untaken.close();
        kept.close();
        if (dialect != null) {
            dialect.release();
        }
        closed.run();
        // The messages of a socket have durations; its handshake would be a request of no time among them.
        long nanos = status == HttpStatus.SWITCHING_PROTOCOLS_101 ? -1 : System.nanoTime() - startNanos;
        metrics.requestEnded(endpointName, request.getMethod(), status, nanos);
    }

    private static String millis(long nanos) {
        long micros = nanos / 1000;
        String fraction = Long.toString(1000 + micros % 1000);
        return micros / 1000 + "." + fraction.substring(1);
    }

    /** Names come from callers and upstreams: what no header value may hold is replaced. */
    private static String printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7e) {
                return value.replaceAll("[^\\x20-\\x7e]", "?");
            }
        }
        return value;
    }
}
