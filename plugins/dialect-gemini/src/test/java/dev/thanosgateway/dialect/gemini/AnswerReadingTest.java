package dev.thanosgateway.dialect.gemini;

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
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class AnswerReadingTest {
    private static final ChatRequest WHOLE = request(false);
    private static final ChatRequest STREAM = request(true);
    private static final String NAMES = "\"modelVersion\":\"m-1\",\"responseId\":\"r1\"";
    private static final String COUNTS = "\"usageMetadata\":{\"promptTokenCount\":11,\"toolUsePromptTokenCount\":1,"
            + "\"candidatesTokenCount\":3,\"thoughtsTokenCount\":2,\"cachedContentTokenCount\":4,\"totalTokenCount\":17}";

    private static ChatRequest request(boolean stream) {
        return ChatRequest.builder("m").stream(stream)
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x")))
                        .build())
                .build();
    }

    private static String answer(String parts, String finish) {
        String reason = finish.isEmpty() ? "" : ",\"finishReason\":\"" + finish + "\"";
        return "{\"candidates\":[{\"content\":{\"parts\":[" + parts + "],\"role\":\"model\"}" + reason
                + ",\"index\":0}]," + COUNTS + "," + NAMES + "}";
    }

    private static String frames(String... pieces) {
        StringBuilder all = new StringBuilder();
        for (String piece : pieces) {
            all.append("data: ").append(piece).append("\r\n\r\n");
        }
        return all.toString();
    }

    private static final String THOUGHT = "{\"text\":\"hm\",\"thought\":true}";
    private static final String CALLS =
            "{\"functionCall\":{\"name\":\"f\",\"args\":{\"ä\":1.50}},\"thoughtSignature\":\"c2ln\"},"
                    + "{\"functionCall\":{\"id\":\"own\",\"name\":\"g\"}}";

    @Test
    void aStreamFoldsToTheWholeAnswerHoweverItIsSliced() throws GatewayException {
        ChatResponse whole = Played.answer(WHOLE, answer(THOUGHT + ",{\"text\":\"Grüße 👋🏽\"}," + CALLS, "STOP"))
                .fold
                .response();
        String stream = ": hello\r\n\r\n"
                + frames(
                        answer(THOUGHT, ""),
                        answer("{\"text\":\"Grüße \"}", ""),
                        answer("{\"text\":\"👋🏽\"}", ""),
                        answer(CALLS, ""),
                        answer("{\"text\":\"\"}", "STOP"));
        List<ChatEvent> events = Played.answer(STREAM, stream).events;

        assertThat(whole.choices().get(0).parts())
                .containsExactly(
                        new Part.Reasoning("hm", null, Map.of()),
                        new Part.Text("Grüße 👋🏽"),
                        new Part.Reasoning("", "gemini:c2ln", Map.of()),
                        new Part.ToolCall("call_r1_0", "f", "{\"ä\":1.50}", Map.of()),
                        new Part.ToolCall("own", "g", "{}", Map.of()));
        assertThat(whole.choices().get(0).reason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(whole.usage())
                .isEqualTo(Usage.of(12, 5).withTotal(17).withCachedInput(4).withReasoning(2));
        assertThat(whole.id()).isEqualTo("r1");
        assertThat(whole.model()).isEqualTo("m-1");
        for (String ends : List.of("\r\n", "\n", "\r")) {
            for (int size : new int[] {1, 2, 3, 7, 1000}) {
                Played played = Played.answer(STREAM, stream.replace("\r\n", ends), size);
                assertThat(played.events).isEqualTo(events);
                assertThat(played.fold.response()).isEqualTo(whole);
            }
        }
        assertThat(Played.answer(STREAM, stream.stripTrailing()).events).isEqualTo(events);
        assertThat(Played.answer(STREAM, "[" + answer("{\"text\":\"a\"}", "") + ",\n" + answer("", "STOP") + "]")
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .text())
                .isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,STOP",
        "MAX_TOKENS,LENGTH",
        "SAFETY,CONTENT_FILTER",
        "RECITATION,CONTENT_FILTER",
        "PROHIBITED_CONTENT,CONTENT_FILTER",
        "SPII,CONTENT_FILTER",
        "BLOCKLIST,CONTENT_FILTER",
        "LANGUAGE,CONTENT_FILTER",
        "MODEL_ARMOR,CONTENT_FILTER",
        "IMAGE_SAFETY,CONTENT_FILTER",
        "IMAGE_PROHIBITED_CONTENT,CONTENT_FILTER",
        "IMAGE_RECITATION,CONTENT_FILTER",
        "OTHER,LENGTH",
        "MALFORMED_FUNCTION_CALL,LENGTH",
        "UNEXPECTED_TOOL_CALL,LENGTH",
        "TOO_MANY_TOOL_CALLS,LENGTH",
        "MISSING_THOUGHT_SIGNATURE,LENGTH",
        "NO_IMAGE,CONTENT_FILTER",
        "IMAGE_OTHER,CONTENT_FILTER",
        "NOT_YET_KNOWN,OTHER",
    })
    void whyItEndedIsSaid(String google, FinishReason reason) throws GatewayException {
        String said = answer("{\"text\":\"a\"}", google)
                .replace("\"finishReason\"", "\"finishMessage\":\"why\",\"finishReason\"");
        ChatResponse answer = Played.answer(WHOLE, said).fold.response();
        assertThat(answer.choices().get(0).reason()).isEqualTo(reason);

        // A client of this language is told the very word.
        ObjectNode again = AnswerWriter.whole(answer, Played.served());
        assertThat(again.path("candidates").path(0).path("finishReason").asString())
                .isEqualTo(google);
        assertThat(again.path("candidates").path(0).path("finishMessage").asString())
                .isEqualTo("why");
        assertThat(Played.written(false, Played.answer(WHOLE, said).events))
                .contains("\"finishReason\":\"" + google + "\",\"finishMessage\":\"why\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                "OTHER",
                "MALFORMED_FUNCTION_CALL",
                "UNEXPECTED_TOOL_CALL",
                "TOO_MANY_TOOL_CALLS",
                "MISSING_THOUGHT_SIGNATURE"
            })
    void anAnswerOfNothingButItsEndIsAFailureOfTheTarget(String word) {
        String nothing = "{\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"" + word + "\"}]}";

        for (ChatRequest request : List.of(WHOLE, STREAM)) {
            assertThatThrownBy(() -> Played.answer(request, request.stream() ? frames(nothing) : nothing))
                    .isInstanceOfSatisfying(GatewayException.class, e -> {
                        assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
                        assertThat(e.message()).contains(word.equals("STOP") ? "without saying anything." : word);
                    });
        }
    }

    @Test
    void thoughtsAndAnAbortAreAFailureButALimitAFilterAndAPlainEndAreNot() throws GatewayException {
        String thought = answer("{\"text\":\"hm\",\"thought\":true}", "MALFORMED_FUNCTION_CALL");

        assertThatThrownBy(() -> Played.answer(WHOLE, thought))
                .isInstanceOfSatisfying(
                        GatewayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE));
        assertThat(Played.answer(WHOLE, answer("", "NOT_YET_KNOWN"))
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .reason())
                .isEqualTo(FinishReason.LENGTH);
        for (String word : List.of("STOP", "MAX_TOKENS", "SAFETY", "NO_IMAGE")) {
            assertThat(Played.answer(WHOLE, thought.replace("MALFORMED_FUNCTION_CALL", word))
                            .fold
                            .response()
                            .choices())
                    .hasSize(1);
        }
        assertThat(Played.answer(WHOLE, answer("{\"text\":\"\"}", "STOP"))
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .text())
                .isEmpty();
    }

    @Test
    void oneOfSeveralCandidatesMayGiveUp() throws GatewayException {
        String two = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"},"
                + "{\"finishReason\":\"MALFORMED_FUNCTION_CALL\",\"index\":1}]}";

        assertThat(Played.answer(STREAM, frames(two)).fold.response().choices())
                .extracting(ChatResponse.Choice::reason)
                .containsExactly(FinishReason.STOP, FinishReason.LENGTH);
    }

    @Test
    void callsWithoutAnyIdGetOneThatComesOnlyOnce() throws GatewayException {
        String call = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]},"
                + "\"finishReason\":\"STOP\"}]}";

        assertThat(id(call)).isNotEqualTo(id(call)).startsWith("call_");
    }

    private static String id(String answer) throws GatewayException {
        Part call = Played.answer(WHOLE, answer)
                .fold
                .response()
                .choices()
                .get(0)
                .parts()
                .get(0);
        return ((Part.ToolCall) call).id();
    }

    @Test
    void severalCandidatesInterleave() throws GatewayException {
        String one = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"index\":1}]}";
        String two = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"},"
                + "{\"content\":{\"parts\":[{\"text\":\"c\"}]},\"finishReason\":\"STOP\",\"index\":1}]}";

        assertThat(Played.answer(STREAM, frames(one, two)).fold.response().choices())
                .extracting(ChatResponse.Choice::text)
                .containsExactly("b", "ac");
    }

    @Test
    void sourcesAndTokensTakeTheFormOthersKnow() throws GatewayException {
        ChatResponse.Choice choice =
                Played.answer(WHOLE, """
                        {"candidates":[{"content":{"parts":[{"text":"äöx"}]},"finishReason":"STOP",
                         "groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://e.com","title":"E"}}],
                          "groundingSupports":[{"segment":{"startIndex":2,"endIndex":4},"groundingChunkIndices":[0,9]}]},
                         "logprobsResult":{"chosenCandidates":[{"token":"ä","logProbability":-0.50}],
                          "topCandidates":[{"candidates":[{"token":"b"}]}]}}]}""").fold.response().choices().get(0);

        assertThat(choice.citations())
                .containsExactly(
                        new Json("{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":1,\"end_index\":2,"
                                + "\"title\":\"E\",\"url\":\"https://e.com\"}}"));
        assertThat(choice.logprobs()).isNotNull();
        assertThat(choice.logprobs().content())
                .containsExactly(new Json("{\"token\":\"ä\",\"logprob\":-0.50,\"bytes\":[195,164],\"top_logprobs\":"
                        + "[{\"token\":\"b\",\"logprob\":0,\"bytes\":[98]}]}"));
    }

    @Test
    void aRefusedPromptIsTheCallersErrorAndAFilteredAnswerIsNone() {
        String blocked = "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}," + COUNTS + "}";
        for (ChatRequest request : List.of(WHOLE, STREAM)) {
            assertThatThrownBy(() -> Played.answer(request, request.stream() ? frames(blocked) : blocked))
                    .isInstanceOfSatisfying(GatewayException.class, e -> {
                        assertThat(e.kind()).isEqualTo(ErrorKind.CONTENT_FILTERED);
                        assertThat(e.message()).contains("PROHIBITED_CONTENT");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "<html>",
                "{}",
                "null",
                "[1]",
                "{\"candidates\":[]}",
                "{\"candidates\":[{\"content\":{}}]}",
                "{\"cand",
                "\"text\"",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{}}]},\"finishReason\":\"STOP\"}]}"
            })
    void whatIsNoAnswerIsAProtocolError(String answer) {
        for (ChatRequest request : List.of(WHOLE, STREAM)) {
            for (String sent : request.stream() ? List.of(answer, frames(answer)) : List.of(answer)) {
                assertThatThrownBy(() -> Played.answer(request, sent))
                        .isInstanceOfSatisfying(
                                GatewayException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL));
            }
        }
    }

    @Test
    void aStreamCutBeforeItsFinishIsAnErrorAndBehindItIsNot() throws GatewayException {
        String stream = frames(answer("{\"text\":\"ä\"}", ""), answer("{\"text\":\"b\"}", "STOP"), answer("", ""));
        int finish = stream.indexOf("\"STOP\"");
        int finished = stream.indexOf("\r\n\r\n", finish);
        for (int cut = 1; cut < stream.length(); cut++) {
            String part = stream.substring(0, cut);
            if (cut < finished) {
                assertThatThrownBy(() -> Played.answer(STREAM, part))
                        .isInstanceOfSatisfying(
                                GatewayException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL));
            } else {
                assertThat(Played.answer(STREAM, part)
                                .fold
                                .response()
                                .choices()
                                .get(0)
                                .text())
                        .isEqualTo("äb");
            }
        }
    }

    @Test
    void anErrorInTheMiddleIsThrown() {
        String error = "{\"error\":{\"code\":503,\"message\":\"overloaded\",\"status\":\"UNAVAILABLE\"}}";
        for (String sent :
                List.of(frames(answer("{\"text\":\"a\"}", ""), error), frames(error), "[" + error + "]", error)) {
            assertThatThrownBy(() -> Played.answer(STREAM, sent)).isInstanceOfSatisfying(GatewayException.class, e -> {
                assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
                assertThat(e.message()).contains("overloaded");
            });
        }
    }
}
