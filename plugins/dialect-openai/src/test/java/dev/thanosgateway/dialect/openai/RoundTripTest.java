package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
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
        ChatRequest read = Recorder.read(body);
        return Recorder.sent(ChatRequest.builder(read.model()).stream(read.stream())
                .content(read.content())
                .build());
    }

    private String request() {
        StringBuilder body = new StringBuilder("{\"model\":\"m\",\"messages\":[" + message());
        for (int more = random.nextInt(4); more > 0; more--) {
            body.append(',').append(message());
        }
        body.append(']');
        field(body, "stream", () -> oneOf("true", "false", "null"));
        field(body, "stream_options", () -> oneOf("{}", "{\"include_usage\":true,\"include_obfuscation\":false}"));
        field(body, "temperature", () -> oneOf("0.7", "1", "0", "1e-3", "null"));
        field(body, "top_p", () -> Double.toString(random.nextDouble()));
        field(body, "seed", () -> Integer.toString(random.nextInt()));
        field(body, "n", () -> Integer.toString(1 + random.nextInt(4)));
        field(body, "stop", () -> oneOf("\"a\"", "[\"a\",\"b\"]", "[]"));
        field(body, "max_tokens", () -> "17");
        field(body, "logit_bias", () -> oneOf("{}", "{\"1\":-100,\"2\":0.5}"));
        field(body, "logprobs", () -> oneOf("true", "false"));
        field(body, "top_logprobs", () -> oneOf("0", "3"));
        field(body, "user", this::text);
        field(body, "system", this::text);
        field(body, "reasoning_effort", () -> oneOf("\"low\"", "\"xhigh\""));
        field(body, "parallel_tool_calls", () -> oneOf("true", "false"));
        field(
                body,
                "tools",
                () -> "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\": \"object\"},"
                        + "\"strict\":true}}" + oneOf("", ",{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}") + "]");
        field(
                body,
                "tool_choice",
                () -> oneOf(
                        "\"auto\"",
                        "\"none\"",
                        "\"required\"",
                        "\"validated\"",
                        "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[]}}"));
        field(
                body,
                "response_format",
                () -> oneOf(
                        "{\"type\":\"text\"}",
                        "{\"type\":\"json_object\"}",
                        "{\"type\":\"grammar\",\"x\":1}",
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"description\":\"d\",\"schema\":{\"a\":[1.50]}}}"));
        field(body, "metadata", () -> "{\"k\":" + text() + "}");
        field(body, "brand_new", () -> oneOf("1.0", "null", "[{},\"x\"]"));
        return body.append('}').toString();
    }

    private String message() {
        return switch (random.nextInt(5)) {
            case 0 -> "{\"role\":\"system\",\"content\":" + text() + "}";
            case 1 -> "{\"role\":\"user\",\"name\":" + text() + ",\"content\":[" + part() + "," + part() + "]}";
            case 2 ->
                "{\"role\":\"assistant\",\"content\":" + oneOf("null", text()) + ",\"refusal\":" + oneOf("null", text())
                        + ",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":"
                        + text()
                        + "}}"
                        + oneOf("", ",{\"id\":\"c2\",\"type\":\"custom\",\"custom\":{\"name\":\"x\",\"input\":\"y\"}}")
                        + "]}";
            case 3 ->
                "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":"
                        + oneOf(text(), "[{\"type\":\"text\",\"text\":" + text() + "}]") + "}";
            default -> "{\"role\":\"developer\",\"content\":[" + part() + "]}";
        };
    }

    private String part() {
        return oneOf(
                "{\"type\":\"text\",\"text\":" + text() + ",\"cache_control\":{\"type\":\"ephemeral\"}}",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\",\"detail\":\"high\"}}",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x/y?z\"}}",
                "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA\",\"format\":\"wav\"}}",
                "{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}",
                "{\"type\":\"file\",\"file\":{\"file_data\":\"AAAA\",\"filename\":\"a\"}}",
                "{\"type\":\"video_url\",\"video_url\":{\"url\":\"u\"}}");
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
