package dev.thanosgateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerWritingTest {
    private static final String ASKED =
            "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    private static ChatEvent.ChoiceFinished finished(FinishReason reason) {
        return new ChatEvent.ChoiceFinished(0, reason, null);
    }

    private static String stream(ChatEvent... events) throws GatewayException {
        ChatWriter writer = Recorder.MESSAGES.stream(Recorder.read(ASKED), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(new ChatEvent.Started("id-1", "model-1", 0), out);
        for (ChatEvent event : events) {
            writer.event(event, out);
        }
        writer.event(new ChatEvent.Finished(Usage.of(11, 5).withCachedInput(3)), out);
        writer.end(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String whole(ChatEvent... events) throws GatewayException {
        ChatFold fold = new ChatFold();
        fold.add(new ChatEvent.Started(null, null, 0));
        for (ChatEvent event : events) {
            fold.add(event);
        }
        fold.add(new ChatEvent.Finished(Usage.of(11, 5).withCachedInput(3)));
        HttpBody body = Recorder.MESSAGES.whole(Recorder.read(ASKED), Recorder.served(), fold.response());
        return StandardCharsets.UTF_8.decode(body.bytes()).toString();
    }

    private static List<String> names(String stream) {
        return Pattern.compile("event: (\\w+)")
                .matcher(stream)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void aStreamHasTheEventsOfTheApiInTheirOrder() throws GatewayException {
        String stream = stream(
                new ChatEvent.ReasoningDelta(0, "hm"),
                new ChatEvent.ReasoningSignature(0, "s"),
                new ChatEvent.TextDelta(0, "Hé"),
                new ChatEvent.TextDelta(0, "llo"),
                finished(FinishReason.STOP));

        assertThat(names(stream))
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(stream)
                .contains("\"message\":{\"id\":\"id-1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\"")
                .contains(
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}")
                .contains(
                        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hé\"}}")
                .contains("\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"stop_details\":null},"
                        + "\"usage\":{\"input_tokens\":8,\"cache_creation_input_tokens\":0,"
                        + "\"cache_read_input_tokens\":3,\"output_tokens\":5}");
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() throws GatewayException {
        ChatEvent[] answer = {
            new ChatEvent.ReasoningDelta(0, "hm"),
            new ChatEvent.ReasoningSignature(0, "s"),
            new ChatEvent.ReasoningDelta(0, "more"),
            new ChatEvent.ReasoningSignature(0, "t"),
            new ChatEvent.RedactedReasoning(0, "red"),
            new ChatEvent.TextDelta(0, "a\n\u2028\"b"),
            new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
            new ChatEvent.ToolCallDelta(0, 0, "{\"a\":"),
            new ChatEvent.ToolCallDelta(0, 0, "1}"),
            new ChatEvent.ToolCallStart(0, 1, "c2", "g"),
            new ChatEvent.ToolCallDelta(0, 1, "{}"),
            finished(FinishReason.TOOL_CALLS)
        };
        ChatFold fold = new ChatFold();
        fold.add(new ChatEvent.Started("id-1", "model-1", 0));
        for (ChatEvent event : answer) {
            fold.add(event);
        }
        fold.add(new ChatEvent.Finished(null));

        ChatResponse read = Recorder.stream(Recorder.foreign(Recorder.said("x").build(), "m", true), stream(answer))
                .response();
        assertThat(read.choices()).isEqualTo(fold.response().choices());
        ChatResponse again = Recorder.whole(Recorder.foreign(Recorder.said("x").build(), "m", false), whole(answer))
                .response();
        assertThat(again.choices()).isEqualTo(fold.response().choices());
    }

    @Test
    void callsThatComeInterleavedAreToldOneAfterTheOther() throws GatewayException {
        String stream = stream(
                new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
                new ChatEvent.ToolCallStart(0, 1, "c2", "g"),
                new ChatEvent.ToolCallDelta(0, 1, "{\"b\":"),
                new ChatEvent.ToolCallDelta(0, 0, "{\"a\":\"}\\\""),
                new ChatEvent.ToolCallDelta(0, 1, "2}"),
                new ChatEvent.ToolCallDelta(0, 0, "\"}"),
                new ChatEvent.ToolCallStart(0, 2, "c3", "h"),
                finished(FinishReason.STOP));

        ChatResponse read = Recorder.stream(Recorder.foreign(Recorder.said("x").build(), "m", true), stream)
                .response();
        List<String> arguments = new ArrayList<>();
        for (Part part : read.choices().get(0).parts()) {
            arguments.add(((Part.ToolCall) part).name() + ((Part.ToolCall) part).arguments());
        }
        assertThat(arguments).containsExactly("f{\"a\":\"}\\\"\"}", "g{\"b\":2}", "h{}");
        assertThat(read.choices().get(0).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void wordsInARowAreOneBlockWhateverWasBetweenThemThatHasNoPlaceHere() throws GatewayException {
        assertThat(whole(
                        new ChatEvent.TextDelta(0, "a"),
                        new ChatEvent.Media(0, new Part.Source.Data("image/png", "AA==")),
                        new ChatEvent.RefusalDelta(0, "b"),
                        finished(FinishReason.STOP)))
                .contains("\"content\":[{\"type\":\"text\",\"text\":\"ab\"}]");
    }

    @Test
    void argumentsThatAreNoObjectAreNotLost() throws GatewayException {
        assertThat(whole(
                        new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"a\":"),
                        finished(FinishReason.LENGTH)))
                .contains("\"input\":{\"unreadable_arguments\":\"{\\\"a\\\":\"}")
                .contains("\"stop_reason\":\"max_tokens\"");
        assertThat(whole(new ChatEvent.ToolCallStart(0, 0, "c1", "f"), finished(FinishReason.TOOL_CALLS)))
                .contains("\"input\":{}");
    }

    @Test
    void aRefusalInWordsIsSaidOnce() throws GatewayException {
        ChatEvent[] refused = {new ChatEvent.RefusalDelta(0, "No."), finished(FinishReason.STOP)};

        for (String answer : List.of(whole(refused), stream(refused))) {
            assertThat(answer)
                    .contains("\"text\":\"No.\"")
                    .contains("\"stop_reason\":\"refusal\"")
                    .containsOnlyOnce("No.");
        }
    }

    @Test
    void anEmptyAnswerIsWhole() throws GatewayException {
        assertThat(names(stream(finished(FinishReason.STOP))))
                .containsExactly("message_start", "message_delta", "message_stop");
        assertThat(whole(finished(FinishReason.STOP)))
                .startsWith("{\"id\":\"msg_req-1\"")
                .contains("\"content\":[],\"stop_reason\":\"end_turn\"");
    }

    @Test
    void aStreamThatFailsSaysSoAndDoesNotEnd() throws GatewayException {
        ChatWriter writer = Recorder.MESSAGES.stream(Recorder.read(ASKED), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.heartbeat(out);
        writer.fail(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "It broke.").withUpstreamStatus(529), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(":\n\nevent: error\ndata: {\"type\":\"error\",\"error\":"
                        + "{\"type\":\"overloaded_error\",\"message\":\"It broke.\"},\"request_id\":\"req-1\"}\n\n");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST,400,invalid_request_error",
        "UNAUTHENTICATED,401,authentication_error",
        "FORBIDDEN,403,permission_error",
        "NOT_FOUND,404,not_found_error",
        "TOO_LARGE,413,request_too_large",
        "RATE_LIMITED,429,rate_limit_error",
        "BUDGET_EXCEEDED,402,billing_error",
        "CONTENT_FILTERED,400,invalid_request_error",
        "MODEL_NOT_FOUND,404,not_found_error",
        "CONTEXT_EXCEEDED,400,invalid_request_error",
        "UNSUPPORTED,400,invalid_request_error",
        "UPSTREAM_AUTH,502,api_error",
        "UPSTREAM_LIMITED,429,rate_limit_error",
        "UPSTREAM_TIMEOUT,504,timeout_error",
        "UPSTREAM_UNAVAILABLE,500,api_error",
        "UPSTREAM_PROTOCOL,502,api_error",
        "NO_ROUTE,503,api_error",
        "OVERLOADED,503,overloaded_error",
        "INTERNAL,500,api_error"
    })
    void everyErrorHasItsTypeAndStatus(ErrorKind kind, int status, String type) {
        HttpBody body = new AnthropicDialect().error(new GatewayException(kind, "Why."), "req-1");

        assertThat(body.status()).isEqualTo(status);
        assertThat(StandardCharsets.UTF_8.decode(body.bytes()).toString())
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"" + type
                        + "\",\"message\":\"Why.\"},\"request_id\":\"req-1\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "0,500,api_error",
        "200,503,api_error",
        "500,500,api_error",
        "502,500,api_error",
        "503,529,overloaded_error",
        "529,529,overloaded_error"
    })
    void onlyAnUpstreamThatIsOverloadedIsA529(int upstream, int status, String type) {
        GatewayException error =
                new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "Why.").withUpstreamStatus(upstream);
        HttpBody body = new AnthropicDialect().error(error, "req-1");

        assertThat(body.status()).isEqualTo(status);
        assertThat(StandardCharsets.UTF_8.decode(body.bytes()).toString()).contains("{\"type\":\"" + type + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,,end_turn",
        "STOP,END,stop_sequence",
        "LENGTH,,max_tokens",
        "TOOL_CALLS,,tool_use",
        "CONTENT_FILTER,,refusal",
        "OTHER,,end_turn",
    })
    void everyFinishHasItsStopReason(FinishReason finish, String sequence, String reason) throws GatewayException {
        ChatEvent.ChoiceFinished end = new ChatEvent.ChoiceFinished(0, finish, sequence);

        for (String answer : List.of(whole(end), stream(end))) {
            assertThat(answer)
                    .contains("\"stop_reason\":\"" + reason + "\",\"stop_sequence\":"
                            + (sequence == null ? "null" : '"' + sequence + '"'));
        }
    }

    @Test
    void whatThereIsNoWordForIsLeftOutAndWhatMustBeThereIsEmpty() throws GatewayException {
        ChatEvent[] answer = {
            new ChatEvent.ReasoningDelta(0, "hm"),
            new ChatEvent.TextDelta(0, "a"),
            new ChatEvent.Logprobs(0, List.of(new Json("{\"token\":\"LOST\"}")), List.of()),
            new ChatEvent.Citation(0, "openai", new Json("{\"url\":\"LOST\"}")),
            new ChatEvent.Media(0, new Part.Source.Data("image/png", "LOST")),
            finished(FinishReason.STOP),
            new ChatEvent.TextDelta(1, "LOST"),
            new ChatEvent.ChoiceFinished(1, FinishReason.LENGTH, null)
        };

        for (String said : List.of(whole(answer), stream(answer))) {
            assertThat(said)
                    .contains("\"thinking\":\"hm\"", "\"signature\":\"\"", "end_turn")
                    .doesNotContain("LOST", "max_tokens");
        }
    }

    @Test
    void countsNobodyToldAreNone() throws GatewayException {
        ChatFold fold = new ChatFold();
        fold.add(new ChatEvent.Started(null, null, 0));
        fold.add(finished(FinishReason.STOP));
        fold.add(new ChatEvent.Finished(null));
        HttpBody body = Recorder.MESSAGES.whole(Recorder.read(ASKED), Recorder.served(), fold.response());

        assertThat(StandardCharsets.UTF_8.decode(body.bytes()).toString())
                .contains("\"input_tokens\":0", "\"output_tokens\":0");
    }

    @Test
    void aCallThatWaitsForTheOneBeforeItCountsUntilItIsWritten() {
        EventWriter writer = new EventWriter("id", "m", "r");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(new ChatEvent.ToolCallStart(0, 0, "a", "f"), out);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "{\"a\":["), out);
        writer.event(new ChatEvent.ToolCallStart(0, 1, "b", "g"), out);
        assertThat(writer.kept()).isZero();
        writer.event(new ChatEvent.ToolCallDelta(0, 1, "{\"b\":1"), out);
        assertThat(writer.kept()).isEqualTo(12 * 6);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "]}"), out);
        assertThat(writer.kept()).isZero();
    }
}
