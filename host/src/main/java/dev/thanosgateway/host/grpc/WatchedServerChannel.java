package dev.thanosgateway.host.grpc;

import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.SlowClients;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The listener's socket: each connection that it accepts is counted and watched. */
final class WatchedServerChannel extends NioServerSocketChannel {
    private static final long ACCEPT_AGAIN_MILLIS = 20;

    private final SlowClients slow;
    private final Connections connections;

    WatchedServerChannel(SlowClients slow, Connections connections) {
        this.slow = slow;
        this.connections = connections;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        if (!connections.room()) {
            return pause();
        }
        int before = accepted.size();
        int read;
        try {
            read = super.doReadMessages(accepted);
        } catch (IOException e) {
            // No descriptor is left for it; Netty would log every try.
            connections.exhausted();
            return pause();
        }
        for (Object one : accepted.subList(before, accepted.size())) {
            if (one instanceof Channel channel) {
                connections.coming();
                channel.pipeline().addFirst(new WatchedConnection(slow, connections));
            }
        }
        return read;
    }

    private int pause() {
        config().setAutoRead(false);
        eventLoop().schedule(() -> config().setAutoRead(true), ACCEPT_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return 0;
    }
}
