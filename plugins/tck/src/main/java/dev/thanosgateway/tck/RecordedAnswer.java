package dev.thanosgateway.tck;

import dev.thanosgateway.api.provider.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An upstream's answer as it was recorded, after transfer coding. Nobody changes its body. */
final class RecordedAnswer {
    private final int status;
    private final List<Map.Entry<String, String>> fields;
    private final byte[] body;

    /** @param fields in order, names in lower case */
    RecordedAnswer(int status, List<Map.Entry<String, String>> fields, byte[] body) {
        this.status = status;
        this.fields = fields;
        this.body = body;
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    /**
     * Reads a status line, header lines, an empty line and the body.
     *
     * @throws IllegalArgumentException when the bytes are something else
     */
    static RecordedAnswer parse(byte[] bytes) {
        List<String> head = new ArrayList<>();
        int at = 0;
        while (true) {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            if (end == bytes.length) {
                throw new IllegalArgumentException("answer.http has no empty line between head and body");
            }
            String line = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1).stripTrailing();
            at = end + 1;
            if (line.isEmpty()) {
                break;
            }
            head.add(line);
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            fields.add(Map.entry(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip()));
        }
        byte[] body = new byte[bytes.length - at];
        System.arraycopy(bytes, at, body, 0, body.length);
        return new RecordedAnswer(Integer.parseInt(head.get(0).split(" ", 3)[1]), fields, body);
    }

    static RecordedAnswer of(int status, String contentType, String body) {
        return new RecordedAnswer(
                status, List.of(Map.entry("content-type", contentType)), body.getBytes(StandardCharsets.UTF_8));
    }

    RecordedAnswer withBody(byte[] other) {
        return new RecordedAnswer(status, fields, other);
    }

    boolean good() {
        return status / 100 == 2;
    }

    boolean sse() {
        return contentType().startsWith("text/event-stream");
    }

    boolean lines() {
        return sse() || contentType().contains("ndjson");
    }

    private String contentType() {
        String type = headers().first("content-type");
        return type == null ? "" : type;
    }

    Headers headers() {
        return new Headers() {
            @Override
            public @Nullable String first(String name) {
                List<String> all = all(name);
                return all.isEmpty() ? null : all.get(0);
            }

            @Override
            public List<String> all(String name) {
                String wanted = name.toLowerCase(Locale.ROOT);
                return fields.stream()
                        .filter(field -> field.getKey().equals(wanted))
                        .map(Map.Entry::getValue)
                        .toList();
            }
        };
    }
}
