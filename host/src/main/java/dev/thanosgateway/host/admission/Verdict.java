package dev.thanosgateway.host.admission;

import dev.thanosgateway.api.GatewayException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What admission says of one request.
 *
 * @param refusal null = it is let in
 * @param headers for its answer, whichever that is: {@code x-ratelimit-*}, in OpenAI's form; empty = nothing limits it
 */
public record Verdict(@Nullable GatewayException refusal, List<Map.Entry<String, String>> headers) {
    public static final Verdict OPEN = new Verdict(null, List.of());

    private static final String SHARED = "x-ratelimit-";

    public Verdict {
        headers = List.copyOf(headers);
    }

    /**
     * The name under which a header of the upstream comes back. Where this gateway limits the caller, {@code
     * x-ratelimit-*} are its own words and the upstream's are {@code x-upstream-ratelimit-*}: the two never stand for
     * each other in one answer.
     */
    public String upstreamName(String name) {
        boolean shared = !headers.isEmpty() && name.toLowerCase(Locale.ROOT).startsWith(SHARED);
        return shared ? "x-upstream-" + name.substring("x-".length()) : name;
    }
}
