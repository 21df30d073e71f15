package dev.thanosgateway.e2e;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Requests of one size in every language: long texts of every kind, and many small things. */
final class LargeBodies {
    private LargeBodies() {}

    /** What a request is large by. */
    enum Kind {
        /** One character a byte. */
        ASCII,
        /** One character that makes the whole text take two bytes for each. */
        CJK,
        /** Two characters of a string for each of the text. */
        EMOJI,
        ESCAPES,
        QUOTES,
        /** Many messages, or inputs. */
        MANY,
        TOOLS,
        /** Empty arrays, where a caller may say anything. */
        TOKENS
    }

    /** A path, and how its language says a text, many of them, and tools; {@code @} stands for what is repeated. */
    enum Path {
        CHAT(
                "/v1/chat/completions",
                "\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]",
                "\"model\":\"%s\",\"messages\":[@{\"role\":\"user\",\"content\":\"a\"}]",
                "\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[@"
                        + "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]"),
        RESPONSES(
                "/v1/responses",
                "\"model\":\"%s\",\"store\":false,\"input\":\"@\"",
                "\"model\":\"%s\",\"store\":false,\"input\":[@{\"role\":\"user\",\"content\":\"a\"}]",
                null),
        COMPLETIONS("/v1/completions", "\"model\":\"%s\",\"prompt\":\"@\"", null, null),
        EMBEDDINGS("/v1/embeddings", "\"model\":\"%s\",\"input\":\"@\"", "\"model\":\"%s\",\"input\":[@\"a\"]", null),
        MESSAGES(
                "/v1/messages",
                "\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]",
                "\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":"
                        + "[@{\"type\":\"text\",\"text\":\"a\"}]}]",
                "\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],"
                        + "\"tools\":[@{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]"),
        COUNT(
                "/v1/messages/count_tokens",
                "\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]",
                "\"model\":\"%s\",\"messages\":[@{\"role\":\"user\",\"content\":\"a\"}]",
                null),
        GEMINI(
                "/v1beta/models/%s:generateContent",
                "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"@\"}]}]",
                "\"contents\":[{\"role\":\"user\",\"parts\":[@{\"text\":\"a\"}]}]",
                "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"}]}],\"tools\":[{\"functionDeclarations\":"
                        + "[@{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}]}]"),
        GEMINI_EMBED(
                "/v1beta/models/%s:embedContent",
                "\"content\":{\"parts\":[{\"text\":\"@\"}]}", "\"content\":{\"parts\":[@{\"text\":\"a\"}]}", null),
        OLLAMA_CHAT(
                "/api/chat",
                "\"model\":\"%s\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]",
                "\"model\":\"%s\",\"stream\":false,\"messages\":[@{\"role\":\"user\",\"content\":\"a\"}]",
                null),
        OLLAMA_GENERATE("/api/generate", "\"model\":\"%s\",\"stream\":false,\"prompt\":\"@\"", null, null),
        OLLAMA_EMBED("/api/embed", "\"model\":\"%s\",\"input\":\"@\"", "\"model\":\"%s\",\"input\":[@\"a\"]", null);

        private final String path;
        private final String text;
        private final String many;
        private final String tools;

        Path(String path, String text, @Nullable String many, @Nullable String tools) {
            this.path = path;
            this.text = text;
            this.many = many == null ? text : many;
            this.tools = tools == null ? this.many : tools;
        }

        String of(String model) {
            return path.formatted(model);
        }
    }

    /** @return the body's bytes; about {@code size} of them */
    static byte[] body(Path path, Kind kind, String model, int size) {
        String form = "{"
                + switch (kind) {
                    case MANY -> path.many;
                    case TOOLS -> path.tools;
                    default -> path.text;
                }
                + (kind == Kind.TOKENS ? ",\"metadata\":{\"a\":[#1]}" : "")
                + "}";
        String named = form.contains("%s") ? form.formatted(model) : form;
        char place = kind == Kind.TOKENS ? '#' : '@';
        int at = named.indexOf(place);
        String one = kind == Kind.TOKENS ? "[]," : repeated(named, at, kind);
        String head = named.substring(0, at).replace("@", "a");
        byte[] begin = (kind == Kind.CJK ? head + "中" : head).getBytes(StandardCharsets.UTF_8);
        byte[] end = named.substring(at + 1).getBytes(StandardCharsets.UTF_8);
        byte[] unit = one.getBytes(StandardCharsets.UTF_8);
        int times = (size - begin.length - end.length) / unit.length;
        byte[] body = new byte[begin.length + times * unit.length + end.length];
        System.arraycopy(begin, 0, body, 0, begin.length);
        for (int i = 0; i < times; i++) {
            System.arraycopy(unit, 0, body, begin.length + i * unit.length, unit.length);
        }
        System.arraycopy(end, 0, body, body.length - end.length, end.length);
        return body;
    }

    /** A chat with JSON of many values in a string: a call's arguments, or a tool's result. */
    static byte[] tree(boolean result, String model, int size) {
        String tree = "{\\\"a\\\":[" + "[],".repeat(size / 3) + "1]}";
        String call = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"" + (result ? "{}" : tree) + "\"}}]}";
        String body = "{\"model\":\"" + model
                + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}," + call
                + ",{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"" + (result ? tree : "ok") + "\"}]}";
        return body.getBytes(StandardCharsets.US_ASCII);
    }

    private static String repeated(String form, int at, Kind kind) {
        if (form.charAt(at - 1) == '"') {
            return switch (kind) {
                case EMOJI -> "\uD83D\uDC4B";
                case ESCAPES -> "\\u4e2d";
                case QUOTES -> "\\\"";
                default -> "a";
            };
        }
        // What stands behind the place, once more with a comma.
        String rest = form.substring(at + 1);
        int end = 0;
        int depth = 0;
        do {
            char c = rest.charAt(end++);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        } while (depth > 0 || rest.charAt(end) != ']' && rest.charAt(end) != '}' && rest.charAt(end) != ',');
        return rest.substring(0, end) + ",";
    }
}
