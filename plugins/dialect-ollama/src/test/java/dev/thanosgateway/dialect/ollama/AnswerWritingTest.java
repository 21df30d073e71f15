package dev.thanosgateway.dialect.ollama;

import static dev.thanosgateway.dialect.ollama.Recorder.CHAT;
import static dev.thanosgateway.dialect.ollama.Recorder.GENERATE;
import static dev.thanosgateway.dialect.ollama.Recorder.chat;
import static dev.thanosgateway.dialect.ollama.Recorder.generate;
import static dev.thanosgateway.dialect.ollama.Recorder.served;
import static dev.thanosgateway.dialect.ollama.Recorder.timeless;
import static dev.thanosgateway.dialect.ollama.Recorder.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an Ollama client is told of an answer that came in another language. */
class AnswerWritingTest {
    private static final ChatEvent[] EVENTS = {
        new ChatEvent.Started("id", "gpt", 5),
        new ChatEvent.ReasoningDelta(0, "hm"),
        new ChatEvent.TextDelta(0, "Zürich 🏔\n"),
        new ChatEvent.Logprobs(0, List.of(new Json("{\"token\":\"Z\",\n\"logprob\":-1}")), List.of()),
        new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
        new ChatEvent.ToolCallStart(0, 1, "c2", "g"),
        new ChatEvent.ToolCallDelta(0, 0, "{\"a\":\n"),
        new ChatEvent.ToolCallDelta(0, 0, "1.50}"),
        new ChatEvent.Heartbeat(),
        new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
        new ChatEvent.Finished(Usage.of(3, 7))
    };

    private final ChatRequest chat = chat("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}");
    private final ChatRequest generate = generate("{\"model\":\"m\",\"prompt\":\"p\"}");

    AnswerWritingTest() throws GatewayException {}

    @Test
    void aStreamIsOneJsonValueALineAndTheLastOneTellsTheCounts() {
        String head = "{\"model\":\"gpt\",\"created_at\":T,\"message\":{\"role\":\"assistant\",\"content\":";

        assertThat(timeless(written(CHAT, chat, EVENTS)).lines())
                .containsExactly(
                        head + "\"\",\"thinking\":\"hm\"},\"done\":false}",
                        head + "\"Zürich 🏔\\n\"},\"done\":false}",
                        head + "\"\"},\"logprobs\":[{\"token\":\"Z\", \"logprob\":-1}],\"done\":false}",
                        head + "\"\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"index\":0,\"name\":\"f\","
                                + "\"arguments\":{\"a\": 1.50}}},{\"id\":\"c2\",\"function\":{\"index\":1,\"name\":\"g\","
                                + "\"arguments\":{}}}]},\"done\":false}",
                        head + "\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":0,\"load_duration\":0,"
                                + "\"prompt_eval_count\":3,\"prompt_eval_duration\":0,\"eval_count\":7,\"eval_duration\":0}");
    }

    @Test
    void aGenerationHasItsTextInResponse() {
        assertThat(timeless(written(
                                GENERATE,
                                generate,
                                new ChatEvent.Started(null, null, 0),
                                new ChatEvent.TextDelta(0, "x"),
                                new ChatEvent.ChoiceFinished(0, FinishReason.LENGTH, null),
                                new ChatEvent.Finished(null)))
                        .lines())
                .containsExactly(
                        "{\"model\":\"gpt-4o-mini\",\"created_at\":T,\"response\":\"x\",\"done\":false}",
                        "{\"model\":\"gpt-4o-mini\",\"created_at\":T,\"response\":\"\",\"done\":true,\"done_reason\":\"length\","
                                + "\"total_duration\":0,\"load_duration\":0,\"prompt_eval_duration\":0,\"eval_duration\":0}");
    }

