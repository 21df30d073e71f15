package dev.thanosgateway.host.http;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.dispatch.Answer;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.plugins.Lane;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * A chat's answer on HTTP: the dialect's writer makes bytes of it on its bundle's lane, one write at a time is under
 * way, and what came to an end meanwhile follows when that write is done.
 */
final class HttpAnswer extends HttpWhole<ChatResponse> implements Answer {
    private final ChatRequest request;
    private final ChatEndpoint endpoint;
    private final AnswerBuffer out = new AnswerBuffer();
    private @Nullable ChatWriter writer;
    /** Keeps the stream alive until the answer begins; null = the head has not been sent early. */
    private @Nullable ChatWriter early;

    /** Why nothing of the answer is written any more: the writer keeps more than there is memory for. */
    private volatile @Nullable GatewayException givenUp;
    /** What the writer keeps, as of the last event, with what writing that takes. */
    private volatile long kept;

    private boolean writing;
    private @Nullable Runnable afterWrite;
    private boolean over;

    HttpAnswer(HttpExchange exchange, ChatRequest request, ChatEndpoint endpoint, Lane.Factory lanes) {
        super(exchange, lanes);
        this.request = request;
        this.endpoint = endpoint;
    }

    @Override
    HttpBody body(Begun begun, ChatResponse response) {
        return endpoint.whole(request, begun, response);
    }

    @Override
    HttpBody body(Begun begun, ByteBuffer relayed) {
        return endpoint.whole(request, begun, relayed);
    }

    @Override
    public void early(Begun known) {
        write(() -> {
            ChatWriter begins = endpoint.stream(request, known);
            AnswerBuffer beat = new AnswerBuffer();
            begins.heartbeat(beat);
            // A wire without keep-alives waits for the first event.
            if (beat.size() > 0 && exchange.begin(200, begins.contentType())) {
                early = begins;
                send(beat);
            }
        });
    }

    @Override
    public void begin(Begun begun) {
        write(() -> {
            ChatWriter begins = endpoint.stream(request, begun);
            if (early != null) {
                writer = begins;
                return;
            }
            servedBy(begun);
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
        write(() -> {
            if (givenUp == null) {
                writer().event(event, out);
            }
            kept = writer().kept();
            count(out.size());
        });
    }

    /** Counts what the writer keeps, and what waits for the client. */
    private void count(long waiting) {
        try {
            exchange.keeps(Math.max(kept, waiting));
        } catch (GatewayException e) {
            givenUp = e;
            giveUp(e);
        }
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
            ChatWriter alive = writer == null ? early : writer;
            if (alive == null) {
                return;
            }
            AnswerBuffer beat = new AnswerBuffer();
            alive.heartbeat(beat);
            if (beat.size() > 0) {
                send(beat);
            }
        });
    }

    private void send(AnswerBuffer beat) {
        synchronized (out) {
            writing = true;
        }
        exchange.write(false, beat.view(), new Written(() -> {}, beat));
    }

    @Override
    public void end() {
        told();
        write(() -> {
            exchange.holdsLast(out.size());
            afterWriting(() -> {
                GatewayException failure = givenUp;
                if (failure == null) {
                    writer().end(out);
                } else {
                    writer().fail(failure, out);
                }
                send(true, exchange::succeeded);
            });
        });
    }

    @Override
    void failed(GatewayException error, int attempts) {
        exchange.holdsLast(out.size());
        afterWriting(() -> {
            ChatWriter begun = writer == null ? early : writer;
            if (begun == null) {
                super.failed(error, attempts);
            } else {
                begun.fail(error, out);
                send(true, exchange::succeeded);
            }
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
            count(0);
            if (next != null) {
                next.run();
            }
            then.run();
        }

        @Override
        public void failed(Throwable failure) {
            lost(failure);
        }
    }
}
