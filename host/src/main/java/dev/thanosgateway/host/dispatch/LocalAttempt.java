package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.host.config.Timeouts;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A target that answers in this process: a thread pulls its events at the caller's pace. Bundles known by their digest
 * get a virtual thread; others a platform thread of a bounded number per bundle, since one that spins on a virtual
 * thread would hold up everybody else's.
 */
final class LocalAttempt implements Attempt {
    private static final long NEVER = Long.MAX_VALUE;

    private final Told<ChatEvent> told;
    private final ChatRequest request;
    private final LiveProvider provider;
    private final LocalChat chat;
    private final LocalThreads threads;
    private final AnswerShare share;
    private final Semaphore demanded = new Semaphore(0);
    private volatile boolean over;
    private @Nullable Thread thread;
    private boolean interruptible;
    private boolean running;
    private boolean aborted;
    private volatile long limitNanos = NEVER;
    private volatile long limitMillis;

    /** @param threads shared by all attempts */
    LocalAttempt(
            Told<ChatEvent> told,
            ChatRequest request,
            LiveProvider provider,
            LocalChat chat,
            LocalThreads threads,
            AnswerShare share) {
        this.told = told;
        this.request = request;
        this.provider = provider;
        this.chat = chat;
        this.threads = threads;
        this.share = share;
    }

    @Override
    public void start() {
        told.asking().sent();
        Timeouts timeouts = provider.settings().timeouts();
        limit(request.stream() ? timeouts.firstEventMillis() : timeouts.wholeMillis());
        if (provider.lanes() == Lane.Factory.INLINE) {
            begin(Thread.ofVirtual().name(provider.id()).unstarted(() -> run(() -> {})));
            return;
        }
        String refusal = threads.take(provider.bundle());
        if (refusal != null) {
            noThread(refusal);
            return;
        }
        try {
            begin(Thread.ofPlatform().daemon().name(provider.bundle()).unstarted(() -> run(this::leave)));
        } catch (OutOfMemoryError e) {
            leave();
            noThread("gets no thread from the system");
        }
    }

    private void noThread(String why) {
        told.failed(
                this,
                new GatewayException(
                        ErrorKind.UPSTREAM_UNAVAILABLE,
                        "The plugin " + provider.bundle() + " " + why + ". Try again, or replace its jar."));
    }

    private void begin(Thread unstarted) {
        synchronized (this) {
            running = true;
        }
        try {
            unstarted.start();
        } catch (OutOfMemoryError e) {
            synchronized (this) {
                running = false;
            }
            throw e;
        }
    }

    private void leave() {
        threads.give(provider.bundle(), this);
    }

    private void run(Runnable after) {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try {
            answer();
        } catch (GatewayException e) {
            told.failed(this, e);
        } catch (InterruptedException e) {
            told.failed(this, new GatewayException(ErrorKind.CANCELLED, "The answer was given up."));
        } catch (Exception | Error e) {
            told.failed(this, PluginFailures.of(provider.bundle(), e));
        } finally {
            after.run();
            ended();
        }
    }

    private void answer() throws Exception {
        SliceOutput<ChatEvent> out = new SliceOutput<>(false);
        try (ChatStream stream = plugin(() -> chat.open(request))) {
            told.head(this, List.of());
            while (!over) {
                ChatEvent event = plugin(stream::next);
                share.made(EventSize.of(event));
                out.event(event);
                if (event instanceof ChatEvent.Finished) {
                    limitNanos = NEVER;
                    told.ended(this, out);
                    return;
                }
                if (event.isFirstEvent()) {
                    limitNanos = NEVER;
                    share.gave(request.stream());
                    told.took(this, out);
                    demanded.acquire();
                    share.taken();
                    out = new SliceOutput<>(false);
                }
            }
        }
    }

    /** Only plugin code is interrupted: a channel that the host writes to under an interrupt would be closed. */
    private <T> T plugin(Callable<T> code) throws Exception {
        synchronized (this) {
            if (aborted) {
                throw new InterruptedException();
            }
            interruptible = true;
        }
        try {
            return code.call();
        } finally {
            synchronized (this) {
                interruptible = false;
                Thread.interrupted();
            }
        }
    }

    @Override
    public void demand() {
        limit(provider.settings().timeouts().idleMillis());
        demanded.release();
    }

    private void limit(long millis) {
        limitMillis = millis;
        limitNanos = millis <= 0 ? NEVER : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void tick(long nanos) {
        long limit = limitNanos;
        if (limit != NEVER && nanos - limit > 0) {
            told.failed(
                    this,
                    new GatewayException(
                            ErrorKind.UPSTREAM_TIMEOUT,
                            "Provider '" + provider.id() + "' said nothing for " + limitMillis + " ms."));
        }
    }

    @Override
    public void abort() {
        over = true;
        limitNanos = NEVER;
        boolean idle;
        synchronized (this) {
            aborted = true;
            idle = !running;
            if (running && provider.lanes() != Lane.Factory.INLINE) {
                threads.givenUp(provider.bundle(), this);
            }
            if (interruptible && thread != null) {
                thread.interrupt();
            }
        }
        demanded.release();
        share.close();
        if (idle) {
            provider.release();
        }
    }

    private void ended() {
        boolean last;
        synchronized (this) {
            running = false;
            last = aborted;
        }
        if (last) {
            provider.release();
        }
    }
}