    @Test
    void aWholeAnswerSaysWhatTheStreamDoes() throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : EVENTS) {
            fold.add(event);
        }
        HttpBody body = CHAT.whole(chat, served(), fold.response());

        assertThat(timeless(Recorder.text(body)))
                .isEqualTo(
                        "{\"model\":\"gpt\",\"created_at\":T,\"message\":{\"role\":\"assistant\",\"content\":\"Zürich 🏔\\n\","
                                + "\"thinking\":\"hm\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"index\":0,\"name\":\"f\","
                                + "\"arguments\":{\"a\":\n1.50}}},{\"id\":\"c2\",\"function\":{\"index\":1,\"name\":\"g\",\"arguments\":{}}}]},"
                                + "\"logprobs\":[{\"token\":\"Z\",\n\"logprob\":-1}],\"done\":true,\"done_reason\":\"stop\","
                                + "\"total_duration\":0,\"load_duration\":0,\"prompt_eval_count\":3,\"prompt_eval_duration\":0,"
                                + "\"eval_count\":7,\"eval_duration\":0}");
    }

    @Test
    void aCallThisLanguageCannotSayIsAnErrorAndNotDone() throws GatewayException {
        ChatEvent[] events = {
            new ChatEvent.Started(null, null, 0),
            new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
            new ChatEvent.ToolCallDelta(0, 0, "{\"cut"),
            new ChatEvent.ChoiceFinished(0, FinishReason.LENGTH, null),
            new ChatEvent.Finished(null)
        };
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            fold.add(event);
        }

        assertThat(written(CHAT, chat, events)).startsWith("{\"error\":\"").doesNotContain("done");
        assertThat(CHAT.whole(chat, served(), fold.response()).status()).isEqualTo(502);
    }

    @Test
    void aFailureEndsTheStreamAndNothingSaysItIsDone() {
        ChatWriter writer = CHAT.stream(chat, served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.heartbeat(out);
        assertThat(out.size()).isZero();
        writer.fail(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "it \"broke\""), out);
        writer.end(out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"error\":\"it \\\"broke\\\"\"}\n");
    }

    @Test
    void framesOfARelayAreLeftAloneAndHaveTheirOwnEnd() {
        ChatWriter writer = CHAT.stream(chat, served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.frames(ByteBuffer.wrap(Recorder.utf8("{\"done\":true}\n")).asReadOnlyBuffer(), out);
        writer.end(out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"done\":true}\n");
    }

    @Test
    void anErrorBeforeTheAnswerHasTheStatusOfItsKind() {
        HttpBody body = new OllamaDialect().error(new GatewayException(ErrorKind.MODEL_NOT_FOUND, "no such"), "r");

        assertThat(body.status()).isEqualTo(404);
        assertThat(Recorder.text(body)).isEqualTo("{\"error\":\"no such\"}");
    }

    @Test
    void modelsAreListedByTheNamesThatCanBeAskedFor() {
        ModelCard card = new ModelCard(
                "openai/gpt",
                "openai",
                Model.builder("gpt").contextLength(9).created(60).build());
        String list = Recorder.text(ModelJson.list(List.of(card)));

        assertThat(list)
                .contains("\"name\":\"openai/gpt\",\"model\":\"openai/gpt\",\"modified_at\":\"1970-01-01T00:01:00Z\"")
                .containsPattern("\"digest\":\"[0-9a-f]{64}\"")
                .contains("\"capabilities\":[\"completion\",\"tools\",\"vision\"]");
        assertThat(Recorder.text(ModelJson.show(card))).contains("\"openai.context_length\":9");
    }

    @Test
    void knownAbilitiesAreAllThatAreListed() {
        Model model = Model.builder("m")
                .capabilities(Set.of("streaming", "reasoning"))
                .build();

        assertThat(Recorder.text(ModelJson.show(new ModelCard("a/m", "a", model))))
                .contains("\"capabilities\":[\"completion\",\"thinking\"]");
    }

    @Test
    void aModelIsShownByItsNameInEitherField() throws GatewayException {
        ShowEndpoint show = new ShowEndpoint();

        assertThat(show.names(Recorder.incoming(Recorder.utf8("{\"model\":\"a/b\",\"name\":\"\"}"))))
                .containsExactly("a/b", "a/b:latest");
        assertThat(show.names(Recorder.incoming(Recorder.utf8("{\"name\":\"a/b:latest\"}"))))
                .containsExactly("a/b:latest", "a/b");
    }

    @Test
    void whereNothingWasAskedTheAnswerSaysThatTheModelIsReadyOrGone() throws GatewayException {
        ChatEvent[] silence = {
            new ChatEvent.Started(null, null, 0),
            new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
            new ChatEvent.Finished(null)
        };
        ChatRequest load = generate("{\"model\":\"m\",\"prompt\":\"\",\"keep_alive\":\"5m\"}");
        assertThat(load.warmUp()).isTrue();
        assertThat(timeless(written(GENERATE, load, silence)))
                .isEqualTo("{\"model\":\"gpt-4o-mini\",\"created_at\":T,\"response\":\"\",\"done\":true,"
                        + "\"done_reason\":\"load\"}\n");

        ChatFold fold = new ChatFold();
        for (ChatEvent event : silence) {
            fold.add(event);
        }
        for (String none : List.of("0", "\"0\"", "\"0s\"")) {
            ChatRequest unload = chat("{\"model\":\"m\",\"messages\":[],\"keep_alive\":" + none + "}");
            ByteBuffer body = CHAT.whole(unload, served(), fold.response()).bytes();
            assertThat(timeless(StandardCharsets.UTF_8.decode(body).toString()))
                    .isEqualTo("{\"model\":\"gpt-4o-mini\",\"created_at\":T,\"message\":{\"role\":\"assistant\","
                            + "\"content\":\"\"},\"done\":true,\"done_reason\":\"unload\"}");
        }
        assertThat(generate("{\"model\":\"m\",\"images\":[\"iVBORw0KGgo=\"]}").warmUp())
                .isFalse();
        assertThat(chat.warmUp()).isFalse();
    }

    @Test
    void anAnswerThatWasFilteredSaysSoAndARefusalIsText() {
        assertThat(written(
                        CHAT,
                        chat,
                        new ChatEvent.Started("id", "gpt", 5),
                        new ChatEvent.RefusalDelta(0, "No."),
                        new ChatEvent.ReasoningSignature(0, "sig"),
                        new ChatEvent.ChoiceFinished(0, FinishReason.CONTENT_FILTER, null),
                        new ChatEvent.Finished(Usage.of(3, 7).withCachedInput(2).withReasoning(4))))
                .contains("\"content\":\"No.\"", "\"done_reason\":\"content_filter\"", "\"thanos-signed:sig\"")
                .doesNotContain("cached");
    }

    @Test
    void argumentsCountAsLongAsTheyAreKept() throws GatewayException {
        ChatWriter writer = CHAT.stream(chat("{\"model\":\"m\",\"messages\":[]}"), served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(new ChatEvent.TextDelta(0, "x".repeat(1000)), out);
        assertThat(writer.kept()).isZero();
        writer.event(new ChatEvent.ToolCallStart(0, 0, "a", "f"), out);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "{\"a\":[" + "[],".repeat(1000)), out);
        assertThat(writer.kept()).isEqualTo(10 * 3006);
        writer.event(new ChatEvent.ToolCallDelta(0, 0, "1]}"), out);
        writer.event(new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null), out);
        assertThat(writer.kept()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("[],1]}");
    }
}
