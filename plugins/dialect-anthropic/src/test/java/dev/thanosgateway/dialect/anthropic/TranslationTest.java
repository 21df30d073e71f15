package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.foreign;
import static dev.thanosgateway.dialect.anthropic.Recorder.said;
import static dev.thanosgateway.dialect.anthropic.Recorder.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranslationTest {
    private static final String BUDGET = "claude-opus-4-5-20251101";
    private static final String EFFORT = "claude-opus-4-6";
    private static final String NEWEST = "claude-sonnet-5";
    private static final String OLD = "claude-3-5-sonnet-20241022";
    private static final Json SCHEMA = new Json("{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\","
            + "\"minimum\":1}},\"required\":[\"n\"]}");

    private static String body(String model, UnaryOperator<ChatContent.Builder> more) throws GatewayException {
        return sent(foreign(more.apply(said("hi")).build(), model, false));
    }

    @Test
    void aChatHasThePathVersionKeyAndLimitThatTheApiWants() throws GatewayException {
        HttpCall call = Anthropic.chat(foreign(said("hi").build(), BUDGET, true), Recorder.KEY)
                .call();

        assertThat(call.path()).isEqualTo("/v1/messages");
        assertThat(call.auth().name()).isEqualTo("x-api-key");
        assertThat(call.headers()).contains(Map.entry("anthropic-version", "2023-06-01"));
        assertThat(sent(foreign(said("hi").build(), BUDGET, true)))
                .isEqualTo("{\"model\":\"" + BUDGET + "\",\"max_tokens\":32000,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}");
        assertThat(body(OLD, c -> c)).contains("\"max_tokens\":8192");
        assertThat(body("claude-3-opus-20240229", c -> c)).contains("\"max_tokens\":4096");
        assertThat(body("glm-5", c -> c)).contains("\"max_tokens\":8192");
        assertThat(body(BUDGET, c -> c.maxOutputTokens(7L))).contains("\"max_tokens\":7");
    }

    @Test
    void aConversationIsInTurnsWithItsInstructionsBeforeIt() throws GatewayException {
        Part call = new Part.ToolCall("call.1", "f", "", Map.of());
        Part image = new Part.Image(new Part.Source.Data("image/png", "AAAA"), null, Map.of());
        Part result = new Part.ToolResult("call.1", List.of(new Part.Text("a"), image), true, Map.of());
        String sent = sent(foreign(
                ChatContent.builder()
                        .messages(List.of(
                                Message.text(Role.SYSTEM, "A"),
                                Message.text(Role.USER, "b"),
                                Message.text(Role.USER, ""),
                                Message.of(Role.ASSISTANT, List.of(new Part.Reasoning("x", null, Map.of()), call)),
                                Message.text(Role.USER, "d"),
                                Message.of(Role.TOOL, List.of(result)),
                                Message.text(Role.DEVELOPER, "E"),
                                Message.text(Role.ASSISTANT, "Once ")))
                        .build(),
                BUDGET,
                false));

        assertThat(sent)
                .contains("\"system\":[{\"type\":\"text\",\"text\":\"A\"},{\"type\":\"text\",\"text\":\"E\"}]")
                .contains("\"messages\":[{\"role\":\"user\",\"content\":\"b\"},{\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"f\",\"input\":{}}]},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"source\":{\"type\":"
                        + "\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}}],\"is_error\":true},"
                        + "{\"type\":\"text\",\"text\":\"d\"}]},{\"role\":\"assistant\",\"content\":\"Once\"}]");
    }

    @Test
    void partsOfEveryKindHaveTheirBlocksAndCacheHintsGoAlong() throws GatewayException {
        Map<String, Json> cached = Map.of("cache_control", new Json("{\"type\":\"ephemeral\"}"), "other", Json.NULL);
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Part.Text("t", cached),
                                        new Part.Image(new Part.Source.Url("https://x/y.png"), "high", Map.of()),
                                        new Part.Document(
                                                new Part.Source.Data("application/pdf", "JVBE"), "a.pdf", Map.of()),
                                        new Part.Document(new Part.Source.Data("text/plain", "aGk="), null, Map.of()))),
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("r", "sig", Map.of()),
                                        new Part.RedactedReasoning("red", Map.of()),
                                        new Part.Text("x")))))
                .build();
        RequestWriter writer = Recorder.writer(foreign(content, BUDGET, false));

        assertThat(new String(writer.write(), StandardCharsets.UTF_8))
                .contains("{\"type\":\"text\",\"text\":\"t\",\"cache_control\":{\"type\":\"ephemeral\"}}")
                .contains("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y.png\"}}")
                .contains("{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\","
                        + "\"data\":\"JVBE\"},\"title\":\"a.pdf\"}")
                .contains("{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"hi\"}")
                .contains("[{\"type\":\"thinking\",\"thinking\":\"r\",\"signature\":\"sig\"},"
                        + "{\"type\":\"redacted_thinking\",\"data\":\"red\"},{\"type\":\"text\",\"text\":\"x\"}]");
        assertThat(writer.dropped()).containsExactly("image_url.detail", "messages.other");
    }

    @Test
    void toolsAndWhoChoosesThem() throws GatewayException {
        Tool tool = Tool.function("f", "F", null).withStrict(true);
        Tool loose = Tool.function("g", null, new Json("{\"properties\":{}}"));

        assertThat(body(BUDGET, c -> c.tools(List.of(tool, loose)).parallelToolCalls(false)))
                .contains("\"tools\":[{\"name\":\"f\",\"description\":\"F\",\"input_schema\":{\"type\":\"object\","
                        + "\"properties\":{},\"additionalProperties\":false},\"strict\":true},"
                        + "{\"name\":\"g\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}],"
                        + "\"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":true}");
        for (Map.Entry<ToolChoice, String> choice : Map.<ToolChoice, String>of(
                        new ToolChoice.Auto(), "{\"type\":\"auto\"}",
                        new ToolChoice.None(), "{\"type\":\"none\"}",
                        new ToolChoice.Required(), "{\"type\":\"any\"}",
                        new ToolChoice.Named("f"), "{\"type\":\"tool\",\"name\":\"f\"}")
                .entrySet()) {
            assertThat(body(BUDGET, c -> c.tools(List.of(tool)).toolChoice(choice.getKey())))
                    .contains("\"tool_choice\":" + choice.getValue());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // An effort becomes the budget that stands for it, and room for it.
                BUDGET + "|low||\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}",
                BUDGET + "|high||\"max_tokens\":48384",
                BUDGET + "|high|5000|\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":3750}",
                BUDGET + "|none||]}",
                EFFORT + "|minimal||\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}",
                EFFORT + "|xhigh||\"output_config\":{\"effort\":\"high\"}",
                NEWEST + "|xhigh||\"output_config\":{\"effort\":\"xhigh\"}",
                EFFORT + "|none||\"thinking\":{\"type\":\"disabled\"}",
                "claude-fable-5|none||\"output_config\":{\"effort\":\"low\"}",
                "glm-5|medium||\"budget_tokens\":8192",
                // No higher than the model's own limit.
                "claude-opus-4-1-20250805|high||\"max_tokens\":32000",
                "claude-opus-4-1-20250805|xhigh||\"budget_tokens\":27904",
            })
    void anEffortIsSaidInTheModelsOwnWords(String model, String effort, Long limit, String expected)
            throws GatewayException {
        assertThat(body(model, c -> c.reasoning(Reasoning.effort(effort)).maxOutputTokens(limit)))
                .contains(expected);
    }

    @Test
    void aBudgetIsAnEffortForModelsThatKnowNoOther() throws GatewayException {
        assertThat(body(EFFORT, c -> c.reasoning(Reasoning.budget(5000).withVisible(false))))
                .contains("\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"},"
                        + "\"output_config\":{\"effort\":\"medium\"}");
        assertThat(body(BUDGET, c -> c.reasoning(Reasoning.budget(5000)))).contains("\"budget_tokens\":5000");
    }

    @Test
    void thoughtThatCannotBeHadIsDroppedAndSaid() throws GatewayException {
        ChatContent.Builder asked = said("hi").reasoning(Reasoning.effort("high"));
        Part call = new Part.ToolCall("c", "f", "{}", Map.of());
        Part result = new Part.ToolResult("c", List.of(new Part.Text("1")), false, Map.of());
        List<Message> lost = List.of(
                Message.text(Role.USER, "q"),
                Message.of(Role.ASSISTANT, List.of(call)),
                Message.of(Role.TOOL, List.of(result)));

        assertThat(dropped(OLD, asked)).containsExactly("reasoning_effort");
        assertThat(dropped(BUDGET, asked.maxOutputTokens(1000L))).containsExactly("reasoning_effort");
        assertThat(dropped(BUDGET, asked.maxOutputTokens(null).messages(lost))).containsExactly("reasoning_effort");
        assertThat(dropped(
                        BUDGET,
                        said("hi")
                                .reasoning(Reasoning.effort("low"))
                                .tools(List.of(Tool.function("f", null, null)))
                                .toolChoice(new ToolChoice.Required())))
                .containsExactly("reasoning_effort");
    }

    private static TreeSet<String> dropped(String model, ChatContent.Builder content) throws GatewayException {
        RequestWriter writer = Recorder.writer(foreign(content.build(), model, false));
        writer.write();
        return new TreeSet<>(writer.dropped());
    }

    @Test
    void samplingStaysInTheModelsRange() throws GatewayException {
        Sampling all = Sampling.builder()
                .temperature(1.7)
                .topP(0.5)
                .topK(3)
                .seed(1L)
                .presencePenalty(0.1)
                .frequencyPenalty(0.1)
                .logitBias(Map.of("1", 1.0))
                .build();
        ChatContent.Builder content = said("hi").sampling(all);

        assertThat(body(OLD, c -> c.sampling(all))).contains("\"temperature\":1,\"top_p\":0.5,\"top_k\":3");
        assertThat(body(BUDGET, c -> c.sampling(all))).contains("\"temperature\":1,\"top_k\":3");
        assertThat(body(NEWEST, c -> c.sampling(all))).doesNotContain("temperature", "top_");
        assertThat(dropped(NEWEST, content))
                .containsExactly(
                        "frequency_penalty", "logit_bias", "presence_penalty", "seed", "temperature", "top_k", "top_p");
        assertThat(dropped(BUDGET, said("hi").sampling(all).reasoning(Reasoning.effort("low"))))
                .contains("temperature");
    }

    @Test
    void anAnswerIsHeldToItsSchemaWhereTheModelCanBe() throws GatewayException {
        assertThat(body(BUDGET, c -> c.responseFormat(new ResponseFormat.JsonSchema("a", null, SCHEMA, true))))
                .contains("\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\","
                        + "\"properties\":{\"n\":{\"type\":\"integer\",\"description\":\"(minimum: 1)\"}},"
                        + "\"required\":[\"n\"],\"additionalProperties\":false}}}");
    }

    @Test
    void elsewhereAToolThatTheCallerNeverSeesGivesTheAnswer() throws GatewayException {
        ChatRequest asked = foreign(
                said("hi")
                        .responseFormat(new ResponseFormat.JsonSchema("a", null, SCHEMA, true))
                        .build(),
                OLD,
                true);
        assertThat(sent(asked)).contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"answer_in_json\"");

        String answer = Answers.STREAM.substring(0, Answers.STREAM.indexOf("event: content_block_start"))
                + Answers.start(0, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"answer_in_json\",\"input\":{}}")
                + Answers.delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"n\\\":\"}")
                + Answers.delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}")
                + Answers.stop(0)
                + Answers.STREAM.substring(Answers.STREAM.indexOf("event: message_delta"));
        ChatResponse response = Recorder.stream(asked, answer).response();

        assertThat(response.choices().get(0).parts()).containsExactly(new Part.Text("{\"n\":1}"));
        assertThat(response.choices().get(0).reason()).isEqualTo(FinishReason.STOP);

        String words = Answers.start(0, "{\"type\":\"text\",\"text\":\"I answer: \"}") + Answers.stop(0);
        String talking = answer.replace("event: content_block_start", "@")
                .replaceFirst("@", java.util.regex.Matcher.quoteReplacement(words) + "@")
                .replace("@", "event: content_block_start")
                .replace(
                        "event: message_delta",
                        words.replace("event: content_block_start", "#") + "event: message_delta")
                .replace("#", "event: content_block_start");
        assertThat(Recorder.stream(asked, talking).response().choices().get(0).parts())
                .containsExactly(new Part.Text("{\"n\":1}"));
    }

    @Test
    void besideOtherToolsTheFormOfTheAnswerIsAskedForInWords() throws GatewayException {
        assertThat(body(
                        BUDGET,
                        c -> c.tools(List.of(Tool.function("f", null, null)))
                                .responseFormat(new ResponseFormat.JsonObject())))
                .contains("\"system\":\"Answer with one JSON object, and with nothing before or after it.\"")
                .doesNotContain("tool_choice");
    }

    @Test
    void whatIsNeededAndHasNoCounterpartIsRefusedByItsName() {
        Part audio = new Part.Audio(new Part.Source.Data("audio/wav", "AA"), "wav", Map.of());
        Part behind = new Part.Other("openai-completions", "suffix", new Json("\"end\""), Map.of());
        Map<String, ChatContent.Builder> needs = Map.of(
                "n", said("x").choices(2),
                "logprobs", said("x").topLogprobs(1),
                "stop", said("x").stop(List.of("\n")),
                "tools", said("x").hints("openai", Map.of("tools", new Json("[{\"type\":\"web_search\"}]"))),
                "messages", ChatContent.builder().messages(List.of(Message.of(Role.USER, List.of(audio)))),
                "suffix", ChatContent.builder().messages(List.of(Message.of(Role.USER, List.of(behind)))));
        needs.forEach((field, content) -> assertThatThrownBy(() -> sent(foreign(content.build(), BUDGET, false)))
                .as(field)
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                .hasFieldOrPropertyWithValue("parameter", field));
    }

    @Test
    void aStreamAndAWholeAnswerThatSayTheSameFoldToTheSame() throws GatewayException {
        ChatResponse whole = Recorder.whole(foreign(said("x").build(), BUDGET, false), Answers.WHOLE)
                .response();

        assertThat(whole.id()).isEqualTo("msg_1");
        assertThat(whole.usage())
                .isEqualTo(Usage.of(11, 9).withCachedInput(3).withCacheWrite(2).withReasoning(4));
        assertThat(whole.choices().get(0).parts())
                .containsExactly(
                        new Part.Reasoning("Hm 🤔", "c2ln", Map.of()),
                        new Part.RedactedReasoning("cmVk", Map.of()),
                        new Part.Text("Grüße"),
                        new Part.ToolCall("toolu_1", "weather", "{\"city\":\"Zürich\"}", Map.of()),
                        new Part.ToolCall("toolu_2", "time", "{}", Map.of()));
        assertThat(whole.choices().get(0).reason()).isEqualTo(FinishReason.TOOL_CALLS);
        byte[] stream = Recorder.utf8(Answers.STREAM);
        for (int size : new int[] {stream.length, 1, 2, 3, 7, 64}) {
            assertThat(Recorder.answer(foreign(said("x").build(), BUDGET, true), Recorder.SSE, stream, size)
                            .response())
                    .as("by %d", size)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aStreamIsCompleteWithItsReasonAndNotBefore() throws GatewayException {
        ChatRequest asked = foreign(said("x").build(), BUDGET, true);
        String unstopped = Answers.STREAM.substring(0, Answers.STREAM.indexOf("event: message_stop"));

        assertThat(Recorder.stream(asked, unstopped).fold.done()).isTrue();
        String cut = Answers.STREAM.substring(0, Answers.STREAM.indexOf("event: message_delta"));
        assertThatThrownBy(() -> Recorder.stream(asked, cut))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UPSTREAM_PROTOCOL);
        assertThatThrownBy(() -> Recorder.stream(
                        asked,
                        cut
                                + Recorder.frame(
                                        "error",
                                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                                                + "\"message\":\"Overloaded\"}}")))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn,STOP",
        "stop_sequence,STOP",
        "max_tokens,LENGTH",
        "model_context_window_exceeded,LENGTH",
        "refusal,CONTENT_FILTER",
        "pause_turn,OTHER",
        "brand_new,OTHER"
    })
    void everyStopReasonHasItsFinish(String reason, FinishReason finish) throws GatewayException {
        String answer = "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"" + reason
                + "\",\"stop_sequence\":\"END\",\"stop_details\":{\"type\":\"refusal\",\"explanation\":\"no\"}}";
        Recorder<ChatEvent> read = Recorder.whole(foreign(said("x").build(), BUDGET, false), answer);

        ChatResponse.Choice choice = read.response().choices().get(0);
        assertThat(choice.reason()).isEqualTo(finish);
        assertThat(choice.stopSequence()).isEqualTo("END");
        assertThat(choice.parts().isEmpty()).isEqualTo(!reason.equals("refusal"));
        assertThat(read.response().usage()).isNull();
    }

    @Test
    void instructionsAloneAreWhatTheUserSays() throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.SYSTEM, "A"), Message.text(Role.USER, "")))
                .build();

        assertThat(sent(foreign(content, BUDGET, false)))
                .endsWith("\"messages\":[{\"role\":\"user\",\"content\":\"A\"}]}");
    }

    @Test
    void aCallThatWasCutIsToldAsItCame() throws GatewayException {
        Part call = new Part.ToolCall("c", "f", "{\"cut", Map.of());

        assertThat(body(BUDGET, c -> c.messages(List.of(Message.of(Role.ASSISTANT, List.of(call))))))
                .contains("\"input\":{\"unreadable_arguments\":\"{\\\"cut\"}");
    }
}
