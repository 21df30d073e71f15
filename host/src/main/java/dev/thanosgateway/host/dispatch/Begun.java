package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.dialect.Served;
import java.util.List;
import java.util.Map;

/**
 * An answer that began: who serves it, and what its head says.
 *
 * @param created Unix seconds
 * @param attempts targets asked, this one included
 * @param overheadNanos the gateway's own time so far, without waiting for upstreams
 * @param upstreamHeaders those of the upstream's answer that come back, rate limits and request ids; and {@code
 *     x-thanos-dropped}, where something of the request was left out
 */
public record Begun(
        String requestId,
        String provider,
        String model,
        long created,
        int attempts,
        long overheadNanos,
        List<Map.Entry<String, String>> upstreamHeaders)
        implements Served {}
