package dev.thanosgateway.host.http;

import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.SlowClients;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The listener's socket: accepts no more clients than there is room for, and makes each a {@link ClientEndPoint}. */
final class ClientConnector extends ServerConnector {
    private static final long ACCEPT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final SlowClients slow;
    private final Connections connections;
    private final Linger linger = new Linger();

    ClientConnector(
            Server server, int selectors, SlowClients slow, Connections connections, ConnectionFactory... protocols) {
        super(server, null, null, null, 1, selectors, protocols);
        this.slow = slow;
        this.connections = connections;
    }

    @Override
    public void accept(int acceptor) throws IOException {
        while (!connections.room() && isRunning()) {
            LockSupport.parkNanos(ACCEPT_AGAIN_NANOS);
        }
        super.accept(acceptor);
    }

    @Override
    protected void configure(Socket accepted) {
        connections.coming();
        super.configure(accepted);
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        if (!isRunning() || !(failure instanceof IOException) || failure instanceof ClosedChannelException) {
            return super.handleAcceptFailure(failure);
        }
        // No descriptor is left for it; Jetty would log every try.
        connections.exhausted();
        LockSupport.parkNanos(ACCEPT_AGAIN_NANOS);
        return true;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        ClientEndPoint client = new ClientEndPoint(channel, selector, key, getScheduler(), slow, connections, linger);
        client.setIdleTimeout(getIdleTimeout());
        return client;
    }
}
