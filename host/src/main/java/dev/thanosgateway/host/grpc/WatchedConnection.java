package dev.thanosgateway.host.grpc;

import dev.thanosgateway.host.inbound.Connections;
import dev.thanosgateway.host.inbound.Http2Frames;
import dev.thanosgateway.host.inbound.SlowClients;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** First to see what a client sends: closes the connection when its preface or a frame is late, or on eviction. */
final class WatchedConnection extends ChannelInboundHandlerAdapter
        implements SlowClients.Watched, Connections.Connection {
    private final SlowClients slow;
    private final Connections connections;
    private final Http2Frames frames = new Http2Frames();
    private boolean http2 = true;
    private volatile @Nullable ChannelHandlerContext open;
    private volatile long lastNanos = System.nanoTime();

    WatchedConnection(SlowClients slow, Connections connections) {
        this.slow = slow;
        this.connections = connections;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        open = context;
        frames.expectPreface();
        slow.watch(this);
        connections.opened(this);
        super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        slow.forget(this);
        connections.closed(this);
        super.channelInactive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        lastNanos = System.nanoTime();
        if (http2 && message instanceof ByteBuf bytes) {
            for (ByteBuffer part : bytes.nioBuffers()) {
                http2 = http2 && frames.read(part, part.position(), part.limit());
            }
        }
        super.channelRead(context, message);
    }

    @Override
    public boolean late(long nanos) {
        return frames.late(nanos);
    }

    @Override
    public void cut() {
        evict();
    }

    @Override
    public long idleNanos(long nanos) {
        ChannelHandlerContext of = open;
        Http2ConnectionHandler handler = of == null ? null : of.pipeline().get(Http2ConnectionHandler.class);
        boolean busy = handler != null && handler.connection().numActiveStreams() > 0;
        return busy ? BUSY : Math.max(0, nanos - lastNanos);
    }

    /** Past gRPC's handler, which would say farewell and wait for the client. */
    @Override
    public void evict() {
        ChannelHandlerContext of = open;
        if (of != null) {
            of.close();
        }
    }
}
