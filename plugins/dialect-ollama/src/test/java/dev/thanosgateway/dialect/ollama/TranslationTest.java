package dev.thanosgateway.dialect.ollama;

import static dev.thanosgateway.dialect.ollama.Recorder.answer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another language's client in front of an Ollama. */
class TranslationTest {
    private static final List<Message> HELLO = List.of(Message.text(Role.USER, "hello"));

    private static ChatContent.Builder hello() {
        return ChatContent.builder().messages(HELLO);
    }

    private static ChatRequest request(ChatContent.Builder content, boolean stream) {
        return ChatRequest.builder("m").stream(stream).content(content.build()).build();
    }

    @Test
    void aTextWithAGapIsAGeneration() throws GatewayException {
        Part behind = new Part.Other("openai-completions", "suffix", new Json("\"}\\n\""), Map.of());
        ChatContent.Builder gap = ChatContent.builder()
                .messages(List.of(Message.of(Role.USER, List.of(new Part.Text("int f() {"), behind))))
                .maxOutputTokens(9L);

        assertThat(Recorder.call(request(gap, true)).path()).isEqualTo("/api/generate");
        assertThat(Recorder.sent(request(gap, true)))
                .isEqualTo("{\"model\":\"m\",\"prompt\":\"int f() {\",\"suffix\":\"}\\n\",\"stream\":true,"
                        + "\"options\":{\"num_predict\":9}}");
        String lines = "{\"model\":\"m\",\"response\":\"return\",\"done\":false}\n"
                + "{\"model\":\"m\",\"response\":\" 1;\",\"done\":false}\n"
                + "{\"model\":\"m\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,"
                + "\"eval_count\":2}\n";
        for (int size = 1; size < lines.length(); size++) {
            Recorder<ChatEvent> out = Recorder.answer(request(gap, true), Recorder.utf8(lines), size);
            assertThat(out.fold.response().choices().get(0).text()).isEqualTo("return 1;");
        }
    }

