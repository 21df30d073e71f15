package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.dispatch.Answer;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.dispatch.ChatCall;
import dev.thanosgateway.host.plugins.Lane;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A chat's answer on HTTP: the dialect's writer makes bytes of it on its bundle's lane, one write at a time is under
 * way, and what came to an end meanwhile follows when that write is done.
 */
final class HttpAnswer implements Answer {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final HttpExchange exchange;
    private final ChatRequest request;
    private final ChatEndpoint endpoint;
    private final Lane lane;
    private final AnswerBuffer out = new AnswerBuffer();
    private @Nullable ChatWriter writer;
    private boolean writing;
    private @Nullable Runnable afterWrite;
    private boolean over;
    private volatile boolean told;
    private volatile @Nullable ChatCall call;
    private volatile boolean gone;
    private volatile long lookedNanos = System.nanoTime();

    HttpAnswer(HttpExchange exchange, ChatRequest request, ChatEndpoint endpoint, Lane.Factory lanes) {
        this.exchange = exchange;
        this.request = request;
        this.endpoint = endpoint;
        this.lane = lanes.open(this::writerFailed);
    }

    /** The call that answers here; it may have ended already. */
    void answeredBy(ChatCall call) {
        this.call = call;
        if (gone) {
            call.cancel();
        }
    }

    /** The client is no longer there. On any thread. */
    void clientGone() {
        gone = true;
        ChatCall running = call;
        if (running != null && !told) {
            running.cancel();
        }
    }

    private void writerFailed(GatewayException failure) {
        ChatCall running = call;
        if (running != null) {
            running.cancel();
        }
        exchange.breakOff(failure);
    }

    /** Runs the dialect's code; a defect of it ends this answer and no other. */
    private void write(Runnable step) {
        lane.execute(() -> {
            try {
                step.run();
            } catch (Exception | Error e) {
                writerFailed(new GatewayException(ErrorKind.INTERNAL, "The dialect cannot write the answer.", e));
            }
        });
    }

    @Override
    public void whole(Begun begun, ChatResponse response) {
        told = true;
        write(() -> finish(begun, endpoint.whole(request, begun, response)));
    }

    @Override
    public void whole(Begun begun, ByteBuffer body) {
        told = true;
        write(() -> finish(begun, endpoint.whole(request, begun, body)));
    }

    private void finish(Begun begun, HttpBody body) {
        if (exchange.open()) {
            exchange.servedBy(begun);
        }
        exchange.end(body);
    }

    @Override
    public void begin(Begun begun) {
        write(() -> {
            ChatWriter begins = endpoint.stream(request, begun);
            if (exchange.open()) {
                exchange.servedBy(begun);
            }
            if (exchange.begin(200, begins.contentType())) {
                writer = begins;
            }
        });
    }

    private ChatWriter writer() {
        ChatWriter begun = writer;
        if (begun == null) {
            throw new IllegalStateException("an answer goes on that has not begun");
        }
        return begun;
    }

    @Override
    public void event(ChatEvent event) {
        write(() -> writer().event(event, out));
    }

    @Override
    public void frames(ByteBuffer frames) {
        write(() -> writer().frames(frames, out));
    }

    @Override
    public void flush(Runnable ready) {
        write(() -> send(false, ready));
    }

    @Override
    public void heartbeat() {
        write(() -> {
            synchronized (out) {
                if (writing || over) {
                    return;
                }
            }
            AnswerBuffer beat = new AnswerBuffer();
            writer().heartbeat(beat);
            if (beat.size() > 0) {
                synchronized (out) {
                    writing = true;
                }
                exchange.write(false, beat.view(), new Written(() -> {}, beat));
            }
        });
    }

    @Override
    public void end() {
        told = true;
        write(() -> {
            exchange.holdsLast(out.size());
            afterWriting(() -> {
                writer().end(out);
                send(true, exchange::succeeded);
            });
        });
    }

    @Override
    public void failing(Begun last) {
        write(() -> {
            if (exchange.open()) {
                exchange.servedBy(last);
            }
        });
    }

    @Override
    public void fail(GatewayException error, int attempts) {
        told = true;
        if (gone && error.kind() == ErrorKind.CANCELLED) {
            exchange.abandon(error);
            return;
        }
        write(() -> {
            exchange.holdsLast(out.size());
            afterWriting(() -> {
                ChatWriter begun = writer;
                if (begun == null) {
                    exchange.attempts(attempts);
                    exchange.fail(error);
                } else {
                    begun.fail(error, out);
                    send(true, exchange::succeeded);
                }
            });
        });
    }

    private void afterWriting(Runnable last) {
        synchronized (out) {
            if (writing) {
                afterWrite = () -> write(last);
                return;
            }
        }
        last.run();
    }

    private void send(boolean last, Runnable then) {
        synchronized (out) {
            if (over) {
                return;
            }
            if (!last && out.size() == 0 && !writing) {
                then.run();
                return;
            }
            if (writing) {
                // A heartbeat is on its way; the events follow it.
                afterWrite = () -> write(() -> send(last, then));
                return;
            }
            writing = true;
            over = last;
        }
        exchange.write(last, out.view(), new Written(then, out));
    }

    private final class Written implements Callback {
        private final Runnable then;
        private final AnswerBuffer written;

        Written(Runnable then, AnswerBuffer written) {
            this.then = then;
            this.written = written;
        }

        @Override
        public Invocable.InvocationType getInvocationType() {
            return Invocable.InvocationType.NON_BLOCKING;
        }

        @Override
        public void succeeded() {
            Runnable next;
            synchronized (out) {
                written.sent();
                writing = false;
                next = afterWrite;
                afterWrite = null;
            }
            if (next != null) {
                next.run();
            }
            then.run();
        }

        @Override
        public void failed(Throwable failure) {
            gone = true;
            ChatCall running = call;
            if (running != null) {
                running.cancel();
            }
            exchange.abandon(failure);
        }
    }

    @Override
    public void tick(long nanos) {
        if (told || nanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = nanos;
        if (exchange.clientGone()) {
            clientGone();
        }
    }
}
