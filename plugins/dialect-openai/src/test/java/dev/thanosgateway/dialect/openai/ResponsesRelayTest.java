package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.tck.Traits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of an upstream that has Responses, on their way to a client that asked for one. */
class ResponsesRelayTest {
    private static final Quirks QUIRKS = Quirks.NONE.withResponses(true);
    private static final String ASK = "{\"model\":\"m\",\"input\":\"hi\",\"stream\":true}";
    private static final String CREATED = event(
            "response.created",
            0,
            "\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"error\":null,\"usage\":null}");
    private static final String MESSAGE =
            event("response.output_item.added", 1, "\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":[]}");
    private static final String DELTA =
            event("response.output_text.delta", 2, "\"delta\":\"é😀 \\u00e9\",\"x_new\":{\"y\":[1.50]}");
    private static final String DONE = event("response.output_text.done", 3, "\"text\":\"é😀 \\u00e9\"");
    private static final String USAGE =
            "{\"input_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":2},\"output_tokens\":5,"
                    + "\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":12}";
    private static final String COMPLETED = event(
            "response.completed",
            4,
            "\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"usage\":" + USAGE
                    + "}");
    private static final List<String> HELLO = List.of(CREATED, MESSAGE, DELTA, DONE, COMPLETED);

    private static String event(String type, int number, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"sequence_number\":" + number + "," + fields
                + "}\n\n";
    }

    private static ChatRequest ask() throws GatewayException {
        return Recorder.read(Recorder.RESPONSES, ASK);
    }

    private static Recorder<ChatEvent> relay(ChatRequest request, Headers headers, String answer, int size)
            throws GatewayException {
        return Recorder.answer(new Recorder<>(), request, QUIRKS, headers, Recorder.utf8(answer), size);
    }

    private static Recorder<ChatEvent> stream(String... events) throws GatewayException {
        return relay(ask(), Recorder.SSE, String.join("", events), 1 << 20);
    }

    @Test
    void aStreamComesThroughByteForByteHoweverItIsSliced() throws GatewayException {
        String all = String.join("", HELLO);
        for (int size = 1; size <= Recorder.utf8(all).length; size++) {
            Recorder<ChatEvent> out = relay(ask(), Recorder.SSE, all, size);
            assertThat(out.text()).as("slices of %d", size).isEqualTo(all);
            assertThat(out.frames.subList(0, HELLO.size())).isEqualTo(HELLO);
        }
        for (String end : List.of("\r\n", "\r")) {
            assertThat(relay(ask(), Recorder.SSE, all.replace("\n", end), 3).text())
                    .isEqualTo(all);
        }
        assertThat(relay(ask(), Recorder.SSE, ": ping\n\n" + all.stripTrailing(), 7)
                        .text())
                .as("comments, and a last frame without its end")
                .isEqualTo(all);
    }

    @Test
    void theMeaningOfEachEventIsTold() throws GatewayException {
        Recorder<ChatEvent> out = stream(HELLO.toArray(String[]::new));

        assertThat(out.meanings.subList(0, 4))
                .containsExactly(Meaning.PRELUDE, Meaning.PRELUDE, Meaning.CONTENT, Meaning.PRELUDE);
        assertThat(out.meanings.get(4).finish()).isTrue();
        assertThat(out.usage)
                .isEqualTo(Usage.of(7, 5).withTotal(12).withCachedInput(2).withReasoning(1));
        assertThat(stream(event("response.output_item.added", 0, "\"item\":{\"type\":\"function_call\"}"), COMPLETED)
                        .meanings
                        .get(0))
                .isSameAs(Meaning.CONTENT);
        assertThat(stream(event("response.incomplete", 0, "\"response\":{}")).finishTold())
                .isTrue();
        assertThat(stream(event("response.output_text.delta", 0, "\"delta\":\"\""), COMPLETED)
                        .meanings
                        .get(0))
                .isSameAs(Meaning.PRELUDE);
    }

    @Test
    void anAnswerThatEndsEarlyIsNeverComplete() {
        String all = String.join("", HELLO);
        int whole = Recorder.utf8(String.join("", HELLO.subList(0, 4)) + COMPLETED.strip()).length;
        byte[] bytes = Recorder.utf8(all);
        for (int cut = 0; cut < whole; cut++) {
            byte[] shorter = Arrays.copyOf(bytes, cut);
            Recorder<ChatEvent> out = new Recorder<>();
            GatewayException failed = catchThrowableOfType(
                    GatewayException.class, () -> Recorder.answer(out, ask(), QUIRKS, Recorder.SSE, shorter, 1 << 20));
            assertThat(failed).as("cut at %d", cut).isNotNull();
            assertThat(failed.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
            assertThat(out.finishTold()).isFalse();
            assertThat(out.text()).doesNotContain("response.completed");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "response.failed | \"response\":{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"oh\"}} | UPSTREAM_UNAVAILABLE",
                "response.failed | \"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"oh\"}} | UPSTREAM_LIMITED",
                "response.failed | \"response\":{\"status\":\"failed\",\"error\":{\"code\":\"invalid_prompt\",\"message\":\"oh\"}} | INVALID_REQUEST",
                "response.failed | \"response\":{\"status\":\"failed\",\"error\":{\"code\":\"image_content_policy_violation\",\"message\":\"oh\"}} | CONTENT_FILTERED",
                "error | \"code\":\"context_length_exceeded\",\"message\":\"oh\",\"param\":null | CONTEXT_EXCEEDED",
                "error | \"error\":{\"type\":\"server_error\",\"code\":null,\"message\":\"oh\"} | UPSTREAM_UNAVAILABLE",
                "error | \"message\":\"oh\" | UPSTREAM_UNAVAILABLE",
            })
    void anErrorEventIsTheFailureItTells(String type, String fields, ErrorKind kind) {
        GatewayException failed =
                catchThrowableOfType(GatewayException.class, () -> stream(CREATED, event(type, 1, fields)));

        assertThat(failed.kind()).isEqualTo(kind);
        assertThat(failed.message()).contains("oh");
    }

    @Test
    void aWholeAnswerIsPassedOnAsItIs() throws GatewayException {
        ChatRequest request = Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"}");
        String answer =
                "{ \"object\":\"response\", \"status\":\"completed\",\"error\":null,\"output\":[ {\"x\":1.50} ],"
                        + "\"usage\":" + USAGE + "}";
        for (int size = 1; size <= answer.length(); size++) {
            Recorder<ChatEvent> out = relay(request, Recorder.JSON, answer, size);
            assertThat(out.text()).isEqualTo(answer);
            assertThat(out.finishTold()).isTrue();
        }
        assertThat(relay(request, Recorder.JSON, answer, 99).usage.outputTokens())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "{}",
                "{\"object\":\"chat.completion\",\"choices\":[]}",
                "{\"object\":\"response\",\"status\":\"completed\"}",
                "{\"object\":\"response\",\"output\":[]"
            })
    void aWholeAnswerThatIsNoneIsTheUpstreamsFault(String answer) throws GatewayException {
        for (String stream : List.of("", ",\"stream\":true")) {
            ChatRequest request = Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"" + stream + "}");
            assertThat(catchThrowableOfType(GatewayException.class, () -> relay(request, Recorder.JSON, answer, 5))
                            .kind())
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @Test
    void aWholeAnswerThatFailedIsAFailure() throws GatewayException {
        ChatRequest request = Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"}");
        String answer = "{\"object\":\"response\",\"status\":\"failed\",\"output\":[],\"error\":{\"code\":"
                + "\"server_error\",\"message\":\"oh\"}}";

        assertThat(catchThrowableOfType(GatewayException.class, () -> relay(request, Recorder.JSON, answer, 99))
                        .kind())
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void anErrorOfOursHasTheNextNumber() throws GatewayException {
        ChatWriter writer = Recorder.RESPONSES.stream(ask(), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.frames(ByteBuffer.wrap(Recorder.utf8(CREATED + MESSAGE)), out);
        writer.frames(ByteBuffer.wrap(Recorder.utf8(DELTA)), out);
        out.reset();
        writer.fail(new GatewayException(ErrorKind.UPSTREAM_TIMEOUT, "Too late."), out);

        assertThat(out.toString())
                .startsWith("event: error\ndata: {\"type\":\"error\",\"sequence_number\":3,\"message\":\"Too late.\","
                        + "\"param\":null,\"code\":\"timeout\",\"error\":{\"message\":\"Too late.\",\"type\":"
                        + "\"timeout_error\",\"param\":null,\"code\":\"timeout\"}}\n\nevent: response.failed\n"
                        + "data: {\"type\":\"response.failed\",\"sequence_number\":4,\"response\":{\"id\":\"resp_")
                .contains(",\"status\":\"failed\",\"background\":false,\"error\":{\"code\":\"server_error\","
                        + "\"message\":\"Too late.\"},")
                .endsWith("\n\n");
    }

    @Test
    void anOriginalOfAnotherVersionOfThisBundleIsRelayedToo() throws GatewayException {
        Original other = new Original() {
            @Override
            public String dialect() {
                return "openai";
            }

            @Override
            public String operation() {
                return "responses";
            }

            @Override
            public ByteBuffer bytes() {
                return ByteBuffer.wrap(Recorder.utf8(ASK)).asReadOnlyBuffer();
            }
        };
        ChatRequest request =
                ChatRequest.builder("n").original(other).content(ask()::content).build();

        assertThat(Recorder.sent(request, QUIRKS)).isEqualTo(ASK.replace("\"m\"", "\"n\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openrouter|anthropic/claude-fable-5.1|\"tool_choice\":\"required\",\"x\":1.0|\"tool_choice\":\"auto\",\"x\":1.0|tool_choice",
                "openrouter|anthropic/claude-fable-5.1|\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"}|\"tool_choice\":\"auto\"|tool_choice",
                "openrouter|anthropic/claude-fable-5.1|\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[]}|\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[]}|tool_choice",
                "openrouter|anthropic/claude-opus-4.8|\"tool_choice\":\"required\"|\"tool_choice\":\"required\"|",
                "openai|gpt-6.1-sol|\"temperature\":1,\"top_p\":1,\"reasoning\":{\"effort\":\"none\",\"summary\":\"auto\"}|\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"}|temperature,top_p",
                "openai|gpt-4o|\"temperature\":1,\"reasoning\":{\"effort\":\"high\"},\"x\":2|\"temperature\":1,\"x\":2|reasoning_effort",
                "openai|gpt-4o|\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:image\\/jpg;base64,A\",\"x\":1.0}]},{\"type\":\"custom_item\",\"content\":\"data:image/jpg;\"}]|\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:image/jpeg;base64,A\",\"x\":1.0}]},{\"type\":\"custom_item\",\"content\":\"data:image/jpg;\"}]|",
                "openai|gpt-4o|\"input\":\"hi\",\"text\":{\"format\":{\"type\":\"json_object\"}}|\"input\":\"hi\\n\\nAnswer with one JSON object, and with nothing before or after it.\",\"text\":{\"format\":{\"type\":\"json_object\"}}|",
                "openai|gpt-4o|\"input\":[{\"role\":\"user\",\"content\":\"hi\"}],\"text\":{\"format\":{\"type\":\"json_object\"}}|\"input\":[{\"role\":\"system\",\"content\":\"Answer with one JSON object, and with nothing before or after it.\"},{\"role\":\"user\",\"content\":\"hi\"}],\"text\":{\"format\":{\"type\":\"json_object\"}}|",
                "openai|gpt-4o|\"input\":\"as Json\",\"text\":{\"format\":{\"type\":\"json_object\"}}|\"input\":\"as Json\",\"text\":{\"format\":{\"type\":\"json_object\"}}|",
                "openai|gpt-5|\"reasoning\":{\"effort\":\"minimal\"},\"tools\":[{\"type\":\"web_search\",\"z\":{}}]|\"reasoning\":{\"effort\":\"minimal\"},\"tools\":[{\"type\":\"web_search\",\"z\":{}}]|",
            })
    void aRelayedRequestChangesOnlyWhatItsModelRefuses(
            String profile, String model, String asked, String sent, String dropped) throws GatewayException {
        String begin = "{\"model\":\"" + model + "\"," + (asked.startsWith("\"input\"") ? "" : "\"input\":\"hi\",");
        ChatRequest request = Traits.on(profile, Recorder.read(Recorder.RESPONSES, begin + asked + "}"));
        HttpCall call = OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call();

        assertThat(call.path()).isEqualTo("/v1/responses");
        assertThat(StandardCharsets.UTF_8.decode(call.body()).toString()).isEqualTo(begin + sent + "}");
        assertThat(call.dropped()).containsExactlyInAnyOrder(dropped == null ? new String[0] : dropped.split(","));
    }

    /** Tools that no chat can offer, with a model that has its tools at this path only. */
    @Test
    void aRequestThatNoChatCanSayIsRelayedToModelsWithToolsAtResponsesOnly() throws GatewayException {
        String asked =
                "{\"model\":\"gpt-5.5\",\"input\":\"hi\",\"tools\":[{\"type\":\"custom\",\"name\":\"apply_patch\"},"
                        + "{\"type\":\"not_yet_known\"}]}";
        ChatRequest request = Traits.on("openai", Recorder.read(Recorder.RESPONSES, asked));
        assertThat(Recorder.sent(request, Quirks.NONE)).isEqualTo(asked);
    }
}
