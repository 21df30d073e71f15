package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Answers as a client of Responses gets them, whole and streamed; and as it gives them back in its next turn. */
class ResponsesWritingTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final ChatEvent STARTED = new ChatEvent.Started("chatcmpl-1", "gpt-x", 1_700_000_001);
    private static final ChatEvent STOP = new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null);
    private static final ChatEvent FINISHED =
            new ChatEvent.Finished(Usage.of(7, 5).withCachedInput(2).withReasoning(1));

    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static ChatRequest ask(String fields) throws GatewayException {
        return Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"" + fields + "}");
    }

    /** The data of each event, after a look at how they are framed and numbered. */
    private static List<JsonNode> stream(List<ChatEvent> answer) throws GatewayException {
        ChatWriter writer = Recorder.RESPONSES.stream(ask(""), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        answer.forEach(event -> writer.event(event, out));
        writer.end(out);
        List<JsonNode> events = new ArrayList<>();
        for (String frame : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            String[] lines = frame.split("\n");
            assertThat(lines).hasSize(2);
            JsonNode event = JSON.readTree(lines[1].replaceFirst("^data: ", ""));
            assertThat(lines[0]).isEqualTo("event: " + event.path("type").asString());
            assertThat(event.path("sequence_number").asInt(-1)).isEqualTo(events.size());
            events.add(event);
        }
        return events;
    }

    private static ChatResponse fold(List<ChatEvent> answer) throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : answer) {
            fold.add(event);
        }
        return fold.response();
    }

    private static JsonNode whole(ChatRequest request, List<ChatEvent> answer) throws GatewayException {
        return JSON.readTree(StandardCharsets.UTF_8
                .decode(Recorder.RESPONSES
                        .whole(request, Recorder.served(), fold(answer))
                        .bytes())
                .toString());
    }

    private static String types(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.path("type").asString().replace("response.", ""))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aStreamTellsEveryStepOfEveryItem() throws GatewayException {
        List<JsonNode> events = stream(List.of(
                STARTED,
                new ChatEvent.ReasoningDelta(0, "hm"),
                new ChatEvent.ReasoningSignature(0, "sig"),
                new ChatEvent.TextDelta(0, "é"),
                new ChatEvent.TextDelta(0, "😀"),
                new ChatEvent.Citation(
                        0,
                        "openai",
                        new Json(
                                "{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"u\",\"title\":\"t\",\"start_index\":0,"
                                        + "\"end_index\":1}}")),
                new ChatEvent.RefusalDelta(0, "no"),
                new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
                new ChatEvent.ToolCallStart(0, 1, "c2", "g"),
                new ChatEvent.ToolCallDelta(0, 1, "{}"),
                new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
                new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
                FINISHED));

        assertThat(types(events))
                .isEqualTo("created in_progress"
                        + " output_item.added reasoning_summary_part.added reasoning_summary_text.delta"
                        + " reasoning_summary_text.done reasoning_summary_part.done output_item.done"
                        + " output_item.added content_part.added output_text.delta output_text.delta"
                        + " output_text.annotation.added output_text.done content_part.done"
                        + " content_part.added refusal.delta refusal.done content_part.done output_item.done"
                        + " output_item.added function_call_arguments.delta"
                        + " function_call_arguments.done output_item.done"
                        + " output_item.added function_call_arguments.delta"
                        + " function_call_arguments.done output_item.done completed");
        JsonNode response = events.get(events.size() - 1).path("response");
        assertThat(response.path("output").toString())
                .isEqualTo(
                        ("[{'id':'rs_K0','type':'reasoning','status':'completed','summary':[{'type':'summary_text','text':'hm'}],"
                                        + "'encrypted_content':'thanos-signed:sig'},"
                                        + "{'id':'msg_K1','type':'message','status':'completed','role':'assistant','content':["
                                        + "{'type':'output_text','text':'é😀','annotations':[{'type':'url_citation','start_index':0,"
                                        + "'end_index':1,'url':'u','title':'t'}],'logprobs':[]},{'type':'refusal','refusal':'no'}]},"
                                        + "{'id':'fc_K2','type':'function_call','status':'completed','call_id':'c1','name':'f',"
                                        + "'arguments':'{\\\"a\\\":1}'},"
                                        + "{'id':'fc_K3','type':'function_call','status':'completed','call_id':'c2','name':'g','arguments':'{}'}]")
                                .replace('\'', '"')
                                .replace("K", response.path("id").asString().substring(5)));
    }

    @Test
    void aWholeAnswerIsWhatItsTypesRequire() throws GatewayException {
        JsonNode answer = whole(
                ask(
                        ",\"instructions\":\"i\",\"temperature\":0.50,\"metadata\":{\"k\":\"v\"},\"tools\":[ {\"type\":\"function\","
                                + "\"name\":\"f\"} ],\"store\":true"),
                List.of(STARTED, new ChatEvent.TextDelta(0, "hello"), STOP, FINISHED));

        assertThat(answer.path("id").asString()).matches("resp_[0-9a-f]{32}");
        assertThat(answer.path("object").asString()).isEqualTo("response");
        assertThat(answer.path("created_at").asLong(0)).isEqualTo(1_700_000_001);
        assertThat(answer.path("model").asString()).isEqualTo("gpt-x");
        assertThat(answer.path("status").asString()).isEqualTo("completed");
        for (String nothing :
                List.of("error", "incomplete_details", "top_p", "max_output_tokens", "previous_response_id")) {
            assertThat(answer.has(nothing)).as(nothing).isTrue();
            assertThat(answer.path(nothing).isNull()).as(nothing).isTrue();
        }
        assertThat(answer.path("instructions").asString()).isEqualTo("i");
        assertThat(answer.path("temperature").toString()).isEqualTo("0.5");
        assertThat(answer.path("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
        assertThat(answer.path("tools").size()).isEqualTo(1);
        assertThat(answer.path("tool_choice").asString()).isEqualTo("auto");
        assertThat(answer.path("parallel_tool_calls").asBoolean(false)).isTrue();
        assertThat(answer.path("text").toString()).isEqualTo("{\"format\":{\"type\":\"text\"}}");
        assertThat(answer.path("store").asBoolean(true))
                .as("nothing is kept, whoever asks")
                .isFalse();
        assertThat(answer.path("usage").toString())
                .isEqualTo(
                        "{\"input_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":2,\"cache_write_tokens\":0},\"output_tokens\":5,"
                                + "\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":12}");
    }

    @Test
    void anAnswerThatWasCutIsIncompleteAndSaysWhy() throws GatewayException {
        for (FinishReason reason : List.of(FinishReason.LENGTH, FinishReason.CONTENT_FILTER)) {
            List<JsonNode> events = stream(List.of(
                    STARTED,
                    new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
                    new ChatEvent.TextDelta(0, "half"),
                    new ChatEvent.ChoiceFinished(0, reason, null),
                    new ChatEvent.Finished(null)));
            JsonNode last = events.get(events.size() - 1);

            assertThat(last.path("type").asString()).isEqualTo("response.incomplete");
            assertThat(last.path("response").path("status").asString()).isEqualTo("incomplete");
            assertThat(last.path("response")
                            .path("incomplete_details")
                            .path("reason")
                            .asString())
                    .isEqualTo(reason == FinishReason.LENGTH ? "max_output_tokens" : "content_filter");
            assertThat(last.path("response").path("usage").isNull()).isTrue();
            assertThat(last.path("response")
                            .path("output")
                            .get(0)
                            .path("status")
                            .asString())
                    .isEqualTo("completed");
            assertThat(last.path("response")
                            .path("output")
                            .get(1)
                            .path("status")
                            .asString())
                    .isEqualTo("incomplete");
        }
    }

    @Test
    void logprobsAreToldWithTheTextTheyAreAbout() throws GatewayException {
        Json token = new Json("{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":[97],\"top_logprobs\":[]}");
        List<JsonNode> events = stream(List.of(
                STARTED,
                new ChatEvent.TextDelta(0, "a"),
                new ChatEvent.Logprobs(0, List.of(token), List.of()),
                STOP,
                FINISHED));

        JsonNode done = events.stream()
                .filter(event -> event.path("type").asString().equals("response.output_text.done"))
                .findFirst()
                .orElseThrow();
        assertThat(done.path("logprobs").toString()).isEqualTo("[" + token + "]");
    }

    @Test
    void aPictureIsAnItemOfItsOwn() throws GatewayException {
        List<JsonNode> events = stream(
                List.of(STARTED, new ChatEvent.Media(0, new Part.Source.Data("image/png", "AAAA")), STOP, FINISHED));

        assertThat(types(events))
                .isEqualTo("created in_progress output_item.added image_generation_call.completed output_item.done"
                        + " completed");
        JsonNode item =
                events.get(events.size() - 1).path("response").path("output").get(0);
        assertThat(item.path("type").asString()).isEqualTo("image_generation_call");
        assertThat(item.path("result").asString()).isEqualTo("AAAA");
    }

    @Test
    void aStreamThatFailsNeverSaysItIsCompleted() throws GatewayException {
        ChatWriter writer = Recorder.RESPONSES.stream(ask(""), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(STARTED, out);
        writer.event(new ChatEvent.TextDelta(0, "half"), out);
        out.reset();
        writer.heartbeat(out);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(":").endsWith("\n\n");
        writer.fail(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "It broke."), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":5,\"message\":\"It broke.\"")
                .doesNotContain("response.completed")
                .doesNotContain("[DONE]");
    }

    /** An answer at random, in the order of the grammar, as an upstream could give it. */
    private List<ChatEvent> answer() {
        List<ChatEvent> events = new ArrayList<>(List.of(STARTED));
        int calls = 0;
        for (int steps = random.nextInt(9); steps > 0; steps--) {
            switch (random.nextInt(7)) {
                case 0 -> events.add(new ChatEvent.ReasoningDelta(0, text()));
                case 1 -> {
                    events.add(new ChatEvent.ReasoningDelta(0, text()));
                    events.add(new ChatEvent.ReasoningSignature(0, random.nextBoolean() ? "s/+=" : "gemini:AA=="));
                }
                case 2 -> events.add(new ChatEvent.RedactedReasoning(0, "hidden"));
                case 3 -> events.add(new ChatEvent.RefusalDelta(0, text()));
                case 4 -> {
                    events.add(new ChatEvent.ToolCallStart(0, calls, "call_" + calls, "f"));
                    events.add(new ChatEvent.ToolCallDelta(0, calls, text()));
                    events.add(new ChatEvent.ToolCallDelta(0, random.nextInt(++calls), text()));
                }
                case 5 -> events.add(new ChatEvent.Media(0, new Part.Source.Data("image/png", "AAAA")));
                default -> events.add(new ChatEvent.TextDelta(0, text()));
            }
        }
        FinishReason reason = FinishReason.values()[random.nextInt(FinishReason.values().length)];
        events.add(new ChatEvent.ChoiceFinished(0, reason, null));
        events.add(random.nextBoolean() ? FINISHED : new ChatEvent.Finished(null));
        return events;
    }

    private String text() {
        return List.of("", "a", "é 😀", "\"\\\n\u0001/", "line\r\n").get(random.nextInt(5));
    }

    @Test
    void aStreamEndsWithTheWholeAnswerAndItsStepsAddUpToIt() throws GatewayException {
        for (int round = 0; round < 2000; round++) {
            List<ChatEvent> answer = answer();
            String name = "seed " + seed + " round " + round + ": " + answer;
            List<JsonNode> events = stream(answer);
            JsonNode last = events.get(events.size() - 1).path("response");

            assertThat(keyless(last)).as(name).isEqualTo(keyless(whole(ask(""), answer)));
            assertThat(steps(events)).as(name).isEqualTo(last.path("output"));
        }
    }

    /** Without what is in the ids of this answer and no other. */
    private static String keyless(JsonNode response) {
        return response.toString().replace(response.path("id").asString().substring("resp_".length()), "K");
    }

    /** The output as a client gathers it: each item as it was when it was done, after its deltas are checked. */
    private static ArrayNode steps(List<JsonNode> events) {
        ArrayNode output = JSON.createArrayNode();
        List<StringBuilder> deltas = new ArrayList<>();
        for (JsonNode event : events) {
            String type = event.path("type").asString();
            int index = event.path("output_index").asInt(-1);
            if (type.endsWith("output_item.added")) {
                assertThat(index).isEqualTo(output.size());
                output.add(event.path("item"));
                deltas.add(new StringBuilder());
            } else if (type.endsWith(".delta")) {
                assertThat(event.path("item_id")).isEqualTo(output.get(index).path("id"));
                deltas.get(index).append(event.path("delta").asString());
            } else if (type.endsWith("output_item.done")) {
                output.set(index, event.path("item"));
                JsonNode item = event.path("item");
                StringBuilder said = new StringBuilder(item.path("arguments").asString(""));
                for (String parts : List.of("content", "summary")) {
                    item.path(parts)
                            .forEach(part -> said.append(part.path("text").asString(""))
                                    .append(part.path("refusal").asString("")));
                }
                assertThat(deltas.get(index).toString()).isEqualTo(said.toString());
            }
        }
        return output;
    }

    @Test
    void whatAClientGivesBackIsReadAsItWasSaid() throws GatewayException {
        for (int round = 0; round < 2000; round++) {
            List<ChatEvent> answer = answer();
            JsonNode said = whole(ask(""), answer);
            JsonNode once = JSON.readTree(keyless(said)).path("output");
            if (once.isEmpty()) {
                continue;
            }
            List<Message> back = Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\",\"input\":" + once + "}")
                    .content()
                    .messages();
            List<Part> parts =
                    back.stream().flatMap(message -> message.parts().stream()).toList();
            ChatResponse.Choice choice =
                    new ChatResponse.Choice(0, parts, FinishReason.STOP, null, List.of(), null, Map.of());
            ChatResponse read = new ChatResponse("id", "m", 1, List.of(choice), null, Map.of());
            String twice = StandardCharsets.UTF_8
                    .decode(Recorder.RESPONSES
                            .whole(ask(""), Recorder.served(), read)
                            .bytes())
                    .toString();

            assertThat(ended(JSON.readTree(keyless(JSON.readTree(twice))).path("output")))
                    .as("seed %d round %d: %s", seed, round, answer)
                    .isEqualTo(ended(once));
        }
    }

    /** As if nothing had been cut. */
    private static String ended(JsonNode output) {
        return output.toString()
                .replace("\"status\":\"incomplete\"", "\"status\":\"completed\"")
                .replace("\"arguments\":\"\"", "\"arguments\":\"{}\"");
    }

    @Test
    void whatThereIsNoWordForIsLeftOutAndCountsNobodyToldAreNone() throws GatewayException {
        List<ChatEvent> answer = List.of(
                STARTED,
                new ChatEvent.TextDelta(0, "a"),
                new ChatEvent.Citation(0, "anthropic", new Json("{\"type\":\"LOST\"}")),
                new ChatEvent.TextDelta(1, "LOST"),
                STOP,
                new ChatEvent.ChoiceFinished(1, FinishReason.LENGTH, null),
                new ChatEvent.Finished(Usage.of(-1, 5)));

        JsonNode whole = whole(ask(""), answer);
        List<JsonNode> events = stream(answer);
        assertThat(whole.path("usage").path("input_tokens").asInt(-1)).isZero();
        assertThat(whole.toString()).contains("\"completed\"").doesNotContain("LOST");
        assertThat(events.toString()).contains("response.completed").doesNotContain("LOST");
    }

    @Test
    void allOfTheOutputIsKeptAndCounted() throws GatewayException {
        ChatWriter writer = Recorder.RESPONSES.stream(ask(""), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(STARTED, out);
        writer.event(new ChatEvent.TextDelta(0, "x".repeat(1000)), out);
        assertThat(writer.kept()).isEqualTo(16 * 1000);
        writer.event(new ChatEvent.TextDelta(0, "中"), out);
        assertThat(writer.kept()).isEqualTo(16 * 2002);
        writer.event(new ChatEvent.ToolCallStart(0, 0, "a", "f"), out);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "{}"), out);
        assertThat(writer.kept()).isEqualTo(16 * 2004);
    }
}
