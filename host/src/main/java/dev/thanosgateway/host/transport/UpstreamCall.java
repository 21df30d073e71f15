package dev.thanosgateway.host.transport;

/** One upstream call: prepared, then under way. */
public interface UpstreamCall {
    /** Sends it. Once; the listener may be told before this returns. */
    void start();

    /** Asks for the next slice or the end; on any thread, once after the head and once after each slice. */
    void demand();

    /** Gives up: the connection is closed, the listener hears nothing more. On any thread, any number of times. */
    void abort();
}
