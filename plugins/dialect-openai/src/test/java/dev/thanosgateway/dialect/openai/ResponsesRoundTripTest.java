package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** write(read(write(x))) = write(x), for chats asked for as responses, made at random. */
class ResponsesRoundTripTest {
    private static final Quirks THERE_ALONE = Quirks.NONE.withResponsesOnly("*");
    private static final Json SCHEMA = new Json("{\"type\":\"object\",\"x\":[1.50]}");

    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void whatWasReadIsWrittenAsItWas() throws GatewayException {
        for (int round = 0; round < 3000; round++) {
            String once = written(content(), random.nextBoolean());
            ChatRequest read = Recorder.read(Recorder.RESPONSES, once);
            assertThat(written(read.content(), read.stream()))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(once);
        }
    }

    private static String written(ChatContent content, boolean stream) throws GatewayException {
        return Recorder.sent(
                ChatRequest.builder("m").stream(stream).content(content).build(), THERE_ALONE);
    }

    private ChatContent content() {
        List<Message> messages = new ArrayList<>(List.of(Message.text(Role.USER, text())));
        for (int more = random.nextInt(5); more > 0; more--) {
            messages.add(message());
        }
        ChatContent.Builder content = ChatContent.builder();
        if (random.nextBoolean()) {
            content.tools(oneOf(
                            List.of(Tool.function("f", null, null)),
                            List.of(
                                    Tool.function("f", text(), SCHEMA),
                                    Tool.function("g", null, SCHEMA).withStrict(true))))
                    .toolChoice(oneOf(
                            null,
                            new ToolChoice.Auto(),
                            new ToolChoice.None(),
                            new ToolChoice.Required(),
                            new ToolChoice.Named("f")))
                    .parallelToolCalls(oneOf(null, true, false));
        }
        return content.messages(messages)
                .sampling(Sampling.builder()
                        .temperature(oneOf(null, 0.7, 1.0))
                        .topP(oneOf(null, 0.5))
                        .build())
                .maxOutputTokens(oneOf(null, 17L))
                .responseFormat(oneOf(
                        null,
                        new ResponseFormat.Text(),
                        new ResponseFormat.JsonObject(),
                        new ResponseFormat.JsonSchema("n", oneOf(null, "d"), SCHEMA, oneOf(null, true, false))))
                .reasoning(oneOf(
                        null, Reasoning.effort("low"), Reasoning.effort("xhigh").withVisible(true)))
                .topLogprobs(oneOf(null, 0, 3))
                .user(oneOf(null, "u"))
                .build();
    }

    private Message message() {
        Role role = oneOf(Role.SYSTEM, Role.DEVELOPER, Role.USER, Role.USER, Role.ASSISTANT, Role.ASSISTANT, Role.TOOL);
        List<Part> parts = new ArrayList<>();
        for (int more = random.nextInt(4); more >= 0; more--) {
            parts.add(
                    switch (role) {
                        case ASSISTANT -> said();
                        case TOOL -> new Part.ToolResult("c1", List.of(part(), part()), false, Map.of());
                        default -> part();
                    });
        }
        return Message.of(role, parts);
    }

    private Part said() {
        return oneOf(
                new Part.Text(text()),
                new Part.Refusal(text(), Map.of()),
                new Part.Reasoning(text(), "openai:gAA", Map.of()),
                new Part.ToolCall("c1", "f", text(), Map.of()),
                new Part.Image(new Part.Source.Data("image/png", "AA=="), null, Map.of()));
    }

    private Part part() {
        return oneOf(
                new Part.Text(text()),
                new Part.Image(new Part.Source.Url("https://x/y"), oneOf(null, "low"), Map.of()),
                new Part.Image(new Part.Source.Data("image/png", "AA=="), null, Map.of()),
                new Part.Image(new Part.Source.FileId("f"), null, Map.of()),
                new Part.Document(new Part.Source.Url("https://x/y"), null, Map.of()),
                new Part.Document(new Part.Source.FileId("f"), null, Map.of()),
                new Part.Document(new Part.Source.Data("text/csv", "AA=="), oneOf(null, "a.csv"), Map.of()));
    }

    private String text() {
        return oneOf("", "a", "é 😀 \u0000\"\\\n/", "{}");
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
