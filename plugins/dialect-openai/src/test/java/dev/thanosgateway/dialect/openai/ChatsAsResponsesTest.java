package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chats with models that are at Responses alone; what other languages' requests become is in provider-openai's cassettes. */
class ChatsAsResponsesTest {
    private static final Quirks THERE_ALONE = Quirks.NONE.withResponsesOnly("m", "gpt-4*");
    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    private static ChatRequest chat(String fields) throws GatewayException {
        return Recorder.read("{\"model\":\"m\"," + ASKED + fields + "}");
    }

    private static HttpCall call(ChatRequest request) throws GatewayException {
        return OpenAi.chat(request, THERE_ALONE, Auth.BEARER).call();
    }

    @Test
    void aChatIsAskedThereThoughItsCallerSpeaksOfChatCompletions() throws GatewayException {
        HttpCall call = call(chat(",\"seed\":7"));

        assertThat(call.path()).isEqualTo("/v1/responses");
        assertThat(call.relay()).isFalse();
        assertThat(call.dropped()).containsExactly("seed");
        assertThat(Recorder.sent(chat(""), THERE_ALONE))
                .isEqualTo("{\"model\":\"m\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"x\"}],"
                        + "\"store\":false,\"include\":[\"reasoning.encrypted_content\"]}");
        assertThat(call(chat("").withModel("other")).relay()).isTrue();
        assertThat(call(chat("").withModel("other")).path()).isEqualTo("/v1/chat/completions");
    }

    @Test
    void aResponseIsStillRelayed() throws GatewayException {
        String body = "{\"model\":\"m\",\"input\":\"x\",\"previous_response_id\":\"r\"}";
        ChatRequest asked = Recorder.read(Recorder.RESPONSES, body);

        assertThat(call(asked).relay()).isTrue();
        assertThat(Recorder.sent(asked, THERE_ALONE)).isEqualTo(body);
    }

