package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.host.decision.Arrival;
import java.util.List;
import java.util.Map;

/**
 * What a front end knows of a call beside the request.
 *
 * @param arrival by which endpoint it came, such as {@code chat_completions} or {@code grpc}, when, and from whom
 * @param deadlineNanos {@code System.nanoTime()} when the caller gives up; {@code Long.MAX_VALUE} = never
 * @param forwardedHeaders of the client's headers those that may go upstream
 * @param memory what the request holds; the front end's, which closes it
 * @param expected whether the dispatcher was told to expect it, see {@link Dispatcher#expect}
 */
public record CallInfo(
        Arrival arrival,
        long deadlineNanos,
        List<Map.Entry<String, String>> forwardedHeaders,
        RequestMemory memory,
        boolean expected) {
    /** One that nobody expected. */
    public CallInfo(
            Arrival arrival,
            long deadlineNanos,
            List<Map.Entry<String, String>> forwardedHeaders,
            RequestMemory memory) {
        this(arrival, deadlineNanos, forwardedHeaders, memory, false);
    }

    public String requestId() {
        return arrival.requestId();
    }

    public String endpoint() {
        return arrival.endpoint();
    }

    public long startNanos() {
        return arrival.startNanos();
    }
}
