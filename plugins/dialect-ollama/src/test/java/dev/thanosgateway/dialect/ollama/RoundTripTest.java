package dev.thanosgateway.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** write(read(write(x))) = write(x), for requests made at random. */
class RoundTripTest {
    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void whatWasReadIsWrittenAsItWas() throws GatewayException {
        for (int round = 0; round < 3000; round++) {
            String made = request();
            String once = rewritten(made);
            assertThat(rewritten(once))
                    .as("seed %d round %d: %s", seed, round, made)
                    .isEqualTo(once);
        }
    }

    /** Read, and written from its content as for an upstream that is not relayed to. */
    private static String rewritten(String body) throws GatewayException {
        return Recorder.sent(Recorder.translated(Recorder.chat(body)));
    }

    private String request() {
        StringBuilder body = new StringBuilder("{\"model\":\"m\",\"messages\":[" + message());
        for (int more = random.nextInt(4); more > 0; more--) {
            body.append(',').append(message());
        }
        body.append(']');
        field(body, "stream", () -> oneOf("true", "false", "null"));
        field(body, "format", () -> oneOf("\"json\"", "{\"type\": \"object\",\"x\":[1.50]}", "\"\"", "null"));
        field(body, "think", () -> oneOf("true", "false", "\"low\"", "\"high\"", "\"max\""));
        field(body, "keep_alive", () -> oneOf("\"5m\"", "0", "-1"));
        field(body, "truncate", () -> "true");
        field(body, "logprobs", () -> oneOf("true", "false"));
        field(body, "top_logprobs", () -> oneOf("0", "3"));
        field(body, "brand_new", () -> oneOf("1.0", "null", "[{},\"x\"]"));
        field(
                body,
                "options",
                () -> "{\"temperature\":" + oneOf("0.7", "1", "0", "1e-3", "null") + ",\"top_p\":" + random.nextDouble()
                        + ",\"seed\":" + random.nextInt() + ",\"stop\":" + oneOf("\"a\"", "[\"a\",\"b\"]", "[]")
                        + ",\"num_predict\":" + oneOf("-1", "17") + ",\"num_ctx\":4096,\"min_p\":0.050}");
        field(
                body,
                "tools",
                () -> "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":" + text()
                        + ",\"parameters\":{\"type\": \"object\"}}},{\"function\":{\"name\":\"g\"}}]");
        return body.append('}').toString();
    }

    private String message() {
        return switch (random.nextInt(4)) {
            case 0 -> "{\"role\":\"system\",\"content\":" + text() + "}";
            case 1 -> "{\"role\":\"user\",\"content\":" + text() + ",\"images\":[\"AAAA\",\"/9j/\"]}";
            case 2 ->
                "{\"role\":\"assistant\",\"content\":" + oneOf("null", text()) + ",\"thinking\":" + text()
                        + ",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\": " + text()
                        + "}}},{\"id\":\"c2\",\"function\":{\"name\":\"g\",\"arguments\":{}}}]}";
            default ->
                "{\"role\":\"tool\",\"content\":" + text()
                        + oneOf("", ",\"tool_name\":\"g\"", ",\"tool_call_id\":\"c2\"") + "}";
        };
    }

    private void field(StringBuilder body, String name, Supplier<String> value) {
        if (random.nextBoolean()) {
            body.append(",\"").append(name).append("\":").append(value.get());
        }
    }

    private String text() {
        return oneOf("\"\"", "\"a\"", "\"é 😀 \\u00e9\\ud83d\\ude00\"", "\"\\\"\\\\\\n\\u0001/\\/\"");
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
