package dev.thanosgateway.tck;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Answers no upstream should give, and some do. */
final class Faults {
    private static final String HTML = "<!DOCTYPE html><html><body>Bad gateway</body></html>";
    private static final int[] STATUSES = {
        300, 302, 304, 400, 401, 402, 403, 404, 408, 410, 413, 422, 429, 500, 502, 503, 504, 529
    };
    private static final int BROKEN = 300;
    /** Google's words for failures that others name by a type. */
    private static final Map<String, String> GOOGLE = Map.of(
            "server_error", "INTERNAL",
            "api_error", "UNAVAILABLE",
            "rate_limit_error", "RESOURCE_EXHAUSTED",
            "rate_limit_exceeded", "RESOURCE_EXHAUSTED",
            "authentication_error", "UNAUTHENTICATED",
            "permission_error", "PERMISSION_DENIED",
            "timeout_error", "DEADLINE_EXCEEDED");

    private Faults() {}

    /** Bodies that name another failure than their status does. */
    private static final Map<Integer, List<String>> CONTRADICTED = Map.of(
            401, List.of("server_error", "rate_limit_error"),
            402, List.of("api_error", "overloaded_error"),
            403, List.of("server_error", "timeout_error"),
            404, List.of("server_error", "api_error"),
            429, List.of("server_error", "api_error", "authentication_error"),
            500, List.of("rate_limit_error", "authentication_error"),
            503, List.of("rate_limit_exceeded", "permission_error"));

    /** Error statuses whose bodies say nothing, or something else. */
    static Stream<RecordedAnswer> statuses() {
        List<RecordedAnswer> all = new ArrayList<>();
        for (int status : STATUSES) {
            all.add(error(status, "text/html", HTML));
            all.add(error(status, "application/json", ""));
            all.add(error(status, "application/json", "{\"err"));
            all.add(error(status, "application/json", "[]"));
            for (String type : CONTRADICTED.getOrDefault(status, List.of())) {
                all.add(error(status, "application/json", named(type, GOOGLE.getOrDefault(type, "UNKNOWN"))));
            }
        }
        return all.stream();
    }

    /** An error in the words of every language at once. */
    private static String named(String type, String status) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"code\":\"" + type + "\",\"status\":\""
                + status + "\",\"message\":\"It broke.\"}}";
    }

    /** An error in place of an answer, with a good status. */
    static Stream<RecordedAnswer> errors() {
        String error = named("api_error", "UNAVAILABLE");
        return Stream.of(
                RecordedAnswer.of(200, "application/json", error),
                RecordedAnswer.of(200, "application/x-ndjson", error + "\n"),
                RecordedAnswer.of(200, "text/event-stream", "event: error\ndata: " + error + "\n\n"));
    }

    private static RecordedAnswer error(int status, String type, String body) {
        return new RecordedAnswer(
                status,
                List.of(Map.entry("content-type", type), Map.entry("retry-after", "7")),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** Status 200, and no answer. */
    static Stream<RecordedAnswer> noAnswers() {
        List<RecordedAnswer> all = new ArrayList<>();
        for (String type : List.of("application/json", "text/event-stream", "application/x-ndjson")) {
            for (String body : List.of("", " \r\n\r\n", "{}", "[]", "null", "42", "{\"hello\":1}\n", "{\"cho", HTML)) {
                all.add(RecordedAnswer.of(200, type, body));
            }
        }
        all.add(RecordedAnswer.of(200, "text/html", HTML));
        all.add(RecordedAnswer.of(200, "text/event-stream", ": ping\n\n"));
        all.add(RecordedAnswer.of(200, "text/event-stream", "data: [DONE]\n\n"));
        all.add(RecordedAnswer.of(200, "text/event-stream", "data: {\n\n"));
        all.add(new RecordedAnswer(
                200, List.of(Map.entry("content-type", "application/json")), new byte[] {(byte) 0xff, (byte) 0xc0, 0}));
        return all.stream();
    }

    static String shown(RecordedAnswer answer) {
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        return answer.headers().first("content-type") + " "
                + (body.isBlank()
                        ? "blank"
                        : body.substring(0, Math.min(20, body.length())).replace("\n", "\\n"));
    }

    /** The answer with bytes changed, lost and repeated; the same ones every time. */
    static List<RecordedAnswer> broken(RecordedAnswer answer, String seed) {
        Random random = new Random(seed.hashCode());
        List<RecordedAnswer> all = new ArrayList<>();
        for (int i = 0; i < BROKEN && answer.body().length > 1; i++) {
            byte[] body = answer.body().clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                body = changed(body, random);
            }
            all.add(answer.withBody(body));
        }
        return all;
    }

    private static byte[] changed(byte[] body, Random random) {
        int from = random.nextInt(body.length);
        int to = Math.min(body.length, from + 1 + random.nextInt(40));
        switch (random.nextInt(4)) {
            case 0 -> body[from] = (byte) random.nextInt(256);
            case 1 -> body[from] = (byte) "{}[]\",:\\\n0e".charAt(random.nextInt(11));
            case 2 -> {
                return body.length - (to - from) < 2 ? body : joined(body, from, to);
            }
            default -> {
                byte[] longer = Arrays.copyOf(body, body.length + to - from);
                System.arraycopy(body, from, longer, to, body.length - from);
                return longer;
            }
        }
        return body;
    }

    private static byte[] joined(byte[] body, int from, int to) {
        byte[] shorter = Arrays.copyOf(body, body.length - (to - from));
        System.arraycopy(body, to, shorter, from, body.length - to);
        return shorter;
    }
}
