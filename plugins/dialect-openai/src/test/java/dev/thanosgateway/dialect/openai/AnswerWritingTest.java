package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.provider.Model;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerWritingTest {
    private static final List<ChatEvent> ANSWER = List.of(
            new ChatEvent.Started("up-1", "gpt-x", 5),
            new ChatEvent.ReasoningDelta(0, "hm"),
            new ChatEvent.TextDelta(0, "\"é\"\n\ud83d"),
            new ChatEvent.ToolCallStart(0, 0, "c1", "f"),
            new ChatEvent.ToolCallDelta(0, 0, "{}"),
            new ChatEvent.Heartbeat(),
            new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
            new ChatEvent.Finished(Usage.of(3, 4).withReasoning(1)));

    private static String head(String id, long created, String model) {
        return "data: {\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":" + created
                + ",\"model\":\"" + model + "\",\"choices\":[";
    }

    private static String delta(String delta, String finish, String usage) {
        return head("up-1", 5, "gpt-x") + "{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]"
                + usage + "}\n\n";
    }

    private static String written(ChatRequest request, List<ChatEvent> events) {
        ChatWriter writer = Recorder.CHAT_COMPLETIONS.stream(request, Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        events.forEach(e -> writer.event(e, out));
        writer.end(out);
        assertThat(writer.contentType()).isEqualTo("text/event-stream");
        return out.toString(StandardCharsets.UTF_8);
    }

    private static ChatRequest asking(String more) throws GatewayException {
        return Recorder.read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]" + more + "}");
    }

    @Test
    void aStreamIsWrittenAsOpenAiWritesIt() throws GatewayException {
        assertThat(written(asking(",\"stream\":true"), ANSWER))
                .isEqualTo(delta("{\"role\":\"assistant\",\"content\":\"\"}", "null", "")
                        + delta("{\"reasoning_content\":\"hm\"}", "null", "")
                        + delta("{\"content\":\"\\\"é\\\"\\n\\ud83d\"}", "null", "")
                        + delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                                "null",
                                "")
                        + delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}", "null", "")
                        + delta("{}", "\"tool_calls\"", "")
                        + "data: [DONE]\n\n");
    }

    @Test
    void citationsOfAnotherLanguageAreNoAnnotationsWholeOrStreamed() throws GatewayException {
        Json ours = new Json("{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"u\"}}");
        Json others = new Json("{\"x\":[{}],\"type\":\"char_location\",\"cited_text\":\"t\"}");
        List<ChatEvent> events = List.of(
                new ChatEvent.Started("i", "m", 5),
                new ChatEvent.TextDelta(0, "t"),
                new ChatEvent.Citation(0, "openai", ours),
                new ChatEvent.Citation(0, "anthropic", others),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(null));
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            fold.add(event);
        }
        HttpBody whole = Recorder.CHAT_COMPLETIONS.whole(asking(""), Recorder.served(), fold.response());
        String said = StandardCharsets.UTF_8.decode(whole.bytes()).toString();

        assertThat(said).contains("\"annotations\":[" + ours.text() + "]").doesNotContain("char_location");
        assertThat(written(asking(",\"stream\":true"), events))
                .contains("url_citation")
                .doesNotContain("char_location");
    }

    @Test
    void usageIsTheLastChunkOfWhoAsked() throws GatewayException {
        String text = written(asking(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"), ANSWER);

        assertThat(text)
                .contains(delta("{}", "\"tool_calls\"", ",\"usage\":null"))
                .endsWith(
                        head("up-1", 5, "gpt-x") + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                                + "\"total_tokens\":7,\"completion_tokens_details\":{\"reasoning_tokens\":1}}}\n\ndata: [DONE]\n\n");
    }

    @Test
    void anAnswerWithoutAnIdGetsOneOfTheRequest() throws GatewayException {
        String text = written(
                asking(",\"stream\":true"),
                List.of(
                        new ChatEvent.Started(null, null, 0),
                        new ChatEvent.ToolCallStart(0, 0, "c", "f"),
                        new ChatEvent.ChoiceFinished(0, FinishReason.OTHER, null),
                        new ChatEvent.Finished(null)));

        assertThat(text)
                .startsWith(
                        head("chatcmpl-req-1", 1_700_000_000, "gpt-4o-mini")
                                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n")
                .contains("\"finish_reason\":\"stop\"");
    }

    @Test
    void aFailureIsAnErrorFrameWithoutTheEndMarkAndAHeartbeatIsAComment() throws GatewayException {
        ChatWriter writer = Recorder.CHAT_COMPLETIONS.stream(asking(",\"stream\":true"), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.heartbeat(out);
        writer.frames(ByteBuffer.wrap(Recorder.utf8("data: {}\n\n")).asReadOnlyBuffer(), out);
        writer.fail(new GatewayException(ErrorKind.UPSTREAM_TIMEOUT, "Nothing\ncame."), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(": keep-alive\n\ndata: {}\n\ndata: {\"error\":{\"message\":\"Nothing\\ncame.\","
                        + "\"type\":\"timeout_error\",\"param\":null,\"code\":\"timeout\"}}\n\n");
    }

    @Test
    void aWholeAnswerIsWrittenAsOpenAiWritesIt() throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : ANSWER) {
            fold.add(event);
        }
        String choices =
                "{\"id\":\"up-1\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"gpt-x\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"\\\"é\\\"\\n\\ud83d\",\"reasoning_content\":\"hm\",\"refusal\":null,"
                        + "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "\"logprobs\":null,\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                        + "\"total_tokens\":7,\"completion_tokens_details\":{\"reasoning_tokens\":1}}";

        assertThat(text(Recorder.CHAT_COMPLETIONS.whole(asking(""), Recorder.served(), fold.response())))
                .isEqualTo(choices + "}");
        assertThat(text(Recorder.CHAT.whole(asking(""), Recorder.served(), fold.response())))
                .isEqualTo(choices + ",\"provider\":\"openai\",\"content\":\"\\\"é\\\"\\n\\ud83d\",\"done\":true,"
                        + "\"finish_reason\":\"tool_calls\"}");
    }

    @Test
    void aRelayedWholeAnswerIsUnchangedButForTheFieldsOfChat() throws GatewayException {
        String answer =
                "{ \"provider\":\"up\",\"choices\":[{\"message\":{\"content\":\"\\u00e9 }\"}},{\"message\":{\"content\":\"b\"}}] }\n";

        assertThat(whole(Recorder.CHAT_COMPLETIONS, answer)).isEqualTo(answer);
        assertThat(whole(Recorder.CHAT, answer))
                .isEqualTo(
                        "{ \"choices\":[{\"message\":{\"content\":\"\\u00e9 }\"}},{\"message\":{\"content\":\"b\"}}] "
                                + ",\"provider\":\"openai\",\"content\":\"\\u00e9 }\",\"done\":true}\n");
        assertThat(whole(Recorder.CHAT, "{\"choices\":[{\"message\":{\"content\":null}}]}"))
                .endsWith(",\"provider\":\"openai\",\"content\":\"\",\"done\":true}");
    }

    private static String whole(ChatEndpoint endpoint, String answer) throws GatewayException {
        return text(endpoint.whole(
                asking(""),
                Recorder.served(),
                ByteBuffer.wrap(Recorder.utf8(answer)).asReadOnlyBuffer()));
    }

    private static String text(HttpBody body) {
        assertThat(body.contentType()).isEqualTo("application/json");
        return StandardCharsets.UTF_8.decode(body.bytes()).toString();
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfErrorHasAShape(ErrorKind kind) {
        HttpBody body = new OpenAiDialect()
                .error(
                        new GatewayException(kind, "What \"to\" do.")
                                .withParameter("p")
                                .withCode("vendor"),
                        "r");

        assertThat(body.status()).isEqualTo(kind.httpStatus());
        String code = kind == ErrorKind.INVALID_REQUEST ? "vendor" : "(?!vendor)[a-z_]+";
        assertThat(text(body))
                .matches(
                        "\\{\"error\":\\{\"message\":\"What \\\\\"to\\\\\" do.\",\"type\":\"[a-z_]+\",\"param\":\"p\",\"code\":\""
                                + code + "\"}}");
    }

    @Test
    void modelsAreListedWithWhatIsKnown() {
        Model known = Model.builder("gpt")
                .name("GPT")
                .ownedBy("openai")
                .created(7)
                .contextLength(100)
                .maxOutput(10)
                .capabilities(Set.of("vision", "functions"))
                .pricing(Map.of("input", 0.15, "output", 2.0))
                .build();
        String first =
                "{\"id\":\"p/gpt\",\"object\":\"model\",\"created\":7,\"owned_by\":\"openai\",\"provider\":\"p\",\"name\":\"GPT\","
                        + "\"context_length\":100,\"max_output\":10,\"capabilities\":[\"functions\",\"vision\"],"
                        + "\"pricing\":{\"input\":0.15,\"output\":2}}";
        String second =
                "{\"id\":\"p/x\",\"object\":\"model\",\"created\":0,\"owned_by\":\"p\",\"provider\":\"p\",\"name\":\"x\","
                        + "\"context_length\":null,\"max_output\":null,\"capabilities\":[],\"pricing\":null}";
        List<ModelCard> cards = List.of(
                new ModelCard("p/gpt", "p", known),
                new ModelCard("p/x", "p", Model.builder("x").build()));

        assertThat(text(ModelJson.list(cards)))
                .isEqualTo("{\"object\":\"list\",\"data\":[" + first + "," + second + "]}");
        assertThat(text(ModelJson.one(cards.get(0)))).isEqualTo(first);
        Model traits = Model.builder("m")
                .traits(ModelTraits.UNKNOWN
                        .with(Trait.PREFILL, List.of("no"))
                        .with(Trait.EFFORT, List.of("low", "high")))
                .build();
        assertThat(text(ModelJson.one(new ModelCard("p/m", "p", traits))))
                .endsWith(",\"pricing\":null,\"traits\":{\"effort\":[\"low\",\"high\"],\"prefill\":\"no\"}}");
    }

    @Test
    void theDialectIsMountedAtItsPaths() {
        assertThat(new OpenAiDialect().routes())
                .extracting(Route::method, Route::path)
                .extracting(Object::toString)
                .containsExactly(
                        "(\"POST\", \"/v1/chat/completions\")",
                        "(\"POST\", \"/v1/chat\")",
                        "(\"POST\", \"/v1/responses\")",
                        "(\"GET\", \"/v1/responses\")",
                        "(\"POST\", \"/v1/responses/input_tokens\")",
                        "(\"POST\", \"/v1/responses/compact\")",
                        "(\"POST\", \"/v1/completions\")",
                        "(\"POST\", \"/v1/embeddings\")",
                        "(\"GET\", \"/v1/models\")",
                        "(\"GET\", \"/v1/models/{model*}\")");
    }
}