    @Test
    void everythingThatHasACounterpartIsWritten() throws GatewayException {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.DEVELOPER, "be kind"),
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Part.Text("look"),
                                        new Part.Image(new Part.Source.Data("image/png", "AAAA"), "auto", Map.of()),
                                        new Part.Text("here"))),
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("hm", "sig", Map.of()),
                                        new Part.ToolCall("c1", "f", "{\"a\": 1.50}", Map.of()),
                                        new Part.ToolCall("c2", "g", "", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult("c1", List.of(new Part.Text("12")), false, Map.of())))))
                .tools(List.of(Tool.function("f", "d", new Json("{\"type\": \"object\"}"))))
                .toolChoice(new ToolChoice.Auto())
                .responseFormat(new ResponseFormat.JsonSchema("n", null, new Json("{\"x\":1}"), true))
                .reasoning(Reasoning.budget(3000))
                .maxOutputTokens(7L)
                .stop(List.of("END"))
                .topLogprobs(2)
                .sampling(Sampling.builder().temperature(0.7).topP(1.0).seed(5L).build());

        assertThat(Recorder.sent(request(content, true)))
                .isEqualTo("{\"model\":\"m\",\"messages\":["
                        + "{\"role\":\"system\",\"content\":\"be kind\"},"
                        + "{\"role\":\"user\",\"content\":\"look\\nhere\",\"images\":[\"AAAA\"]},"
                        + "{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\",\"tool_calls\":["
                        + "{\"id\":\"c1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"a\": 1.50}}},"
                        + "{\"id\":\"c2\",\"function\":{\"index\":1,\"name\":\"g\",\"arguments\":{}}}]},"
                        + "{\"role\":\"tool\",\"content\":\"12\",\"tool_name\":\"f\",\"tool_call_id\":\"c1\"}],"
                        + "\"stream\":true,"
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\","
                        + "\"parameters\":{\"type\": \"object\"}}}],"
                        + "\"format\":{\"x\":1},"
                        + "\"options\":{\"temperature\":0.7,\"top_p\":1,\"seed\":5,\"num_predict\":7,\"stop\":[\"END\"]},"
                        + "\"think\":\"medium\",\"logprobs\":true,\"top_logprobs\":2}");
    }

    /** Parallel calls of one tool end in any order, and models know the results by their order alone. */
    @Test
    void resultsFollowInTheOrderOfTheirCalls() throws GatewayException {
        List<Part> calls = List.of(
                new Part.ToolCall("c1", "f", "", Map.of()),
                new Part.ToolCall("c2", "f", "", Map.of()),
                new Part.ToolCall("c3", "f", "", Map.of()));
        Part.ToolResult first = new Part.ToolResult("c1", List.of(new Part.Text("1")), false, Map.of());
        Part.ToolResult second = new Part.ToolResult("c2", List.of(new Part.Text("2")), false, Map.of());
        Part.ToolResult third = new Part.ToolResult("c3", List.of(new Part.Text("3")), false, Map.of());
        Message after = Message.of(Role.USER, List.of(new Part.Text("go on")));

        for (List<Message> told : List.of(
                List.of(Message.of(Role.TOOL, List.of(third, first, second)), after),
                List.of(
                        Message.of(Role.TOOL, List.of(second)),
                        Message.of(Role.TOOL, List.of(third)),
                        Message.of(Role.TOOL, List.of(first)),
                        after))) {
            List<Message> messages = new ArrayList<>(List.of(Message.of(Role.ASSISTANT, calls)));
            messages.addAll(told);
            assertThat(Recorder.sent(request(ChatContent.builder().messages(messages), true)))
                    .containsSubsequence(
                            "\"tool_call_id\":\"c1\"", "\"tool_call_id\":\"c2\"", "\"tool_call_id\":\"c3\"", "go on");
        }
    }

    @Test
    void hintsWithoutACounterpartAreLeftOutAndNamed() throws GatewayException {
        HttpCall call = Recorder.call(request(
                hello().user("u")
                        .parallelToolCalls(false)
                        .tools(List.of(Tool.function("f", null, null).withStrict(true)))
                        .sampling(Sampling.builder().logitBias(Map.of("1", 2.0)).build())
                        .reasoning(Reasoning.effort("extreme"))
                        .hints("openai", Map.of("store", new Json("true"), "stream_options", new Json("{}"))),
                false));

        assertThat(call.dropped())
                .containsExactly(
                        "logit_bias", "parallel_tool_calls", "reasoning_effort", "store", "tools.strict", "user");
        assertThat(Recorder.text(call.body())).doesNotContain("store", "logit_bias", "think", "strict");
    }

    @Test
    void itsOwnHintsAreNoneOfThose() throws GatewayException {
        ChatContent.Builder content =
                hello().hints("ollama", Map.of("keep_alive", new Json("0"), "options", new Json("{\"num_ctx\":1}")));
        HttpCall call = Recorder.call(request(content, false));

        assertThat(call.dropped()).isEmpty();
        assertThat(Recorder.text(call.body())).contains("\"options\":{\"num_ctx\":1},\"keep_alive\":0");
    }

    @Test
    void toolsThatMustNotBeCalledAreNotTold() throws GatewayException {
        ChatContent.Builder content =
                hello().tools(List.of(Tool.function("f", null, null))).toolChoice(new ToolChoice.None());

        assertThat(Recorder.sent(request(content, false))).doesNotContain("tools");
    }

    @Test
    void theOneToolThatMustBeCalledIsTheFormOfTheAnswerAndTheAnswerItsCall() throws GatewayException {
        Tool tool = Tool.function("f", "Does it.", new Json("{\"type\":\"object\"}"));
        ChatRequest named = request(
                hello().tools(List.of(tool, Tool.function("g", null, null))).toolChoice(new ToolChoice.Named("f")),
                true);
        ChatRequest required = request(hello().tools(List.of(tool)).toolChoice(new ToolChoice.Required()), true);

        assertThat(Recorder.sent(named))
                .isEqualTo(Recorder.sent(required))
                .doesNotContain("\"tools\"")
                .contains("\"format\":{\"type\":\"object\"}", "Does it.");
        String lines = "{\"message\":{\"content\":\" {\\\"a\\\": \"},\"done\":false}\n"
                + "{\"message\":{\"content\":\"1}\"},\"done\":true,\"done_reason\":\"stop\"}\n";
        ChatResponse.Choice choice =
                answer(named, lines).fold.response().choices().get(0);
        assertThat(choice.reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(choice.parts()).containsExactly(new Part.ToolCall("call_1", "f", "{\"a\": 1}", Map.of()));
    }

    @Test
    void whatTheRequestNeedsAndCannotHaveIsUnsupportedByName() {
        unsupported("n", hello().choices(2));
        List<Tool> two = List.of(Tool.function("f", null, null), Tool.function("g", null, null));
        unsupported("tool_choice", hello().tools(two).toolChoice(new ToolChoice.Required()));
        unsupported("tool_choice", hello().tools(two).toolChoice(new ToolChoice.Named("h")));
        unsupported("tools", hello().hints("openai", Map.of("tools", new Json("[{\"type\":\"custom\"}]"))));
        part(new Part.Image(new Part.Source.Url("https://x/y.png"), null, Map.of()));
        part(new Part.Image(new Part.Source.FileId("f"), null, Map.of()));
        part(new Part.Audio(new Part.Source.Data("audio/wav", "AAAA"), "wav", Map.of()));
        part(new Part.Document(new Part.Source.FileId("f"), null, Map.of()));
        part(new Part.Other("openai", "video_url", new Json("{}"), Map.of()));
        part(new Part.Document(new Part.Source.Data("application/pdf", "AAAA"), null, Map.of()));
        part(new Part.Document(new Part.Source.Data("text/plain", "?"), null, Map.of()));
        unsupported("mcp_servers", hello().hints("anthropic", Map.of("mcp_servers", new Json("[{}]"))));
        unsupported("modalities", hello().hints("openai", Map.of("modalities", new Json("[\"audio\"]"))));
    }

    private static void part(Part part) {
        unsupported(
                "messages[0].content", ChatContent.builder().messages(List.of(Message.of(Role.USER, List.of(part)))));
    }

    private static void unsupported(String field, ChatContent.Builder content) {
        assertThatThrownBy(() -> Recorder.call(request(content, false)))
                .hasFieldOrPropertyWithValue("parameter", field)
                .extracting("kind")
                .isEqualTo(ErrorKind.UNSUPPORTED);
    }

    private static final String LINES = """
            {"model":"m:7b","created_at":"2026-01-01T00:00:00.123Z","message":{"role":"assistant","content":"","thinking":"let me"},"done":false}
            {"model":"m:7b","message":{"role":"assistant","content":"Zür"},"logprobs":[{"token":"Zür","logprob":-0.5,"bytes":[90],"top_logprobs":[{"token":"x","logprob":-1}]}],"done":false}
            {"model":"m:7b","message":{"role":"assistant","content":"ich 🏔"},"done":false}
            {"model":"m:7b","message":{"role":"assistant","content":"","tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"a": 1.50}}}]},"done":false}
            {"model":"m:7b","message":{"role":"assistant","content":"","tool_calls":[{"id":"c2","function":{"name":"g","arguments":{}}}]},"done":false}
            {"model":"m:7b","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5,"prompt_eval_count":3,"eval_count":7}
            """;

    private static final String WHOLE = """
            {"model":"m:7b","created_at":"2026-01-01T00:00:00.123Z","message":{"role":"assistant","content":"Zürich 🏔","thinking":"let me",
             "tool_calls":[{"id":"c1","function":{"index":0,"name":"f","arguments":{"a": 1.50}}},{"id":"c2","function":{"name":"g","arguments":{}}}]},
             "logprobs":[{"token":"Zür","logprob":-0.5,"bytes":[90],"top_logprobs":[{"token":"x","logprob":-1}]}],
             "done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":7}
            """;

    @Test
    void aStreamInAnySlicingAndAWholeAnswerSayTheSame() throws GatewayException {
        ChatResponse whole = answer(request(hello(), false), WHOLE).fold.response();
        byte[] bytes = Recorder.utf8(LINES);
        for (int size = 1; size <= bytes.length; size++) {
            assertThat(answer(request(hello(), true), bytes, size).fold.response())
                    .as("slices of %d", size)
                    .isEqualTo(whole);
        }
        ChatResponse.Choice choice = whole.choices().get(0);
        assertThat(whole.model()).isEqualTo("m:7b");
        assertThat(whole.created()).isEqualTo(1_767_225_600);
        assertThat(whole.usage()).isEqualTo(Usage.of(3, 7));
        assertThat(choice.reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(choice.parts())
                .containsExactly(
                        new Part.Reasoning("let me", null, Map.of()),
                        new Part.Text("Zürich 🏔"),
                        new Part.ToolCall("c1", "f", "{\"a\": 1.50}", Map.of()),
                        new Part.ToolCall("c2", "g", "{}", Map.of()));
        assertThat(choice.logprobs().content())
                .containsExactly(new Json("{\"token\":\"Zür\",\"logprob\":-0.5,\"bytes\":[90],"
                        + "\"top_logprobs\":[{\"token\":\"x\",\"logprob\":-1,\"bytes\":null}]}"));
    }

    @Test
    void aCallWithoutAnIdGetsOne() throws GatewayException {
        String line =
                "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"done\":true}";
        List<ChatEvent> events = answer(request(hello(), true), line).events;

        assertThat(((ChatEvent.ToolCallStart) events.get(1)).id()).startsWith("call_");
        assertThat(events.get(2)).isEqualTo(new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1}"));
        assertThat(events.get(4)).isEqualTo(new ChatEvent.Finished(null));
    }

    @Test
    void whyAnAnswerEndedIsTold() throws GatewayException {
        String done = "{\"message\":{\"content\":\"x\"},\"done\":true,\"done_reason\":\"length\"}";
        assertThat(answer(request(hello(), true), done)
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .reason())
                .isEqualTo(FinishReason.LENGTH);
        assertThat(answer(request(hello(), true), done.replace("length", "stop"))
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .reason())
                .isEqualTo(FinishReason.STOP);
        assertThat(answer(request(hello(), true), done.replace("length", "content_filter"))
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .reason())
                .isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void aCallWithoutANameIsAProtocolError() {
        assertThatThrownBy(() -> answer(request(hello(), true), "{\"message\":{\"tool_calls\":[{}]},\"done\":true}"))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void piecesOfAnAnswerComeTogetherWithNothingBetween() throws GatewayException {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(Message.of(Role.ASSISTANT, List.of(new Part.Text("Wor"), new Part.Text("ld")))));

        assertThat(Recorder.sent(request(content, false))).contains("\"content\":\"World\"");
    }

    @Test
    void aDocumentOfTextIsATextAndACallThatWasCutIsToldAsItCame() throws GatewayException {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Part.Document(
                                                new Part.Source.Data("text/plain", "aMOp"), "a.txt", Map.of()),
                                        new Part.Text("And?"))),
                        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("c", "f", "{\"cut", Map.of())))));

        assertThat(Recorder.sent(request(content, false)))
                .contains("\"content\":\"a.txt:\\nhé\\nAnd?\"")
                .contains("\"arguments\":{\"unreadable_arguments\":\"{\\\"cut\"}");
    }
}
