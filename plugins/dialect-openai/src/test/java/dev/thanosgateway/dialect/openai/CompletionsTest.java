package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.Meaning;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Legacy completions: asked as chats, and relayed. */
class CompletionsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Quirks QUIRKS = Quirks.NONE.withCompletions(true);
    private static final String FIRST = chunk(0, "é😀 \\u00e9", "null");
    private static final String STOP = chunk(0, "", "\"stop\"");
    private static final String USAGE =
            "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String chunk(int index, String text, String finish) {
        return "data: {\"id\":\"c\",\"object\":\"text_completion\",\"x\":[1.0],\"choices\":[{\"text\":\"" + text
                + "\",\"index\":" + index + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static ChatRequest read(String fields) throws GatewayException {
        return Recorder.read(Recorder.COMPLETIONS, "{\"model\":\"m\"," + fields + "}");
    }

    private static Recorder<ChatEvent> relay(ChatRequest request, Headers headers, byte[] answer, int size)
            throws GatewayException {
        return Recorder.answer(new Recorder<>(), request, QUIRKS, headers, answer, size);
    }

    private static Recorder<ChatEvent> stream(String fields, String... events) throws GatewayException {
        return relay(read(fields + ",\"stream\":true"), Recorder.SSE, Recorder.utf8(String.join("", events)), 1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"prompt\":\"é\" | \"max_completion_tokens\":16",
                "\"prompt\":[\"é\"],\"max_tokens\":9 | \"max_completion_tokens\":9",
                "\"prompt\":\"é\",\"max_tokens\":null,\"n\":2,\"best_of\":2,\"stop\":\"x\",\"suffix\":\"\",\"echo\":true | \"n\":2,\"max_completion_tokens\":16,\"stop\":[\"x\"]",
                "\"prompt\":\"é\",\"max_tokens\":9,\"logprobs\":0,\"user\":\"u\" | \"max_completion_tokens\":9,\"logprobs\":true,\"user\":\"u\"",
                "\"prompt\":\"é\",\"max_tokens\":9,\"logprobs\":2,\"stop\":[\"a\",\"b\"] | \"max_completion_tokens\":9,\"stop\":[\"a\",\"b\"],\"logprobs\":true,\"top_logprobs\":2",
                "\"prompt\":\"é\",\"max_tokens\":9,\"temperature\":0.7,\"top_p\":1,\"presence_penalty\":-1,\"frequency_penalty\":0.5,\"seed\":-3,\"logit_bias\":{\"50256\":-100} | \"max_completion_tokens\":9,\"temperature\":0.7,\"top_p\":1,\"presence_penalty\":-1,\"frequency_penalty\":0.5,\"seed\":-3,\"logit_bias\":{\"50256\":-100}",
            })
    void aPromptIsAUsersMessage(String fields, String sent) throws GatewayException {
        assertThat(Recorder.sent(read(fields)))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"é\"}]," + sent + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"prompt\":[1,2] | prompt",
                "\"prompt\":[[1],[2]] | prompt",
                "\"prompt\":[\"a\",\"b\"] | prompt",
                "\"prompt\":\"a\",\"best_of\":3,\"n\":2 | best_of",
                "\"prompt\":\"a\",\"echo\":true,\"logprobs\":1 | logprobs",
                "\"prompt\":\"a\",\"max_tokens\":0 | max_tokens",
                "\"prompt\":\"a\",\"suffix\":\"b\" | suffix",
            })
    void whatNoChatHasAWordForIsRefusedByName(String fields, String field) throws GatewayException {
        ChatRequest request = read(fields);
        GatewayException refused = catchThrowableOfType(
                GatewayException.class,
                () -> OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call());

        assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(refused.message()).contains(field);
        assertThat(Recorder.sent(request, QUIRKS))
                .as("where completions are relayed it is not ours to refuse")
                .isEqualTo("{\"model\":\"m\"," + fields + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"n\":1 | prompt",
                "\"prompt\":{} | prompt",
                "\"prompt\":[] | prompt",
                "\"prompt\":[\"a\",1] | prompt[1]",
                "\"prompt\":[1.5] | prompt[0]",
                "\"prompt\":\"a\",\"n\":0 | n",
                "\"prompt\":\"a\",\"echo\":1 | echo",
                "\"prompt\":\"a\",\"logprobs\":true | logprobs",
                "\"prompt\":\"a\",\"max_tokens\":-1 | max_tokens",
            })
    void aMistakeNamesItsField(String fields, String field) {
        GatewayException refused =
                catchThrowableOfType(GatewayException.class, () -> read(fields).content());

        assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(refused.parameter()).isEqualTo(field);
    }

    @Test
    void theGatewaysOwnEchoIsAnObjectAndTheLanguagesIsNot() throws GatewayException {
        ChatRequest both = read("\"prompt\":\"a\",\"echo\":{\"delay_ms\":1},\"tags\":[]");

        assertThat(both.extensions()).containsOnlyKeys("echo", "tags");
        assertThat(Recorder.sent(both, QUIRKS)).isEqualTo("{\"model\":\"m\",\"prompt\":\"a\"}");
        assertThat(read("\"prompt\":\"a\",\"echo\":true").extensions()).isEmpty();
    }

    @Test
    void aRelayedStreamComesThroughByteForByteHoweverItIsSliced() throws GatewayException {
        String all = FIRST + chunk(0, "", "null") + STOP;
        byte[] bytes = Recorder.utf8(all + DONE);
        for (int size = 1; size <= bytes.length; size++) {
            Recorder<ChatEvent> out = relay(read("\"prompt\":\"a\",\"stream\":true"), Recorder.SSE, bytes, size);
            assertThat(out.text()).as("slices of %d", size).isEqualTo(all);
            assertThat(out.meanings.subList(0, 3)).containsExactly(Meaning.CONTENT, Meaning.PRELUDE, Meaning.FINISH);
        }
    }

    @Test
    void aRelayedAnswerIsFinishedWithTheLastOfAllPrompts() throws GatewayException {
        String fields = "\"prompt\":[\"a\",\"b\"],\"n\":2,\"stream_options\":{\"include_usage\":true}";
        Recorder<ChatEvent> out = stream(
                fields,
                chunk(0, "x", "\"stop\""),
                chunk(3, "x", "\"length\""),
                chunk(1, "x", "\"stop\""),
                chunk(2, "x", "\"stop\""),
                USAGE,
                DONE);

        assertThat(out.meanings.stream().map(Meaning::finish).toList().subList(0, 4))
                .containsExactly(false, false, false, true);
        assertThat(out.text()).endsWith(USAGE);
        assertThat(out.usage).isEqualTo(Usage.of(3, 4));
        assertThat(stream("\"prompt\":\"a\"", FIRST, STOP, USAGE, DONE).text())
                .as("usage nobody asked for")
                .isEqualTo(FIRST + STOP);
    }

    @Test
    void aRelayedAnswerThatEndsEarlyIsNeverComplete() throws GatewayException {
        byte[] bytes = Recorder.utf8(FIRST + STOP);
        int whole = Recorder.utf8(FIRST + STOP.strip()).length;
        for (int cut = 0; cut < whole; cut++) {
            byte[] shorter = Arrays.copyOf(bytes, cut);
            ChatRequest request = read("\"prompt\":\"a\",\"stream\":true");
            GatewayException failed =
                    catchThrowableOfType(GatewayException.class, () -> relay(request, Recorder.SSE, shorter, 1 << 20));
            assertThat(failed).as("cut at %d", cut).isNotNull();
            assertThat(failed.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
        GatewayException failed = catchThrowableOfType(
                GatewayException.class,
                () -> stream(
                        "\"prompt\":\"a\"",
                        FIRST,
                        "data: {\"error\":{\"message\":\"oh\",\"type\":\"server_error\"}}\n\n"));
        assertThat(failed.kind()).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void aRelayedWholeAnswerIsPassedOnAsItIs() throws GatewayException {
        String answer =
                "{ \"object\":\"text_completion\",\"choices\":[ {\"text\":\"\",\"index\":0,\"logprobs\":{\"tokens\":[]},"
                        + "\"finish_reason\":\"length\"} ],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}";
        for (int size = 1; size <= answer.length(); size++) {
            Recorder<ChatEvent> out = relay(read("\"prompt\":\"a\""), Recorder.JSON, Recorder.utf8(answer), size);
            assertThat(out.text()).isEqualTo(answer);
            assertThat(out.finishTold()).isTrue();
            assertThat(out.usage).isEqualTo(Usage.of(3, 4));
        }
    }

    @Test
    void anAnswerWithoutAReasonIsCompleteByItsEndAndAFailedOneIsNot() throws GatewayException {
        String chunk = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"text\":\"x\"}]}\n\n";
        ChatRequest stream = read("\"prompt\":\"a\",\"stream\":true");

        assertThat(relay(stream, Recorder.SSE, Recorder.utf8(chunk + "data: [DONE]\n\n"), 5)
                        .text())
                .isEqualTo(chunk + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"text\":\"\",\"logprobs\":null,"
                        + "\"finish_reason\":\"stop\"}]}\n\n");
        assertThat(relay(read("\"prompt\":\"a\""), Recorder.JSON, Recorder.utf8("{\"choices\":[{\"text\":\"x\"}]}"), 5)
                        .text())
                .isEqualTo("{\"choices\":[{\"finish_reason\":\"stop\",\"text\":\"x\"}]}");
        String failed = "{\"choices\":[{\"text\":\"\",\"finish_reason\":\"error\",\"error\":{\"message\":\"down\"}}]}";
        assertThat(catchThrowableOfType(
                                GatewayException.class,
                                () -> relay(read("\"prompt\":\"a\""), Recorder.JSON, Recorder.utf8(failed), 5))
                        .kind())
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "{}",
                "{\"choices\":[]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[{\"text\":\"\"}]}"
            })
    void aWholeAnswerThatIsNoneIsTheUpstreamsFault(String answer) throws GatewayException {
        for (String stream : List.of("", ",\"stream\":true")) {
            ChatRequest request = read("\"prompt\":\"a\"" + stream);
            assertThat(catchThrowableOfType(
                                    GatewayException.class,
                                    () -> relay(request, Recorder.JSON, Recorder.utf8(answer), 5))
                            .kind())
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    private static final Json TOKEN = new Json(
            "{\"token\":\"ab\",\"logprob\":-0.5,\"bytes\":[97],\"top_logprobs\":[{\"token\":\"ab\",\"logprob\":-0.5},"
                    + "{\"token\":\"c\",\"logprob\":-2}]}");

    private static JsonNode whole(ChatRequest request, List<ChatEvent> answer) throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : answer) {
            fold.add(event);
        }
        return JSON.readTree(StandardCharsets.UTF_8
                .decode(Recorder.COMPLETIONS
                        .whole(request, Recorder.served(), fold.response())
                        .bytes())
                .toString());
    }

    @Test
    void aWholeAnswerHasItsTextTokensAndUsage() throws GatewayException {
        List<ChatEvent> answer = List.of(
                new ChatEvent.Started(null, null, 0),
                new ChatEvent.ReasoningDelta(0, "not shown"),
                new ChatEvent.TextDelta(0, "abab"),
                new ChatEvent.Logprobs(0, List.of(TOKEN, TOKEN), List.of()),
                new ChatEvent.ChoiceFinished(0, FinishReason.LENGTH, null),
                new ChatEvent.Finished(Usage.of(3, 4)));

        assertThat(whole(read("\"prompt\":\"a\""), answer).toString())
                .isEqualTo(
                        "{\"id\":\"cmpl-req-1\",\"object\":\"text_completion\",\"created\":1700000000,\"model\":\"gpt-4o-mini\","
                                + "\"choices\":[{\"text\":\"abab\",\"index\":0,\"logprobs\":{\"tokens\":[\"ab\",\"ab\"],\"token_logprobs\":"
                                + "[-0.5,-0.5],\"top_logprobs\":[{\"ab\":-0.5,\"c\":-2},{\"ab\":-0.5,\"c\":-2}],\"text_offset\":[0,2]},"
                                + "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}");
        assertThat(whole(read("\"prompt\":\"p: \",\"echo\":true"), answer)
                        .path("choices")
                        .get(0)
                        .path("text")
                        .asString())
                .isEqualTo("p: abab");
    }

    @Test
    void theChunksOfAStreamAddUpToTheWholeAnswer() throws GatewayException {
        long seed = Long.getLong("thanos.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            ChatRequest request = read("\"prompt\":\"p\",\"n\":2,\"stream\":true"
                    + (random.nextBoolean() ? ",\"echo\":true" : "")
                    + (random.nextBoolean() ? ",\"stream_options\":{\"include_usage\":true}" : ""));
            List<ChatEvent> answer = new ArrayList<>(List.of(new ChatEvent.Started("id", "gpt", 5)));
            for (int step = random.nextInt(6); step > 0; step--) {
                int choice = random.nextInt(2);
                answer.add(new ChatEvent.TextDelta(
                        choice, List.of("", "é😀", "\n\"").get(random.nextInt(3))));
                if (random.nextBoolean()) {
                    answer.add(new ChatEvent.Logprobs(choice, List.of(TOKEN), List.of()));
                }
            }
            answer.add(new ChatEvent.ChoiceFinished(1, FinishReason.STOP, null));
            answer.add(new ChatEvent.ChoiceFinished(0, FinishReason.CONTENT_FILTER, null));
            answer.add(new ChatEvent.Finished(Usage.of(1, 2)));
            ChatWriter writer = Recorder.COMPLETIONS.stream(request, Recorder.served());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            answer.forEach(event -> writer.event(event, out));
            writer.end(out);

            JsonNode whole = whole(request, answer);
            String streamed = out.toString(StandardCharsets.UTF_8);
            assertThat(streamed).endsWith(DONE);
            assertThat(gathered(streamed))
                    .as("seed %d round %d: %s", seed, round, answer)
                    .isEqualTo(gathered(whole));
            assertThat(streamed.contains("\"usage\"")).isEqualTo(request.streamUsage());
        }
    }

    private static String gathered(String stream) {
        StringBuilder[] said = nothing();
        for (String frame : stream.replace(DONE, "").split("\n\n")) {
            JSON.readTree(frame.substring(6)).path("choices").forEach(choice -> gather(choice, said));
        }
        return String.join("|", said);
    }

    private static String gathered(JsonNode whole) {
        StringBuilder[] said = nothing();
        whole.path("choices").forEach(choice -> gather(choice, said));
        return String.join("|", said);
    }

    /** Of two choices the text, the tokens, where they stand, and why the choice ended. */
    private static StringBuilder[] nothing() {
        return Stream.generate(StringBuilder::new).limit(8).toArray(StringBuilder[]::new);
    }

    private static void gather(JsonNode choice, StringBuilder[] said) {
        int first = choice.path("index").asInt(-1) * 4;
        said[first].append(choice.path("text").asString());
        JsonNode tokens = choice.path("logprobs");
        tokens.path("tokens").forEach(one -> said[first + 1].append(one).append(','));
        tokens.path("text_offset").forEach(one -> said[first + 2].append(one).append(','));
        said[first + 3].append(choice.path("finish_reason").asString(""));
    }
}