    @Test
    void aLegacyCompletionIsAskedThereTooUnlessThereAreSome() throws GatewayException {
        ChatRequest asked = Recorder.read(Recorder.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"x\"}");

        assertThat(call(asked).path()).isEqualTo("/v1/responses");
        assertThat(OpenAi.chat(asked, THERE_ALONE.withCompletions(true), Auth.BEARER)
                        .call()
                        .path())
                .isEqualTo("/v1/completions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"max_tokens\":9,\"top_p\":0.5 | \"max_output_tokens\":9,\"top_p\":0.5",
                "\"reasoning_effort\":\"low\",\"verbosity\":\"high\" | \"reasoning\":{\"effort\":\"low\"},\"text\":{\"verbosity\":\"high\"}",
                "\"response_format\":{\"type\":\"text\"} | \"text\":{\"format\":{\"type\":\"text\"}}",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"a\":1.50}}} | \"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"a\":1.50}}}",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true}}],\"tool_choice\":\"none\" | \"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}},\"strict\":true}],\"tool_choice\":\"none\"",
                "\"functions\":[{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}],\"function_call\":{\"name\":\"f\"} | \"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":false}],\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"}",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}} | \"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{}},\"strict\":false}],\"tool_choice\":\"required\"",
                "\"web_search_options\":{} | \"tools\":[{\"type\":\"web_search_preview\"}]",
                "\"metadata\":{\"a\":\"b\"},\"service_tier\":\"flex\",\"prompt_cache_options\":{\"x\":1} | \"metadata\":{\"a\":\"b\"},\"prompt_cache_options\":{\"x\":1},\"service_tier\":\"flex\"",
                "\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":false} |",
            })
    void settingsHaveTheirCounterparts(String fields, String sent) throws GatewayException {
        assertThat(Recorder.sent(chat("," + fields), THERE_ALONE))
                .endsWith("\"include\":[\"reasoning.encrypted_content\"]" + (sent == null ? "" : "," + sent) + "}");
        assertThat(call(chat("," + fields)).dropped()).isEmpty();
    }

    @Test
    void aStreamIsAskedForAndMayBeLeftUndisguised() throws GatewayException {
        assertThat(Recorder.sent(
                        chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true,"
                                + "\"include_obfuscation\":false}"),
                        THERE_ALONE))
                .contains("\"stream\":true,\"store\":false", "\"stream_options\":{\"include_obfuscation\":false}");
    }

    @Test
    void whoeverWantsItStoredSaysSo() throws GatewayException {
        assertThat(Recorder.sent(chat(",\"store\":true"), THERE_ALONE))
                .contains("\"store\":true")
                .doesNotContain("\"store\":false");
    }

    @Test
    void modelsThatDoNotThinkAreNotAskedForEncryptedThoughts() throws GatewayException {
        ModelTraits traits = Traits.of("openai", "gpt-4.1-mini");
        assertThat(Recorder.sent(chat("").withTarget("gpt-4.1-mini", traits), THERE_ALONE))
                .doesNotContain("include");
        assertThat(Recorder.sent(chat(",\"logprobs\":true").withTarget("gpt-4.1-mini", traits), THERE_ALONE))
                .endsWith("\"include\":[\"message.output_text.logprobs\"]}");
        assertThat(Recorder.sent(chat(",\"logprobs\":true,\"top_logprobs\":3"), THERE_ALONE))
                .endsWith("\"include\":[\"reasoning.encrypted_content\",\"message.output_text.logprobs\"],"
                        + "\"top_logprobs\":3}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":2 | n",
                "\"stop\":\"END\" | stop",
                "\"tools\":[{\"type\":\"their_own\",\"their_own\":{\"name\":\"c\"}}] | tools",
                "\"tool_choice\":\"validated\" | tool_choice",
                "\"response_format\":{\"type\":\"grammar\"} | response_format",
                "\"audio\":{\"voice\":\"v\"},\"modalities\":[\"audio\"] | audio",
            })
    void whatAnAnswerWithoutItWouldNotBeIsRefusedByName(String fields, String field) throws GatewayException {
        ChatRequest request = chat("," + fields);
        GatewayException refused = catchThrowableOfType(GatewayException.class, () -> call(request));

        assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(refused.parameter()).isEqualTo(field);
        assertThat(refused.message()).contains('"' + field + '"', "Responses");
    }

    private static final ChatRequest STREAM =
            ChatRequest.builder("m").stream(true).content(hello()).build();
    private static final ChatRequest WHOLE =
            ChatRequest.builder("m").content(hello()).build();

    private static ChatContent hello() {
        return ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "hi")))
                .build();
    }

    /** Events without the fields nobody needs. */
    private static String events(String... events) {
        StringBuilder all = new StringBuilder();
        for (String event : events) {
            all.append("data: {\"type\":\"response.").append(event).append("}\n\n");
        }
        return all.toString();
    }

    private static Recorder<ChatEvent> stream(String... events) throws GatewayException {
        return answer(STREAM, events(events), "text/event-stream");
    }

    private static Recorder<ChatEvent> whole(String fields) throws GatewayException {
        return answer(WHOLE, "{\"object\":\"response\"," + fields + "}", "application/json");
    }

    private static Recorder<ChatEvent> answer(ChatRequest request, String answer, String type) throws GatewayException {
        return Recorder.answer(
                new Recorder<>(),
                request,
                THERE_ALONE,
                Recorder.headers("content-type", type),
                Recorder.utf8(answer),
                Integer.MAX_VALUE / 2);
    }

    private static final String DONE = "completed\",\"response\":{\"status\":\"completed\",\"output\":[]}";
    private static final String ITEMS =
            "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}],"
                    + "\"encrypted_content\":\"gA\"},"
                    + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"yes\"}]},"
                    + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":{\"a\":1}}";
    private static final List<Part> SAID = List.of(
            new Part.Reasoning("hm", "openai:gA", Map.of()),
            new Part.Text("yes"),
            new Part.ToolCall("c1", "f", "{\"a\":1}", Map.of()));

    private static ChatResponse.Choice choice(Recorder<ChatEvent> answer) throws GatewayException {
        return answer.response().choices().get(0);
    }

    @Test
    void whatWasNotToldInPiecesIsToldFromTheWhole() throws GatewayException {
        String answer = "\"status\":\"completed\",\"output\":[" + ITEMS + "]";
        String[] items = ITEMS.split("(?<=}),(?=\\{\"type\":\"(message|function))");

        assertThat(items).hasSize(3);
        assertThat(choice(whole(answer)).parts()).isEqualTo(SAID);
        assertThat(choice(answer(STREAM, "{" + answer + "}", "application/json"))
                        .parts())
                .isEqualTo(SAID);
        assertThat(choice(stream("completed\",\"response\":{" + answer + "}")).parts())
                .isEqualTo(SAID);
        assertThat(choice(stream(
                                "output_item.done\",\"output_index\":0,\"item\":" + items[0],
                                "output_item.done\",\"output_index\":1,\"item\":" + items[1],
                                "output_item.done\",\"output_index\":2,\"item\":" + items[2],
                                DONE))
                        .parts())
                .isEqualTo(SAID);
        assertThat(choice(stream(
                                "output_item.added\",\"item\":{\"type\":\"reasoning\"}",
                                "output_item.done\",\"item\":" + items[0],
                                "output_item.added\",\"item\":{\"type\":\"message\"}",
                                "output_text.delta\",\"delta\":\"y\"",
                                "output_item.done\",\"item\":" + items[1],
                                "output_item.added\",\"item\":{\"type\":\"function_call\"}",
                                "function_call_arguments.delta\",\"delta\":\"{\"",
                                "output_item.done\",\"item\":" + items[2],
                                "completed\",\"response\":{" + answer + "}"))
                        .parts())
                .as("every item has the number 0")
                .isEqualTo(SAID);
    }

    @Test
    void aPieceIsToldOnce() throws GatewayException {
        assertThat(stream(
                                "output_text.delta\",\"delta\":\"a\"",
                                "output_text.done\",\"text\":\"ab\"",
                                "content_part.done\",\"part\":{\"type\":\"output_text\",\"text\":\"abc\"}",
                                "output_text.delta\",\"content_index\":1,\"delta\":\"d\"",
                                "refusal.delta\",\"content_index\":2,\"delta\":\"no\"",
                                "completed\",\"response\":{\"output\":[{\"type\":\"message\",\"content\":["
                                        + "{\"type\":\"output_text\",\"text\":\"abc\"},{\"type\":\"output_text\","
                                        + "\"text\":\"de\"},{\"type\":\"refusal\",\"refusal\":\"no\"}]},"
                                        + "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\","
                                        + "\"text\":\"of another number\"}]}]}",
                                "output_text.delta\",\"delta\":\"behind the end\"")
                        .events)
                .containsExactly(
                        new ChatEvent.Started(null, null, 0),
                        new ChatEvent.TextDelta(0, "a"),
                        new ChatEvent.TextDelta(0, "b"),
                        new ChatEvent.TextDelta(0, "c"),
                        new ChatEvent.TextDelta(0, "d"),
                        new ChatEvent.RefusalDelta(0, "no"),
                        new ChatEvent.TextDelta(0, "e"),
                        new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                        new ChatEvent.Finished(null));
    }

    @Test
    void thoughtsAreToldOpenOrAsASummaryEachABlankLineApart() throws GatewayException {
        String both = "{\"type\":\"reasoning\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"a\"},"
                + "{\"type\":\"reasoning_text\",\"text\":\"b\"}],\"summary\":[{\"type\":\"summary_text\",\"text\":\"s\"}]}";
        List<Part> thought = List.of(new Part.Reasoning("a\n\nb", null, Map.of()));

        assertThat(choice(whole("\"status\":\"completed\",\"output\":[" + both + "]"))
                        .parts())
                .isEqualTo(thought);
        assertThat(choice(stream(
                                "reasoning_text.delta\",\"delta\":\"a\"",
                                "reasoning_summary_text.delta\",\"delta\":\"s\"",
                                "reasoning_text.delta\",\"content_index\":1,\"delta\":\"b\"",
                                "output_item.done\",\"item\":" + both,
                                DONE))
                        .parts())
                .isEqualTo(thought);
    }

    @ParameterizedTest
    @CsvSource({
        "incomplete, max_output_tokens, LENGTH",
        "incomplete, content_filter, CONTENT_FILTER",
        "incomplete, a_new_reason, LENGTH",
        "completed, '', STOP"
    })
    void theReasonIsReadOfAStreamAndOfAWholeAnswer(String status, String why, FinishReason reason)
            throws GatewayException {
        String fields = "\"status\":\"" + status + "\",\"incomplete_details\":{\"reason\":\"" + why
                + "\"},\"usage\":{\"input_tokens\":3,\"output_tokens\":2},\"output\":[]";

        for (ChatResponse answer : List.of(
                whole(fields).response(),
                stream(status + "\",\"response\":{" + fields + "}").response())) {
            assertThat(answer.choices().get(0).reason()).isEqualTo(reason);
            assertThat(answer.usage()).isEqualTo(Usage.of(3, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failed\",\"response\":{\"error\":null}",
                "failed\"",
                "cancelled\",\"response\":{}",
                "x\"}\n\ndata: {\"type\":\"error\",\"message\":\"It broke.\"",
                "x\"}\n\ndata: {\"type\":\"error\",\"error\":{\"code\":\"server_error\"}",
                "x\"}\n\ndata: {\"error\":{\"code\":\"server_error\"}",
            })
    void aFailureInWhateverFormIsOne(String event) {
        assertThatThrownBy(() -> stream("output_text.delta\",\"delta\":\"a\"", event))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void aFailureOfWhatRunsAtOpenAiIsNotTheAnswers() throws GatewayException {
        assertThat(choice(stream(
                                "mcp_call.failed\",\"error\":{\"message\":\"no such tool\"}",
                                "output_text.delta\",\"delta\":\"a\"",
                                DONE))
                        .parts())
                .containsExactly(new Part.Text("a"));
    }

    @Test
    void whatIsNoWholeAnswerIsAProtocolError() {
        for (String fields : List.of(
                "\"status\":\"completed\"",
                "\"status\":\"in_progress\",\"output\":[]",
                "\"output\":[]",
                "\"status\":\"completed\",\"output\":[{\"type\":\"function_call\",\"call_id\":\"c\"}]",
                "\"status\":\"completed\",\"output\":[7]")) {
            assertThatThrownBy(() -> whole(fields))
                    .as(fields)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
        assertThatThrownBy(() -> whole("\"status\":\"cancelled\",\"output\":[]"))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void itemsWithoutEndAreAProtocolError() {
        String[] flood = new String[5000];
        for (int i = 0; i < flood.length; i++) {
            flood[i] = "output_item.added\",\"output_index\":" + i + ",\"item\":{\"type\":\"message\"}";
        }
        assertThatThrownBy(() -> stream(flood))
                .hasMessageContaining("more than 4096 items")
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }
}
