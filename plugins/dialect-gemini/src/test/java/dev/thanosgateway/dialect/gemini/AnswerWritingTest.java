package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ValueNode;

class AnswerWritingTest {
    private static final List<ChatEvent> ANSWER = List.of(
            new ChatEvent.Started("id-1", "gpt", 5),
            new ChatEvent.ReasoningDelta(0, "hm"),
            new ChatEvent.ReasoningSignature(0, "gemini:c2ln"),
            new ChatEvent.TextDelta(0, "é"),
            new ChatEvent.ToolCallStart(0, 0, "a", "f"),
            new ChatEvent.ToolCallStart(0, 1, "b", "g"),
            new ChatEvent.ToolCallDelta(0, 1, "{\"x\""),
            new ChatEvent.ToolCallDelta(0, 0, ""),
            new ChatEvent.ToolCallDelta(0, 1, ":1.50}"),
            new ChatEvent.Citation(
                    0,
                    "openai",
                    new Json("{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":0,"
                            + "\"end_index\":1,\"url\":\"https://e.com\",\"title\":\"E\"}}")),
            new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
            new ChatEvent.Finished(Usage.of(7, 5).withReasoning(2).withCachedInput(1)));

    private static final String PARTS =
            "{\"text\":\"hm\",\"thought\":true},{\"text\":\"é\",\"thoughtSignature\":\"c2ln\"},"
                    + "{\"functionCall\":{\"id\":\"a\",\"name\":\"f\",\"args\":{}}},"
                    + "{\"functionCall\":{\"id\":\"b\",\"name\":\"g\",\"args\":{\"x\":1.50}}}";
    private static final String END =
            "\"finishReason\":\"STOP\",\"index\":0,\"citationMetadata\":{\"citationSources\":["
                    + "{\"startIndex\":0,\"endIndex\":2,\"uri\":\"https://e.com\",\"title\":\"E\"}]}}],\"usageMetadata\":"
                    + "{\"promptTokenCount\":7,\"candidatesTokenCount\":3,\"totalTokenCount\":12,\"cachedContentTokenCount\":1,"
                    + "\"thoughtsTokenCount\":2},\"modelVersion\":\"gpt\",\"responseId\":\"id-1\"}";

