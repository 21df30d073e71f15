package dev.thanosgateway.dialect.openai;

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
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranslationTest {
    private static final ChatContent HELLO = ChatContent.builder()
            .messages(List.of(Message.text(Role.USER, "hi")))
            .build();
    private static final ChatRequest STREAM =
            ChatRequest.builder("m").stream(true).content(HELLO).build();
    private static final ChatRequest WHOLE =
            ChatRequest.builder("m").content(HELLO).build();

    private static String chunk(int index, String delta, String rest) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":9,\"model\":\"mm\",\"choices\":[{\"index\":"
                + index + ",\"delta\":" + delta + rest + "}]}\n\n";
    }

    @Test
    void effortsAreAskedForInTheWordsOpenAiKnows() throws GatewayException {
        for (String word : List.of("minimal", "low", "medium", "high", "xhigh")) {
            assertThat(Recorder.sent(thinking(word))).contains("\"reasoning_effort\":\"" + word + "\"");
        }
        assertThat(Recorder.sent(thinking("none"))).doesNotContain("reasoning_effort");
        assertThat(Recorder.sent(thinking("max"))).contains("\"reasoning_effort\":\"xhigh\"");
        assertThat(Recorder.sent(thinking("ultra"))).doesNotContain("reasoning_effort");
        assertThat(OpenAi.chat(thinking("ultra"), Quirks.NONE, Auth.BEARER)
                        .call()
                        .dropped())
                .containsExactly("reasoning_effort");
    }

    private static ChatRequest thinking(String effort) {
        return ChatRequest.builder("m")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "hi")))
                        .reasoning(Reasoning.effort(effort))
                        .build())
                .build();
    }

    @Test
    void aRequestFromElsewhereIsWrittenInThisLanguage() throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.SYSTEM, "s"),
                        Message.text(Role.USER, "say \"é\"\n"),
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("hm", "sig", Map.of()),
                                        new Part.ToolCall("t1", "f", "{\"a\":1}", Map.of()))),
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Part.ToolResult("t1", List.of(new Part.Text("4")), false, Map.of()),
                                        new Part.Text("so?", Map.of("cache_control", Json.NULL)),
                                        new Part.Image(new Part.Source.Data("image/png", "AA"), null, Map.of())))))
                .sampling(Sampling.builder()
                        .temperature(Double.valueOf(Float.toString(0.7f)))
                        .topK(5)
                        .seed(7L)
                        .build())
                .maxOutputTokens(10L)
                .reasoning(Reasoning.budget(4000))
                .hints("anthropic", Map.of("thinking", new Json("{}")))
                .build();

        assertThat(Recorder.sent(ChatRequest.builder("gpt").stream(true)
                        .content(content)
                        .extensions(Map.of("tags", Json.NULL))
                        .build()))
                .isEqualTo("{\"model\":\"gpt\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},"
                        + "{\"role\":\"user\",\"content\":\"say \\\"é\\\"\\n\"},"
                        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"t1\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"t1\",\"content\":\"4\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"so?\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}}]}],"
                        + "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_completion_tokens\":10,"
                        + "\"reasoning_effort\":\"medium\",\"temperature\":0.7,\"seed\":7}");
    }

    @Test
    void quirksChangeWhatIsWritten() throws GatewayException {
        ChatContent limited = ChatContent.builder()
                .messages(HELLO.messages())
                .maxOutputTokens(10L)
                .build();
        ChatRequest request =
                ChatRequest.builder("m").stream(true).content(limited).build();

        assertThat(Recorder.sent(request, Quirks.NONE.withMaxTokens().withoutStreamOptions()))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,"
                        + "\"max_tokens\":10}");
    }

    @Test
    void whatHasNoCounterpartIsUnsupportedNamingTheField() {
        Part video = new Part.Other("gemini", "video", Json.NULL, Map.of());
        Part byAddress = new Part.Document(new Part.Source.Url("https://x"), null, Map.of());
        Part heard = new Part.Audio(new Part.Source.Url("https://x/y.mp3"), "mp3", Map.of());
        Part stored = new Part.Image(new Part.Source.FileId("file-1"), null, Map.of());
        for (Part part : List.of(video, byAddress, heard, stored)) {
            ChatContent content = ChatContent.builder()
                    .messages(List.of(Message.text(Role.USER, "a"), Message.of(Role.USER, List.of(part))))
                    .build();
            assertThatThrownBy(() -> Recorder.sent(
                            ChatRequest.builder("m").content(content).build()))
                    .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                    .hasFieldOrPropertyWithValue("parameter", "messages[1].content");
        }
    }

    @Test
    void aStreamBecomesEvents() throws GatewayException {
        String answer = chunk(0, "{\"role\":\"assistant\",\"content\":\"\"}", ",\"finish_reason\":null")
                + chunk(0, "{\"reasoning_content\":\"hm\",\"reasoning\":\"hm\"}", "")
                + chunk(0, "{\"content\":\"é\\ud83d\\ude00\"}", ",\"logprobs\":{\"content\":[{\"token\":\"é\"}]}")
                + chunk(0, "{\"refusal\":\"no\"}", "")
                + chunk(0, "{}", ",\"finish_reason\":\"end_turn\"")
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":2},\"completion_tokens_details\":{\"reasoning_tokens\":3}}}\n\n";

        Usage usage = Usage.of(5, 6).withCachedInput(2).withReasoning(3);
        assertThat(Recorder.stream(STREAM, answer).events)
                .containsExactly(
                        new ChatEvent.Started("c1", "mm", 9),
                        new ChatEvent.ReasoningDelta(0, "hm"),
                        new ChatEvent.TextDelta(0, "é😀"),
                        new ChatEvent.Logprobs(0, List.of(new Json("{\"token\":\"é\"}")), List.of()),
                        new ChatEvent.RefusalDelta(0, "no"),
                        new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                        new ChatEvent.UsageSoFar(usage),
                        new ChatEvent.Finished(usage));
    }

    @Test
    void theFoldOfAStreamIsTheFoldOfTheWholeAnswer() throws GatewayException {
        String message =
                "\"reasoning_content\":\"think\",\"content\":\"Hello é😀\",\"annotations\":[{\"type\":\"url_citation\"}]";
        String usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}";
        String whole =
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":9,\"model\":\"mm\",\"system_fingerprint\":\"fp\",\"choices\":["
                        + "{\"index\":0,\"message\":{\"role\":\"assistant\"," + message + ",\"tool_calls\":["
                        + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}},"
                        + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]},\"finish_reason\":\"tool_calls\"},"
                        + "{\"index\":1,\"message\":{\"content\":\"two\"},\"finish_reason\":\"length\"}]," + usage
                        + "}";
        String stream = (chunk(1, "{\"role\":\"assistant\",\"content\":\"t\"}", "")
                        + chunk(0, "{\"reasoning_content\":\"thi\"}", "")
                        + chunk(0, "{\"reasoning_content\":\"nk\"}", "")
                        + chunk(0, "{\"content\":\"Hello \"}", "")
                        + chunk(1, "{\"content\":\"wo\"}", "")
                        + chunk(0, "{\"content\":\"é😀\",\"annotations\":[{\"type\":\"url_citation\"}]}", "")
                        + chunk(
                                0,
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                                "")
                        + chunk(1, "{}", ",\"finish_reason\":\"length\"")
                        + chunk(0, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\"\"}}]}", "")
                        + chunk(0, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}", "")
                        + chunk(
                                0,
                                "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}",
                                "")
                        + chunk(0, "{}", ",\"finish_reason\":\"tool_calls\"")
                        + "data: {\"choices\":[]," + usage + "}\n\ndata: [DONE]\n\n")
                .replace("\"choices\":[{", "\"system_fingerprint\":\"fp\",\"choices\":[{");

        ChatResponse expected = Recorder.whole(WHOLE, whole).response();
        byte[] bytes = Recorder.utf8(stream);
        for (int size : new int[] {1, 2, 3, 7, bytes.length}) {
            assertThat(Recorder.answer(STREAM, Recorder.SSE, bytes, size).response())
                    .as("slices of %d", size)
                    .isEqualTo(expected);
        }
        assertThat(Recorder.whole(STREAM, whole).response()).isEqualTo(expected);
        assertThat(expected.choices()).hasSize(2);
        assertThat(expected.choices().get(0).text()).isEqualTo("Hello é😀");
        assertThat(expected.choices().get(0).parts()).contains(new Part.ToolCall("a", "f", "{\"x\":1}", Map.of()));
        assertThat(expected.extensions()).containsOnlyKeys("system_fingerprint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // every call with index 0, whole
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}}]}"
                        + "#{\"tool_calls\":[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"2\"}}]}",
                // no index
                "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}},"
                        + "{\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"2\"}}]}",
                // id and name repeated, name late
                "{\"tool_calls\":[{\"index\":3,\"id\":\"a\",\"function\":{\"arguments\":\"\"}}]}"
                        + "#{\"tool_calls\":[{\"index\":3,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}}]}"
                        + "#{\"tool_calls\":[{\"index\":7,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}"
                        + "#{\"tool_calls\":[{\"index\":7,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"2\"}}]}"
            })
    void toolCallsOfSloppyUpstreamsAreToldApart(String deltas) throws GatewayException {
        StringBuilder answer = new StringBuilder();
        for (String delta : deltas.split("#")) {
            answer.append(chunk(0, delta, ""));
        }
        answer.append(chunk(0, "{}", ",\"finish_reason\":\"tool_calls\""));

        assertThat(Recorder.stream(STREAM, answer.toString())
                        .response()
                        .choices()
                        .get(0)
                        .parts())
                .containsExactly(
                        new Part.ToolCall("a", "f", "1", Map.of()), new Part.ToolCall("b", "g", "2", Map.of()));
    }

    @Test
    void aCallWithoutAnIdGetsOneAndOneWithoutANameIsRefused() throws GatewayException {
        String end = chunk(0, "{}", ",\"finish_reason\":\"tool_calls\"");
        String legacy = chunk(0, "{\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}}", "")
                + chunk(0, "{\"function_call\":{\"arguments\":\"}\"}}", "");

        Part call = Recorder.stream(STREAM, legacy + end)
                .response()
                .choices()
                .get(0)
                .parts()
                .get(0);
        assertThat(((Part.ToolCall) call).id()).startsWith("call_");
        assertThat(((Part.ToolCall) call).arguments()).isEqualTo("{}");
        assertThatThrownBy(() -> Recorder.stream(STREAM, chunk(0, "{\"tool_calls\":[{\"id\":\"a\"}]}", "") + end))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void anAnswerCutBeforeItsFinishIsAProtocolErrorAndAfterItIsComplete() throws GatewayException {
        String text = chunk(0, "{\"content\":\"a\"}", "");
        String end = chunk(0, "{}", ",\"finish_reason\":\"stop\"");

        for (String cut : new String[] {"", text, "data: [DONE]\n\n", text + end.substring(0, end.length() - 5)}) {
            assertThatThrownBy(() -> Recorder.stream(STREAM, cut))
                    .as(cut)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
        for (String good :
                new String[] {end.stripTrailing(), end, end + "data: {\"choi", end + text.replace("a", "")}) {
            assertThat(Recorder.stream(STREAM, text + good)
                            .response()
                            .choices()
                            .get(0)
                            .text())
                    .isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"finish_reason\":null"})
    void whatWasSaidIsCompleteWithoutAReasonWhereItsEndIsKnown(String reason) throws GatewayException {
        String call = "{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";

        for (String said : List.of("{\"content\":\"a\"}", call)) {
            FinishReason expected = said.equals(call) ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            assertThat(Recorder.whole(WHOLE, "{\"choices\":[{\"message\":" + said + reason + "}]}")
                            .response()
                            .choices()
                            .get(0)
                            .reason())
                    .isEqualTo(expected);
            assertThat(Recorder.stream(STREAM, chunk(0, said, reason) + "data: [DONE]\n\n")
                            .response()
                            .choices()
                            .get(0)
                            .reason())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aChoiceThatFailedIsAFailure() {
        String error = ",\"finish_reason\":\"error\",\"error\":{\"code\":429,\"message\":\"slow down\"}";

        assertThatThrownBy(() -> Recorder.whole(WHOLE, "{\"choices\":[{\"message\":{\"content\":\"\"}" + error + "}]}"))
                .hasMessageContaining("slow down")
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_LIMITED);
        assertThatThrownBy(() -> Recorder.stream(STREAM, chunk(0, "{}", ",\"finish_reason\":\"error\"")))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"finish_reason\":null"})
    void aWholeAnswerOfNothingWithoutAReasonMayNotBeWhole(String reason) throws GatewayException {
        String body = "{\"choices\":[{\"message\":{\"content\":\"\"}" + reason + "}]}";

        for (ChatRequest asked : List.of(
                WHOLE, Recorder.read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))) {
            assertThatThrownBy(() -> Recorder.whole(asked, body))
                    .hasMessageContaining("finish_reason")
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @Test
    void picturesInAnAnswerAreReadInTheFormOfCompatibles() throws GatewayException {
        ChatResponse answer = Recorder.whole(
                        WHOLE,
                        "{\"choices\":[{\"message\":{\"content\":\"a\",\"images\":[{\"type\":\"image_url\",\"image_url\":"
                                + "{\"url\":\"data:image/png;base64,AA==\"}},{\"type\":\"image_url\",\"image_url\":"
                                + "{\"url\":\"https://x/y\"}},\"https://x/z\",{\"type\":7}]},\"finish_reason\":\"stop\"}]}")
                .response();

        assertThat(answer.choices().get(0).parts())
                .containsExactly(
                        new Part.Text("a"), new Part.Image(new Part.Source.Data("image/png", "AA=="), null, Map.of()));
    }

    @Test
    void anEmptyReasonOfAWholeAnswerIsDone() throws GatewayException {
        ChatResponse answer = Recorder.whole(
                        WHOLE, "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"\"}]}")
                .response();

        assertThat(answer.choices()).singleElement().satisfies(c -> {
            assertThat(c.reason()).isEqualTo(FinishReason.STOP);
            assertThat(c.text()).isEqualTo("a");
        });
        assertThat(answer.usage()).isNull();
    }

    @Test
    void hintsOfAnotherLanguageAreLeftOutAndNamed() throws GatewayException {
        ChatRequest request = ChatRequest.builder("m")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x")))
                        .sampling(Sampling.builder().topK(5).build())
                        .hints("ollama", Map.of("keep_alive", new Json("0")))
                        .build())
                .build();

        assertThat(OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call().dropped())
                .containsExactly("keep_alive", "top_k");
        assertThat(OpenAi.chat(
                                Recorder.read(
                                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_k\":5}"),
                                Quirks.NONE,
                                Auth.BEARER)
                        .call()
                        .dropped())
                .isEmpty();
    }

    @Test
    void whatToolsGaveThatIsNoTextIsSaidByTheUserBehindAllResultsOfTheTurn() throws GatewayException {
        Part picture = new Part.Image(new Part.Source.Data("image/png", "AAAA"), null, Map.of());
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.ToolCall("a", "f", "{}", Map.of()),
                                        new Part.ToolCall("b", "g", "{}", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult(
                                        "b", List.of(new Part.Text("look"), picture), false, Map.of()))),
                        Message.of(Role.TOOL, List.of(new Part.ToolResult("a", List.of(picture), false, Map.of())))))
                .build();
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}";

        assertThat(Recorder.sent(ChatRequest.builder("m").content(content).build()))
                .endsWith("{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"look\"},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"See below.\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"From the tool call b:\"},"
                        + image + ",{\"type\":\"text\",\"text\":\"From the tool call a:\"}," + image + "]}]}");
    }

    @Test
    void aDocumentWithoutANameGetsOneOfItsType() throws GatewayException {
        for (String type : List.of("application/pdf", "text/plain")) {
            Part document = new Part.Document(new Part.Source.Data(type, "AAAA"), null, Map.of());
            ChatContent content = ChatContent.builder()
                    .messages(List.of(Message.of(Role.USER, List.of(document))))
                    .build();
            assertThat(Recorder.sent(ChatRequest.builder("m").content(content).build()))
                    .contains("\"filename\":\"file." + (type.endsWith("pdf") ? "pdf" : "txt") + "\"");
        }
    }

    @Test
    void anothersToolsAreNotJustLeftOut() {
        for (String field : List.of("tools", "tool_choice", "mcp_servers")) {
            ChatContent content = ChatContent.builder()
                    .messages(HELLO.messages())
                    .hints("anthropic", Map.of(field, new Json("[{}]")))
                    .build();
            assertThatThrownBy(() -> Recorder.sent(
                            ChatRequest.builder("m").content(content).build()))
                    .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                    .hasFieldOrPropertyWithValue("parameter", field);
        }
    }

    @Test
    void whatOthersSayInOtherWordsIsSaidInTheseAndTheirThoughtsAreNot() throws GatewayException {
        for (Map.Entry<Long, String> budget :
                Map.of(500L, "low", 8192L, "medium", 50_000L, "high").entrySet()) {
            ChatContent content = ChatContent.builder()
                    .messages(HELLO.messages())
                    .reasoning(Reasoning.budget(budget.getKey()))
                    .build();
            assertThat(Recorder.sent(ChatRequest.builder("m").content(content).build()))
                    .contains("\"reasoning_effort\":\"" + budget.getValue() + "\"");
        }
        Part failed = new Part.ToolResult("c", List.of(new Part.Text("boom")), true, Map.of());
        List<Part> thought = List.of(
                new Part.Reasoning("hm", "sig", Map.of()),
                new Part.RedactedReasoning("red", Map.of()),
                new Part.Text("b"));
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.of(Role.ASSISTANT, thought), Message.of(Role.TOOL, List.of(failed))))
                .build();
        assertThat(Recorder.sent(ChatRequest.builder("m").content(content).build()))
                .contains("[{\"role\":\"assistant\",\"content\":\"b\"},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"boom\"}]");
    }
}
