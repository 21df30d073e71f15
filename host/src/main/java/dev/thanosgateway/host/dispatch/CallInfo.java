package dev.thanosgateway.host.dispatch;

import java.util.List;
import java.util.Map;

/**
 * What a front end knows of a call beside the request.
 *
 * @param requestId the caller's, if sane, else ours
 * @param endpoint a short fixed name for metrics, such as {@code chat_completions} or {@code grpc}
 * @param startNanos {@code System.nanoTime()} when the request arrived
 * @param deadlineNanos {@code System.nanoTime()} when the caller gives up; {@code Long.MAX_VALUE} = never
 * @param forwardedHeaders of the client's headers those that may go upstream
 */
public record CallInfo(
        String requestId,
        String endpoint,
        long startNanos,
        long deadlineNanos,
        List<Map.Entry<String, String>> forwardedHeaders) {}