    private static JsonNode whole(List<ChatEvent> events) throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            fold.add(event);
        }
        return AnswerWriter.whole(fold.response(), Played.served());
    }

    @Test
    void argumentsAreOneNodeHoweverManyValuesTheyHave() throws GatewayException {
        String arguments = "{\"a\":[" + "[],".repeat(1000) + "1.50],\"a\":2}";
        assertThat(Trees.object(arguments)).isInstanceOf(ValueNode.class);
        List<ChatEvent> answer = List.of(
                new ChatEvent.Started("id-1", "gpt", 5),
                new ChatEvent.ToolCallStart(0, 0, "a", "f"),
                new ChatEvent.ToolCallDelta(0, 0, "\n" + arguments),
                new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
                new ChatEvent.Finished(null));
        assertThat(Trees.text(whole(answer))).contains("\"args\":" + arguments + "}");
        assertThat(Played.written(false, answer)).contains("\"args\":" + arguments + "}");
    }

    @Test
    void onlyWhatIsToBeWrittenLaterIsKept() {
        ChatWriter writer = new StreamWriter(Played.served(), false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(new ChatEvent.Started("id-1", "gpt", 5), out);
        writer.event(new ChatEvent.TextDelta(0, "x".repeat(100_000)), out);
        assertThat(writer.kept()).isZero();
        writer.event(new ChatEvent.ToolCallStart(0, 0, "a", "f"), out);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "{\"a\":\"" + "x".repeat(100_000)), out);
        assertThat(writer.kept()).isBetween(1_000_000L, 1_100_000L);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "中\"}"), out);
        assertThat(writer.kept()).isBetween(2_000_000L, 2_200_000L);
        writer.event(new ChatEvent.TextDelta(0, "done"), out);
        assertThat(writer.kept()).isZero();
    }

    @Test
    void aWholeAnswerHasGooglesShape() throws GatewayException {
        assertThat(whole(ANSWER).toString())
                .isEqualTo("{\"candidates\":[{\"content\":{\"parts\":[" + PARTS + "],\"role\":\"model\"}," + END);
    }

    @Test
    void theSameAsAStreamAddsUpAndEndsWithFinishAndUsage() {
        String events = Played.written(false, ANSWER);
        JsonNode pieces = Trees.read(Played.written(true, ANSWER));
        StringBuilder parts = new StringBuilder();
        StringBuilder asEvents = new StringBuilder();
        for (JsonNode piece : pieces) {
            for (JsonNode part :
                    piece.path("candidates").path(0).path("content").path("parts")) {
                parts.append(parts.isEmpty() ? "" : ",").append(part);
            }
            asEvents.append("data: ").append(piece).append("\r\n\r\n");
        }

        assertThat(parts.toString()).isEqualTo(PARTS);
        assertThat(events).isEqualTo(asEvents.toString());
        assertThat(pieces.get(pieces.size() - 1).toString()).endsWith("," + END);
        assertThat(pieces.toString()).containsOnlyOnce("finishReason").containsOnlyOnce("usageMetadata");
    }

    @Test
    void aSignatureWithNothingBehindItStandsOnAnEmptyText() throws GatewayException {
        List<ChatEvent> events = List.of(
                new ChatEvent.Started(null, null, 0),
                new ChatEvent.TextDelta(0, "t"),
                new ChatEvent.ReasoningSignature(0, "gemini:c2ln"),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(null));

        assertThat(whole(events).toString())
                .isEqualTo(
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"t\"},{\"text\":\"\",\"thoughtSignature\":"
                                + "\"c2ln\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
                                + "\"modelVersion\":\"gpt-4o-mini\",\"responseId\":\"req-1\"}");
        assertThat(Played.written(true, events)).contains("{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}");
    }

    @Test
    void argumentsThatAreNoObjectAreAMalformedCall() throws GatewayException {
        for (FinishReason reason : List.of(FinishReason.TOOL_CALLS, FinishReason.LENGTH)) {
            List<ChatEvent> events = List.of(
                    new ChatEvent.Started(null, null, 0),
                    new ChatEvent.ToolCallStart(0, 0, "a", "f"),
                    new ChatEvent.ToolCallDelta(0, 0, "{\"x"),
                    new ChatEvent.ChoiceFinished(0, reason, null),
                    new ChatEvent.Finished(null));
            String expected = reason == FinishReason.LENGTH ? "MAX_TOKENS" : "MALFORMED_FUNCTION_CALL";
            assertThat(whole(events)
                            .path("candidates")
                            .path(0)
                            .path("finishReason")
                            .asString())
                    .isEqualTo(expected);
            assertThat(Played.written(false, events)).contains(expected).doesNotContain("functionCall\"");
        }
    }

    @Test
    void aFailedStreamEndsWithTheErrorAndAnArrayIsClosed() {
        for (boolean array : new boolean[] {false, true}) {
            ChatWriter writer = new StreamWriter(Played.served(), array);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            writer.event(new ChatEvent.Started(null, null, 0), out);
            writer.event(new ChatEvent.TextDelta(0, "half"), out);
            writer.heartbeat(out);
            writer.fail(new GatewayException(ErrorKind.UPSTREAM_LIMITED, "Slow \"down\".").withRetryAfter("7"), out);
            String sent = out.toString(StandardCharsets.UTF_8);
            List<JsonNode> pieces = new ArrayList<>();
            if (array) {
                Trees.read(sent).forEach(pieces::add);
            } else {
                sent.lines()
                        .filter(line -> line.startsWith("data: "))
                        .forEach(line -> pieces.add(Trees.read(line.substring(6))));
            }
            assertThat(pieces).hasSize(2);
            assertThat(pieces.get(1).path("error").path("code").asInt()).isEqualTo(429);
            assertThat(pieces.get(1).path("error").path("status").asString()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(sent).contains("\"retryDelay\":\"7s\"").doesNotContain("finishReason");
        }
    }

    @Test
    void anErrorNamesTheFieldAndHasTheStatusOfItsKind() {
        JsonNode error = Trees.read(ErrorJson.write(
                        new GatewayException(ErrorKind.INVALID_REQUEST, "Bad.").withParameter("contents[0]")))
                .path("error");

        assertThat(error.path("status").asString()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.path("details").toString()).contains("\"field\":\"contents[0]\"");
        for (ErrorKind kind : ErrorKind.values()) {
            assertThat(ErrorJson.write(new GatewayException(kind, "x"))).contains("\"code\":" + kind.httpStatus());
        }
    }

    @Test
    void modelsAreListedAsGoogleDoes() {
        Model model = Model.builder("m").contextLength(10).maxOutput(5).build();
        String json = StandardCharsets.UTF_8
                .decode(ModelJson.list(List.of(new ModelCard("p/m", "p", model)))
                        .bytes())
                .toString();

        assertThat(json)
                .isEqualTo(
                        "{\"models\":[{\"name\":\"models/p/m\",\"version\":\"\",\"displayName\":\"m\",\"description\":"
                                + "\"Served by p\",\"inputTokenLimit\":10,\"outputTokenLimit\":5,\"supportedGenerationMethods\":"
                                + "[\"generateContent\",\"streamGenerateContent\",\"countTokens\"]}]}");
    }
}
