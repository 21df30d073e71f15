package dev.thanosgateway.host.dispatch;

/** One call being served. */
public interface ChatCall {
    /** The caller has gone: stop everything, on any thread, any number of times. The answer is told by {@code fail}. */
    void cancel();
}
