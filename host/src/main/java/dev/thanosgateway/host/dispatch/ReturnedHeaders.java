package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.host.transport.JettyHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Which headers an attempt's answer has for the caller: of the upstream's its rate limits and its ids for support, and
 * what of the request was left out on the way to it.
 */
final class ReturnedHeaders {
    private static final String DROPPED = "x-thanos-dropped";
    private static final int LIMIT = 40;
    private static final int LONGEST = 1024;

    private ReturnedHeaders() {}

    /** @param dropped names of what was left out; none but printable characters may stand in a header */
    static List<Map.Entry<String, String>> of(Headers headers, List<String> dropped) {
        List<Map.Entry<String, String>> back = of(headers);
        if (dropped.isEmpty()) {
            return back;
        }
        List<Map.Entry<String, String>> all = new ArrayList<>(back);
        String names = String.join(", ", dropped).replaceAll("[^\\x20-\\x7E]", "?");
        all.add(Map.entry(DROPPED, names.length() > LONGEST ? names.substring(0, LONGEST) : names));
        return all;
    }

    /** Names as upstream wrote them, but for its {@code x-request-id}, since ours has that name. */
    static List<Map.Entry<String, String>> of(Headers headers) {
        if (!(headers instanceof JettyHeaders jetty)) {
            return List.of();
        }
        List<Map.Entry<String, String>> back = new ArrayList<>(8);
        for (HttpField field : jetty.fields()) {
            HttpHeader common = field.getHeader();
            if (common != null || back.size() >= LIMIT || field.getValue() == null) {
                continue;
            }
            String name = field.getName();
            if (name.equalsIgnoreCase("x-request-id")) {
                back.add(Map.entry("x-upstream-request-id", field.getValue()));
            } else if (returned(name)) {
                back.add(Map.entry(name, field.getValue()));
            }
        }
        return back;
    }

    /** By what vendors' names have in common, whatever stands before it. */
    private static boolean returned(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.startsWith("x-thanos-")
                && (lower.contains("ratelimit-")
                        || lower.endsWith("request-id")
                        || lower.endsWith("-processing-ms")
                        || lower.equals("x-should-retry"));
    }
}
