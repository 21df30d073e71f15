package dev.thanosgateway.tck;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A recorded stream in other forms that mean the same, by a name that says how it differs. */
final class Streams {
    static final int MEBIBYTE = 1 << 20;

    private static final String DATA = "data:";
    /** The variant whose members must not be lost. */
    static final String MEMBERS = "members nobody knows";

    /** Its like with a line of 1 MiB. */
    static final String LARGE_MEMBER = "a member nobody knows";

    /** In every event nobody knows, and nowhere else. */
    static final String STRANGE_MARK = "\"type\":\"x_new\",\"x_new\"";

    /** In an event of 1 MiB that nobody knows, and nowhere else. */
    static final String LARGE_MARK = "\"x_large\":";

    /** The member nobody knows. */
    static final String FIELD = "\"x_new\":{\"a\":[1.50,\"}\",null],\"b\":{}}";

    /** The same of 1 MiB. */
    static final String LARGE_FIELD = "\"x_new\":\"" + "x".repeat(MEBIBYTE) + '"';

    private static final String STRANGE = "{" + STRANGE_MARK + ":{\"a\":[1,\"{\\\"choices\\\":0}\",null]}}";

    private Streams() {}

    /** With what a reader must read over: comments and fields of the format, events and members nobody knows. */
    static Map<String, RecordedAnswer> decorated(RecordedAnswer answer) {
        Map<String, RecordedAnswer> all = new LinkedHashMap<>();
        all.put("events nobody knows", withEvents(answer, STRANGE));
        all.put(MEMBERS, changed(answer, line -> withMember(line, FIELD)));
        if (answer.sse()) {
            all.put("comments", changed(answer, line -> ": keep-alive\n:\n" + line));
            all.put("fields of no meaning", changed(answer, line -> "retry: 3000\nid: 7\nx-new: data: 1\nx\n" + line));
        }
        return all;
    }

    /** Without what stands behind the last event. */
    static RecordedAnswer withoutLastLineEnd(RecordedAnswer answer) {
        return answer.withBody(bytes(text(answer).stripTrailing()));
    }

    /** With a line of 1 MiB where it changes nothing. */
    static Map<String, RecordedAnswer> large(RecordedAnswer answer) {
        String filler = "x".repeat(MEBIBYTE);
        Map<String, RecordedAnswer> all = new LinkedHashMap<>();
        String event = event(answer, "{" + LARGE_MARK + '"' + filler + "\"}");
        all.put(
                "an event nobody knows",
                answer.withBody(bytes(text(answer).replaceFirst(end(answer), end(answer) + event))));
        all.put(LARGE_MEMBER, once(answer, line -> withMember(line, LARGE_FIELD)));
        if (answer.sse()) {
            all.put("a comment", once(answer, line -> line.startsWith(DATA) ? ": " + filler + '\n' + line : line));
        }
        return all;
    }

    /**
     * With one of its texts become 1 MiB long.
     *
     * @param text what is written exactly once in it, as a JSON string; the caller has looked
     */
    static RecordedAnswer withText(RecordedAnswer answer, String text, String longer) {
        return answer.withBody(bytes(text(answer).replace(quoted(text), quoted(longer))));
    }

    /** How often a text is a whole JSON string in an answer. */
    static int mentions(RecordedAnswer answer, String text) {
        return (text(answer) + ' ').split(Pattern.quote(quoted(text)), -1).length - 1;
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    private static String text(RecordedAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RecordedAnswer changed(RecordedAnswer answer, UnaryOperator<String> line) {
        return answer.withBody(bytes(text(answer).lines().map(line).collect(Collectors.joining("\n", "", "\n"))));
    }

    /** Only the first line that {@code line} would change. */
    private static RecordedAnswer once(RecordedAnswer answer, UnaryOperator<String> line) {
        List<String> lines = new ArrayList<>(text(answer).lines().toList());
        for (int i = 0; i < lines.size(); i++) {
            String other = line.apply(lines.get(i));
            if (!other.equals(lines.get(i))) {
                lines.set(i, other);
                break;
            }
        }
        return answer.withBody(bytes(String.join("\n", lines) + '\n'));
    }

    /** The members of an object begin on this line: one more stands before them. */
    private static String withMember(String line, String member) {
        int brace = line.indexOf("{\"");
        boolean object = brace >= 0
                && List.of("", DATA).contains(line.substring(0, brace).strip());
        return object ? line.substring(0, brace + 1) + member + ',' + line.substring(brace + 1) : line;
    }

    /** An event behind every one, but never before the first. */
    private static RecordedAnswer withEvents(RecordedAnswer answer, String json) {
        return answer.withBody(bytes(text(answer).replace(end(answer), end(answer) + event(answer, json))));
    }

    private static String event(RecordedAnswer answer, String json) {
        return (answer.sse() ? "event: x_new\ndata: " : "") + json + end(answer);
    }

    private static String end(RecordedAnswer answer) {
        return answer.sse() ? "\n\n" : "\n";
    }
}
