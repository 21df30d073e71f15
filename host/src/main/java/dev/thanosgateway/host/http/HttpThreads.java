package dev.thanosgateway.host.http;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads that move HTTP's bytes, on both sides. When an answer ends on another thread than the one that read its
 * request, Jetty has a thread of the pool look for the connection's next request: two changes of threads for every
 * request that went upstream. Here the thread that ended the answer sees to it itself if it is one of these; see {@link
 * SerialHttpConnection#awaitNext}.
 */
public final class HttpThreads extends QueuedThreadPool {
    private static final int MOST = 200;
    private static final int LEAST = 8;

    /** A thread of such a pool. */
    private static final class Mover extends Thread {
        Mover(Runnable work) {
            super(work);
        }
    }

    public HttpThreads() {
        super(MOST, LEAST);
        setName("http");
        setDaemon(true);
    }

    @Override
    public Thread newThread(Runnable work) {
        Thread thread = new Mover(work);
        thread.setDaemon(isDaemon());
        thread.setPriority(getThreadsPriority());
        thread.setName(getName() + "-" + thread.threadId());
        thread.setContextClassLoader(getClass().getClassLoader());
        return thread;
    }

    @Override
    public void execute(Runnable job) {
        boolean here = job instanceof SerialHttpConnection connection
                && Thread.currentThread() instanceof Mover
                && connection.awaitNext();
        if (!here) {
            super.execute(job);
        }
    }
}
