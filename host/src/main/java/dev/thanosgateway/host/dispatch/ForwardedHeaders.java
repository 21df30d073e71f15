package dev.thanosgateway.host.dispatch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of a client's headers go upstream with which call. */
public final class ForwardedHeaders {
    /** Trace context, and the session that coding agents name: with every call, in whatever language. */
    public static final Set<String> ALWAYS = Stream.concat(
                    Stream.of("traceparent", "tracestate"), Sessions.HEADERS.stream())
            .collect(Collectors.toUnmodifiableSet());

    private ForwardedHeaders() {}

    /**
     * Those that go along. What a dialect adds is written for an upstream that speaks it, and tells another one things
     * that are none of its business.
     *
     * @param headers names in lower case
     * @param relay whether the call carries the caller's request in its own dialect
     */
    static List<Map.Entry<String, String>> of(List<Map.Entry<String, String>> headers, boolean relay) {
        return relay || headers.isEmpty()
                ? headers
                : headers.stream()
                        .filter(header -> ALWAYS.contains(header.getKey()))
                        .toList();
    }
}
