package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Meaning;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final String BODY =
            " { \"contents\" : [ {\"parts\":[{\"text\":\"\\u00e9\",\"new\":1.50}]} ],\n \"z\":{} } ";
    private static final String ROLE = "{\"candidates\":[{\"content\":{\"role\":\"model\"}}],\"x\":1.50}";
    private static final String TEXT = "{\"candidates\": [{\"content\":{\"parts\":[{\"text\":\"\\u00e9\"}]}}]}";
    private static final String LAST =
            "{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":1,\"totalTokenCount\":1}}";

    private static String frames(String end, String... pieces) {
        return String.join(
                "",
                List.of(pieces).stream()
                        .map(piece -> "data: " + piece + end + end)
                        .toList());
    }

    @Test
    void aRequestGoesOnAsItCame() throws GatewayException {
        for (Operation operation : Operation.values()) {
            assertThat(Played.sent(Played.asked(operation, BODY))).isEqualTo(BODY);
        }
        assertThat(Played.call(Played.asked(Operation.ARRAY, BODY)).path()).endsWith(":streamGenerateContent?alt=sse");
    }

    @Test
    void whatIsTheGatewaysOrAnothersDoesNotGoOn() throws GatewayException {
        assertThat(Played.sent(Played.asked(
                        Operation.WHOLE,
                        "{\"model\":\"a/b\",\"contents\":[ 1.50 ],\"fallbacks\":[\"x/y\"],\"tags\":{},\"z\":null}")))
                .isEqualTo("{\"contents\":[ 1.50 ],\"z\":null}");
        String foreign = Signatures.write("EqQB/x==");
        String signed =
                "{\"contents\":[{\"parts\":[{\"text\":\"%s\",\"thoughtSignature\":\"%s\"},{\"thought_signature\": \"own\"}]}]}";
        assertThat(Played.sent(Played.asked(Operation.WHOLE, signed.formatted("é " + foreign, foreign))))
                .isEqualTo(signed.formatted("é " + foreign, "skip_thought_signature_validator"));
    }

    @Test
    void theFirstCallOfAStepIsSignedWhereTheModelInsists() throws GatewayException {
        String body = "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"é\",\"thoughtSignature\":\"%1$s\"},"
                + "{\"functionCall\":{\"name\":\"f\"}%2$s},{\"functionCall\":{\"name\":\"g\"}}]},"
                + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"h\"}}]},"
                + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\"}}]},"
                + "{\"role\":\"model\",\"parts\":[{\"function_call\":{\"name\":\"f\"}%2$s}]},"
                + "{\"parts\":[{\"text\":\"\"}]},"
                + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{},\"thought_signature\":\"own\"},{\"functionCall\":{}}]}]}";
        String none = "skip_thought_signature_validator";
        ChatRequest asked = Played.asked(Operation.WHOLE, body.formatted(Signatures.write("EqQB/x=="), ""));

        assertThat(Played.sent(asked)).isEqualTo(body.formatted(none, ""));
        assertThat(Played.sent(asked.withTarget(asked.model(), ModelTraits.UNKNOWN.with(Trait.SIGNED, List.of("yes")))))
                .isEqualTo(body.formatted(none, ",\"thoughtSignature\":\"" + none + '"'));
    }

    @Test
    void aResultThatIsSaidTwiceGoesOnOnce() throws GatewayException {
        String one = "{\"functionResponse\": {\"id\":\"a\",\"name\":\"f\",\"response\":{\"output\":\"1\"}}}";
        String two = one.replace("\"a\"", "\"b\"");
        String bare = "{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}";
        String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[%s]},{\"parts\":[%s ,%s]}]}";
        String asked = body.formatted(one + ", " + two + ", " + one + ",\n" + two, bare, bare);
        assertThat(Played.sent(Played.asked(Operation.WHOLE, asked)))
                .isEqualTo(body.formatted(one + ", " + two, bare, bare));
    }

    @Test
    void piecesComeBackInTheFormTheCallerWantsWithWhatTheyMean() throws GatewayException {
        for (String end : List.of("\r\n", "\n")) {
            String stream = ": ping" + end + end + frames(end, ROLE, TEXT, LAST);
            for (int size : new int[] {1, 7, 1000}) {
                Played events = Played.answer(Played.asked(Operation.EVENTS, BODY), stream, size);
                assertThat(String.join("", events.frames)).isEqualTo(frames("\r\n", ROLE, TEXT, LAST));
                assertThat(events.meanings).extracting(Meaning::content).containsExactly(false, true, true);
                assertThat(events.meanings).extracting(Meaning::finish).containsExactly(false, false, true);
                assertThat(events.meanings.get(2).usage())
                        .isEqualTo(Usage.of(1, 0).withTotal(1));
                assertThat(String.join("", Played.answer(Played.asked(Operation.ARRAY, BODY), stream, size).frames))
                        .isEqualTo("[" + ROLE + ",\r\n" + TEXT + ",\r\n" + LAST);
            }
        }
    }

    @Test
    void aPieceOnSeveralLinesBecomesOne() throws GatewayException {
        String stream = "data: {\"candidates\":\ndata: [{\"finishReason\":\"STOP\"}]}\n\n";

        assertThat(Played.answer(Played.asked(Operation.EVENTS, BODY), stream).frames)
                .containsExactly("data: {\"candidates\": [{\"finishReason\":\"STOP\"}]}\r\n\r\n");
    }

    @Test
    void aWholeAnswerComesBackByteForByte() throws GatewayException {
        String answer = " {\n\"candidates\": [{\"finishReason\":\"STOP\"}], \"x\": 1.50 }\n";

        assertThat(Played.answer(Played.asked(Operation.WHOLE, BODY), answer, 3).frames)
                .containsExactly(answer);
    }

    @Test
    void itIsCompleteWhenEveryCandidateIs() throws GatewayException {
        ChatRequest two =
                Played.asked(Operation.EVENTS, "{\"contents\":[],\"generation_config\":{\"candidate_count\":2}}");
        String second = "{\"candidates\":[{\"index\":1,\"finishReason\":\"STOP\"}]}";
        assertThat(Played.answer(two, frames("\n", TEXT, LAST, second)).meanings)
                .extracting(Meaning::finish)
                .containsExactly(false, false, true);
        assertThat(Played.answer(two, frames("\n", LAST)).meanings)
                .extracting(Meaning::finish)
                .containsExactly(false, true);
        assertThatThrownBy(() -> Played.answer(
                        two, frames("\n", LAST, TEXT.replace("{\"content\"", "{\"index\":1,\"content\""))))
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL));
    }

    @Test
    void anAnswerOfNothingButAnAbortIsAFailureAndAnyOtherEndPasses() throws GatewayException {
        String abort = "{\"candidates\":[{\"content\":{},\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}";

        assertThatThrownBy(() -> Played.answer(Played.asked(Operation.WHOLE, BODY), abort))
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE));
        assertThatThrownBy(() -> Played.answer(Played.asked(Operation.EVENTS, BODY), frames("\n", abort)))
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE));
        assertThat(Played.answer(Played.asked(Operation.EVENTS, BODY), frames("\n", TEXT, abort)).meanings)
                .extracting(Meaning::finish)
                .containsExactly(false, true);
        for (String word : new String[] {"STOP", "MAX_TOKENS", "SAFETY", "NO_IMAGE"}) {
            String other = abort.replace("MALFORMED_FUNCTION_CALL", word);
            assertThat(Played.answer(Played.asked(Operation.WHOLE, BODY), other).frames)
                    .containsExactly(other);
        }
    }

    @Test
    void aRefusedPromptIsAnAnswerToOneWhoKnowsGoogle() throws GatewayException {
        String blocked = "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}";

        assertThat(Played.answer(Played.asked(Operation.WHOLE, BODY), blocked).frames)
                .containsExactly(blocked);
        assertThat(Played.answer(Played.asked(Operation.EVENTS, BODY), frames("\n", blocked)).meanings)
                .extracting(Meaning::finish)
                .containsExactly(true);
    }
}
