package dev.thanosgateway.dialect.gemini;

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
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What is written, read and written again is the same, for requests; for answers see {@link GeminiChatTckTest}. */
class RoundTripTest {
    private static final String SEED = "thanos.seed";

    private final long seed = Long.getLong(SEED, System.nanoTime());
    private Random random = new Random();

    private boolean maybe() {
        return random.nextBoolean();
    }

    private String text() {
        return List.of("a", "Grüße 👋🏽", "\"\\\n", "{\"a\":1}", " ").get(random.nextInt(5)) + random.nextInt(10);
    }

    private List<Message> messages() {
        List<Message> all = new ArrayList<>();
        if (maybe()) {
            all.add(Message.text(Role.SYSTEM, text()));
        }
        for (int turn = 0; turn <= random.nextInt(3); turn++) {
            List<Part> user = new ArrayList<>(List.of(new Part.Text(text())));
            if (maybe()) {
                user.add(new Part.Image(new Part.Source.Data("image/png", "AA=="), null, Map.of()));
                user.add(new Part.Document(new Part.Source.Url("https://e.com/a.pdf"), null, Map.of()));
            }
            all.add(Message.of(Role.USER, user));
            List<Part> model = new ArrayList<>();
            if (maybe()) {
                model.add(new Part.Reasoning(maybe() ? text() : "", maybe() ? "gemini:c2ln" : "theirs", Map.of()));
            }
            List<Part> results = new ArrayList<>();
            for (int call = 0; call < random.nextInt(3); call++) {
                String id = maybe() ? "call_" + turn + "_" + call : "x" + turn + call;
                model.add(
                        new Part.ToolCall(id, "f" + call, maybe() ? "{\"a\":" + random.nextInt() + "}" : "", Map.of()));
                results.add(new Part.ToolResult(id, List.of(new Part.Text(text())), maybe(), Map.of()));
            }
            if (results.isEmpty()) {
                model.add(new Part.Text(text()));
            }
            all.add(Message.of(Role.ASSISTANT, model));
            if (!results.isEmpty()) {
                all.add(Message.of(Role.TOOL, results));
            }
        }
        return all;
    }

    private ChatContent content() {
        ChatContent.Builder content = ChatContent.builder().messages(messages());
        if (maybe()) {
            content.tools(List.of(
                    Tool.function(
                            "f0",
                            text(),
                            new Json("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}")),
                    Tool.function("f1", null, null)));
            content.toolChoice(List.of(
                            new ToolChoice.Auto(),
                            new ToolChoice.None(),
                            new ToolChoice.Required(),
                            new ToolChoice.Named("f1"))
                    .get(random.nextInt(4)));
        }
        if (maybe()) {
            content.sampling(Sampling.builder()
                    .temperature(0.5)
                    .topK(3)
                    .seed(random.nextLong())
                    .build());
            content.maxOutputTokens(5L).stop(List.of(text())).topLogprobs(random.nextInt(2));
        }
        if (maybe()) {
            content.responseFormat(
                    maybe()
                            ? new ResponseFormat.JsonObject()
                            : new ResponseFormat.JsonSchema("n", null, new Json("{\"type\":\"object\"}"), null));
        }
        if (maybe()) {
            content.reasoning(maybe() ? Reasoning.effort("low") : Reasoning.budget(1 + random.nextInt(99)));
        }
        return content.build();
    }

    @RepeatedTest(200)
    void aRequest(RepetitionInfo repetition) throws GatewayException {
        random = new Random(seed + repetition.getCurrentRepetition());
        // Of one answer, which is all that newer models make.
        String model = maybe() ? "gemini-3-pro" : "gemini-2.5-flash";
        String once = written(model, content());
        ChatContent read = Played.asked(Operation.WHOLE, once).content();
        String twice = written(model, read);

        assertThat(twice).as("-D" + SEED + "=" + seed).isEqualTo(once);
    }

    private static String written(String model, ChatContent content) throws GatewayException {
        return Played.sent(
                Played.translated(ChatRequest.builder(model).content(content).build()));
    }
}
