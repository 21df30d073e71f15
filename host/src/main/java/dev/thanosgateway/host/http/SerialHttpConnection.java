package dev.thanosgateway.host.http;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 connection that is read by one thread at a time. Jetty answers a head it cannot parse on another thread than
 * the one that read it; the answer's end then reads on while the first thread is still giving the buffer back, and both
 * give it back: the pool may hand one buffer to two clients. Seen about once in 50,000 such heads with Jetty 12.1.12.
 *
 * <p>Nobody waits here for long: who holds the lock and runs a request in it is never the one whose end reads on.
 */
final class SerialHttpConnection extends HttpConnection {
    private static final HttpField WEBSOCKET = new PreEncodedHttpField(HttpHeader.UPGRADE, "websocket");

    private final ReentrantLock reading = new ReentrantLock();

    private SerialHttpConnection(HttpConfiguration http, Connector connector, EndPoint endPoint) {
        super(http, connector, endPoint);
    }

    @Override
    public void onFillable() {
        reading.lock();
        try {
            super.onFillable();
        } finally {
            reading.unlock();
        }
    }

    /**
     * Has the selector tell when the client sends its next request, in the calling thread. It does not look: the client
     * can hardly have read the answer and asked again, and a request is not to be served inside the end of another.
     *
     * @return false = nothing was done: the next request is here already, or another thread is reading, or this one is
     *     further up, and must end first
     */
    boolean awaitNext() {
        if (reading.isHeldByCurrentThread() || !reading.tryLock()) {
            return false;
        }
        ClientEndPoint client = (ClientEndPoint) getEndPoint();
        try {
            if (!isRequestBufferEmpty()) {
                return false;
            }
            client.looks(false);
            run();
        } finally {
            client.looks(true);
            reading.unlock();
        }
        return true;
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new Stream(method, uri, version);
    }

    /**
     * A request whose {@code Upgrade} header counts only beside {@code Connection: Upgrade}, and is ignored else (RFC
     * 9110, 7.8): a proxy that passes the one on and not the other would get 400 from Jetty. Of several protocols
     * WebSocket is the one that is spoken here.
     */
    private final class Stream extends HttpStreamOverHTTP1 {
        private @Nullable HttpField upgrade;
        private boolean connects;

        Stream(String method, String uri, HttpVersion version) {
            super(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
            if (field.getHeader() != HttpHeader.UPGRADE) {
                connects |= field.getHeader() == HttpHeader.CONNECTION && field.contains("upgrade");
                super.parsedHeader(field);
            } else if (field.contains("websocket")) {
                upgrade = WEBSOCKET;
            } else if (upgrade == null) {
                upgrade = field;
            }
        }

        @Override
        public Runnable headerComplete() {
            HttpField asked = upgrade;
            if (asked != null && connects) {
                super.parsedHeader(asked);
            }
            return super.headerComplete();
        }
    }

    /** Makes such connections. */
    static final class Factory extends HttpConnectionFactory {
        Factory(HttpConfiguration http) {
            super(http);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            HttpConnection connection = new SerialHttpConnection(getHttpConfiguration(), connector, endPoint);
            connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
            return configure(connection, connector, endPoint);
        }
    }
}
