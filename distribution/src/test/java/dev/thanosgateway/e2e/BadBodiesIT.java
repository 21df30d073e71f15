package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bodies that are no JSON, at every path that takes one: 400 in the path's shape, and no word of a parser's own. */
class BadBodiesIT {
    private static final List<String> PATHS = List.of(
            "/v1/chat/completions",
            "/v1/chat",
            "/v1/completions",
            "/v1/responses",
            "/v1/embeddings",
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1beta/models/echo/echo:generateContent",
            "/v1beta/models/echo/echo:streamGenerateContent",
            "/v1beta/models/echo/echo:countTokens",
            "/v1beta/models/echo/echo:embedContent",
            "/v1beta/models/echo/echo:batchEmbedContents",
            "/api/chat",
            "/api/generate",
            "/api/embed",
            "/api/embeddings",
            "/api/show");

    /** What only a parser, a compiler or a runtime says. */
    private static final Pattern INTERNAL = Pattern.compile(
            "(?i)jackson|kotlin|javalin|jetty|source:|\\[at |start marker|line: \\d|exception|[a-z]\\.[a-z]+\\.[A-Z]"
                    + "|VALUE_|START_|END_|PROPERTY_NAME|StreamRead|JsonParser|JsonNode|\\bcode \\d|\\bInt(eger)? \\(");

    private static List<byte[]> bodies() {
        List<byte[]> bodies = new ArrayList<>();
        String whole =
                "{\"model\":\"echo/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi é\"}],\"max_tokens\":12,"
                        + "\"input\":\"a\",\"prompt\":\"a\",\"contents\":[{\"parts\":[{\"text\":\"a\"}]}],\"stream\":true}";
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut < bytes.length; cut += 3) {
            bodies.add(java.util.Arrays.copyOf(bytes, cut));
        }
        for (String bad : List.of(
                "",
                " ",
                "{",
                "[",
                "\"",
                "nul",
                "tru",
                "-",
                "1",
                "[]",
                "\"text\"",
                "null",
                "{}}",
                "{} {}",
                "{'model':'x'}",
                "{model:\"x\"}",
                "{\"model\" \"x\"}",
                "{\"model\":}",
                "{\"model\":,}",
                "{\"model\":\"x\",}",
                "{\"model\":\"x\" \"messages\":[]}",
                "{\"model\":\"x\",\"model\":\"y\"}",
                "{\"messages\":[{\"a\":1,\"a\":2}]}",
                "{\"model\":\"\\q\"}",
                "{\"model\":\"\\u12\"}",
                "{\"model\":\"a\nb\"}",
                "{\"x\":01}",
                "{\"x\":+1}",
                "{\"x\":.5}",
                "{\"x\":NaN}",
                "{\"x\":1e}",
                "{\"x\":" + "9".repeat(2000) + "}",
                "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}",
                "{\"x\":" + "{\"y\":".repeat(500) + "1" + "}".repeat(500) + "}",
                "// comment\n{}",
                "model=echo",
                "<xml/>",
                "\u0000\u0001\u0002")) {
            bodies.add(bad.getBytes(StandardCharsets.UTF_8));
        }
        bodies.add(new byte[] {'{', '"', 'x', '"', ':', '"', (byte) 0xC3, '"', '}'});
        bodies.add(new byte[] {(byte) 0xFF, (byte) 0xFE, '{', 0, '}', 0});
        return bodies;
    }

    /** The message of an error, if the answer has the shape of its path; else null. */
    private static String message(String path, RawHttp.Response answer) {
        JsonNode root = Chats.read(answer.text());
        JsonNode error = root.path("error");
        if (path.startsWith("/api/")) {
            return error.isString() ? error.asString() : null;
        }
        boolean right = path.startsWith("/v1/messages")
                ? root.path("type").asString("").equals("error")
                        && error.path("type").isString()
                : path.startsWith("/v1beta/")
                        ? error.path("code").asInt() == answer.status()
                                && error.path("status").isString()
                        : error.has("param")
                                && error.has("code")
                                && error.path("type").isString();
        return right && error.path("message").isString() ? error.path("message").asString() : null;
    }

    @Test
    void everyBodyThatIsNoJsonIsA400WithoutAParsersWords() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (Gateway gateway =
                Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n").start()) {
            for (String path : PATHS) {
                for (byte[] body : bodies()) {
                    RawHttp.Response answer =
                            RawHttp.exchange(gateway.port(), RawHttp.post(path, body, "Connection: close"));
                    String text = new String(body, StandardCharsets.UTF_8);
                    String shown = path + " " + (text.length() > 80 ? text.substring(0, 80) : text) + " => "
                            + answer.status() + " " + answer.text();
                    String message = answer.status() == 400 ? message(path, answer) : null;
                    if (message == null
                            || message.isBlank()
                            || INTERNAL.matcher(message).find()) {
                        wrong.add(shown);
                    }
                }
            }
            assertThat(wrong).isEmpty();
            for (String path : List.of(Chats.PATH, "/v1/messages", "/api/chat", PATHS.get(7))) {
                RawHttp.Response cut =
                        RawHttp.exchange(gateway.port(), RawHttp.post(path, "{\"model\":", "Connection: close"));
                assertThat(message(path, cut)).as(path).contains("not valid JSON: it ends too early at byte 9");
            }
        }
    }
}
