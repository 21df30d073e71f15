package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.ChatCall;
import dev.thanosgateway.host.dispatch.HeldBytes;
import dev.thanosgateway.host.dispatch.WholeAnswer;
import dev.thanosgateway.host.plugins.Lane;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer on HTTP that is told whole: the dialect's writer makes bytes of it on its bundle's lane. Looks whether the
 * client is still there, and cancels the call if it is not.
 *
 * @param <R> the answer
 */
abstract class HttpWhole<R> implements WholeAnswer<R> {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    final HttpExchange exchange;
    private final Lane lane;
    private volatile boolean told;
    private volatile @Nullable ChatCall call;
    private volatile boolean gone;
    private volatile long lookedNanos = System.nanoTime();

    HttpWhole(HttpExchange exchange, Lane.Factory lanes) {
        this.exchange = exchange;
        this.lane = lanes.open(this::writerFailed);
    }

    /** Writes an answer; the dialect's code. */
    abstract HttpBody body(Begun begun, R response);

    /** Writes an answer that is in the dialect already; the dialect's code. */
    abstract HttpBody body(Begun begun, ByteBuffer relayed);

    /** The call that answers here; it may have ended already. */
    final void answeredBy(ChatCall call) {
        this.call = call;
        if (gone) {
            call.cancel();
        }
    }

    /** The client is no longer there. On any thread. */
    final void clientGone() {
        gone = true;
        if (!told) {
            cancel();
        }
    }

    /** The client cannot be written to, also at the end of its answer. */
    final void lost(Throwable failure) {
        gone = true;
        cancel();
        exchange.abandon(failure);
    }

    private void cancel() {
        ChatCall running = call;
        if (running != null) {
            running.cancel();
        }
    }

    /** The answer cannot be written on: the call ends, and its failure is told in the answer. */
    final void giveUp(GatewayException failure) {
        ChatCall running = call;
        if (running != null) {
            running.failWith(failure);
        }
    }

    private void writerFailed(GatewayException failure) {
        cancel();
        exchange.breakOff(failure);
    }

    /** Runs the dialect's code; a defect of it ends this answer and no other. */
    final void write(Runnable step) {
        lane.execute(() -> {
            try {
                step.run();
            } catch (OutOfMemoryError e) {
                writerFailed(HeldBytes.exhausted(e));
            } catch (Exception | Error e) {
                writerFailed(new GatewayException(ErrorKind.INTERNAL, "The dialect cannot write the answer.", e));
            }
        });
    }

    /** The last has been said: who leaves from now on cancels nothing. */
    final void told() {
        told = true;
    }

    @Override
    public final void whole(Begun begun, R response) {
        told();
        write(() -> finish(begun, body(begun, response)));
    }

    @Override
    public final void whole(Begun begun, ByteBuffer relayed) {
        told();
        write(() -> finish(begun, body(begun, relayed)));
    }

    private void finish(Begun begun, HttpBody body) {
        servedBy(begun);
        exchange.end(body);
    }

    final void servedBy(Begun begun) {
        if (exchange.open()) {
            exchange.servedBy(begun);
        }
    }

    @Override
    public final void failing(Begun last) {
        write(() -> servedBy(last));
    }

    @Override
    public final void fail(GatewayException error, int attempts) {
        told();
        if (gone && error.kind() == ErrorKind.CANCELLED) {
            exchange.abandon(error);
            return;
        }
        write(() -> failed(error, attempts));
    }

    /** Tells the failure where the answer is written. */
    void failed(GatewayException error, int attempts) {
        exchange.attempts(attempts);
        exchange.fail(error);
    }

    @Override
    public final void tick(long nanos) {
        if (told || nanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = nanos;
        if (exchange.clientGone()) {
            clientGone();
        }
    }
}
