package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Meaning;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put right in a relayed answer that breaks the language, and which answers are failures. */
class RelayRepairTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String ASK = "{\"model\":\"m\",\"stream\":true," + HELLO + "}";
    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final String TEXT = chunk("{\"content\":\"é😀 \\u00e9\"}", "null");
    private static final String STOP = chunk("{}", "\"stop\"");
    private static final String DONE = "data: [DONE]\n\n";

    private static String chunk(String delta, String finish) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"new_field\":{\"x\":[1.0]},"
                + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static GatewayException failure(ChatRequest request, String answer) {
        return catchThrowableOfType(GatewayException.class, () -> Recorder.stream(request, answer));
    }

    @Test
    void anEndMarkFinishesWhatWasSaidAndNothingElse() throws GatewayException {
        String call = chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                "null");

        Recorder<ChatEvent> said = Recorder.stream(Recorder.read(ASK), ROLE + TEXT + DONE);
        assertThat(said.text())
                .startsWith(ROLE + TEXT)
                .endsWith("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
        assertThat(said.meanings).endsWith(Meaning.CONTENT, Meaning.FINISH);
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + call + DONE).text())
                .endsWith("\"finish_reason\":\"tool_calls\"}]}\n\n");
        for (String nothing : List.of("", ROLE)) {
            assertThat(failure(Recorder.read(ASK), nothing + DONE).kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @Test
    void callsThatCannotBeToldApartAreNumbered() throws GatewayException {
        String first = piece("\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}");
        String more = piece("\"function\":{\"arguments\":\"{}\"}");
        String second = piece("\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}");
        String end = chunk("{}", "\"tool_calls\"");

        // Without an index.
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + first + more + second + more + end)
                        .text())
                .isEqualTo(
                        ROLE + numbered(first, 0) + numbered(more, 0) + numbered(second, 1) + numbered(more, 1) + end);
        // With the index 0 for both.
        String right = ROLE + numbered(first, 0) + numbered(more, 0);
        assertThat(Recorder.stream(Recorder.read(ASK), right + numbered(second, 0) + numbered(more, 0) + end)
                        .text())
                .isEqualTo(right + numbered(second, 1) + numbered(more, 1) + end);
        // With an index that is null, both in one chunk.
        String both = numbered(first, 0)
                .replace("\"\"}}]", "\"\"}},{\"index\":null,\"id\":\"b\",\"function\":{\"name\":\"f\"}}]");
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + both + end).text())
                .isEqualTo(ROLE + both.replace("\"index\":null", "\"index\":1") + end);
        // Numbers that are only unusual stay.
        String unusual = ROLE + numbered(second, 7) + numbered(first, 2) + numbered(more, 2) + end;
        assertThat(Recorder.stream(Recorder.read(ASK), unusual).text()).isEqualTo(unusual);
    }

    private static String piece(String members) {
        return chunk("{\"tool_calls\":[{" + members + "}]}", "null");
    }

    private static String numbered(String piece, int index) {
        return piece.replace("\"tool_calls\":[{", "\"tool_calls\":[{\"index\":" + index + ",");
    }

    @Test
    void aWholeAnswerWithoutAReasonGetsOne() throws GatewayException {
        ChatRequest whole = Recorder.read("{\"model\":\"m\"," + HELLO + "}");
        String text = "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":null}]}";
        String call = "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\"}]}}]}";

        assertThat(Recorder.whole(whole, text).text()).isEqualTo(text.replace("null", "\"stop\""));
        assertThat(Recorder.whole(whole, call).text())
                .isEqualTo(call.replace("{\"message\"", "{\"finish_reason\":\"tool_calls\",\"message\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"finish_reason\":\"error\"",
                "\"finish_reason\":\"ERROR\",\"error\":{\"code\":502,\"message\":\"down\"}",
                "\"finish_reason\":\"stop\",\"error\":\"down\"",
                "\"finish_reason\":\"network_error\"",
                "\"finish_reason\":\"insufficient_system_resource\""
            })
    void aChoiceThatFailedIsAFailureWholeAndStreamed(String end) {
        String chunk = ROLE + TEXT + "data: {\"choices\":[{\"index\":0,\"delta\":{}," + end + "}]}\n\n" + DONE;
        String whole = "{\"choices\":[{\"message\":{\"content\":\"\"}," + end + "}]}";

        assertThat(failure(Recorder.readUnchecked(ASK), chunk).kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
        assertThatThrownBy(() -> Recorder.whole(Recorder.read("{\"model\":\"m\"," + HELLO + "}"), whole))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void anErrorThatIsEmptyIsNone() throws GatewayException {
        for (String empty : List.of("null", "\"\"", "{}", "false", "0")) {
            String stop = STOP.replace("{\"index\"", "{\"error\":" + empty + ",\"index\"");
            assertThat(Recorder.stream(Recorder.read(ASK), ROLE + TEXT + stop).text())
                    .isEqualTo(ROLE + TEXT + stop);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"id\":\"\",", "\"id\":null,", ""})
    void aCallWithoutAnIdGetsOneAndNothingElseChanges(String id) throws GatewayException {
        String begin = chunk(
                "{\"tool_calls\":[{\"index\":0," + id + "\"v\":1.0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "null");
        String more = chunk(
                "{\"tool_calls\":[{\"index\":0," + id + "\"function\":{\"name\":\"\",\"arguments\":\"{}\"}}]}", "null");
        String end = chunk("{}", "\"tool_calls\"");
        String given = "\"id\":\"(call_[0-9a-f]{32})\",";

        String streamed =
                Recorder.stream(Recorder.read(ASK), ROLE + begin + more + end).text();
        assertThat(streamed).containsPattern(given).endsWith(more + end);
        assertThat(streamed.replaceFirst(given, "").replaceFirst(id, ""))
                .isEqualTo((ROLE + begin + more + end).replaceFirst(id, "").replaceFirst(id, ""));

        String whole = "{\"choices\":[{\"message\":{\"tool_calls\":[{" + id
                + "\"v\":1.0,\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"b\",\"function\":{\"name\":\"g\"}}]},"
                + "\"finish_reason\":\"tool_calls\"}]}";
        String answered = Recorder.whole(Recorder.read("{\"model\":\"m\"," + HELLO + "}"), whole)
                .text();
        assertThat(answered.replaceFirst(given, id)).isEqualTo(whole);
        assertThat(answered).containsPattern(given);
    }
}
