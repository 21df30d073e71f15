package dev.thanosgateway.dialect.ollama;

import static dev.thanosgateway.dialect.ollama.Recorder.answer;
import static dev.thanosgateway.dialect.ollama.Recorder.chat;
import static dev.thanosgateway.dialect.ollama.Recorder.generate;
import static dev.thanosgateway.dialect.ollama.Recorder.sent;
import static dev.thanosgateway.dialect.ollama.Recorder.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An Ollama client in front of an Ollama: bytes go through, changed only where they must be. */
class RelayTest {
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String STREAM = """
            {"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":false}
            {"model":"m", "message":{"role":"assistant","content":"Zürich 🏔"},"x_new":1.50,"done":false}
            {"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":7,"prompt_eval_count":3}
            """;

    @Test
    void aRequestGoesOnByteForByteButForTheModel() throws GatewayException {
        String body =
                " {\"x\" : [1.50, {\"a\":null}],\n \"model\":\t\"ollama\\/é\",\"messages\":\"whatever\",\"k\":\"\\u00e9\"} ";

        assertThat(sent(chat(body.replace("ollama\\/é", "ollama\\/e")).withModel("e:7b")))
                .isEqualTo(body.replace("\"ollama\\/é\"", "\"e:7b\""));
        assertThat(sent(generate("{\"prompt\":\"\",\"suffix\":\"s\",\"raw\":true,\"model\":\"m\"}")))
                .isEqualTo("{\"prompt\":\"\",\"suffix\":\"s\",\"raw\":true,\"model\":\"m\"}");
    }

    @Test
    void whereTheModelStandsIsFoundAmongCharactersOfAnyLength() throws GatewayException {
        String body = "\uFEFF{\"🏔é\":\"é🏔\\ud83d\\ude00\",\"model\":\"a/b\",\"z\":\"\\\\\\\"\"}";

        assertThat(sent(chat(body).withModel("b"))).isEqualTo(body.replace("a/b", "b"));
    }

    @Test
    void theGatewaysOwnFieldsGoNoFurther() throws GatewayException {
        ChatRequest read =
                chat("{\"fallbacks\":[\"a/b\"],\"model\":\"m\",\"tags\":{\"k\":1.50},\"options\":{ \"x\":1.50}}");

        assertThat(read.fallbacks()).containsExactly("a/b");
        assertThat(read.extensions().get("tags")).hasToString("{\"k\":1.50}");
        assertThat(sent(read)).isEqualTo("{\"model\":\"m\",\"options\":{ \"x\":1.50}}");
    }

    @Test
    void thoughtsThatAnotherVendorSignedGoNoFurther() throws GatewayException {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"\\u00e9\"%1$s,"
                + "\"tool_calls\":[{\"id\":\"a\"%1$s,\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1.50}%1$s}}]}]}";
        String details = ",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"%s\":\"%s\"}]";

        assertThat(sent(chat(body.formatted(details.formatted("signature", "thanos-signed:c2ln")))))
                .isEqualTo(body.formatted(""));
        assertThat(sent(chat(body.formatted(details.formatted("data", "thanos-redacted:c2ln")))))
                .isEqualTo(body.formatted(""));
        String others = body.formatted(details.formatted("signature", "c2ln"));
        assertThat(sent(chat(others))).isEqualTo(others);
    }

    @Test
    void aModelThatDoesNotReasonIsNotAskedToThink() throws GatewayException {
        ModelTraits traits = ModelTraits.UNKNOWN.with(Trait.EFFORT, List.of());
        for (String think : List.of("true", "\"high\"", "false")) {
            ChatRequest read = chat(CHAT + ",\"think\":" + think + ",\"x\":1.50}");

            assertThat(sent(read)).isEqualTo(CHAT + ",\"think\":" + think + ",\"x\":1.50}");
            assertThat(sent(read.withTarget("m", traits))).isEqualTo(CHAT + ",\"x\":1.50}");
            assertThat(Recorder.call(read.withTarget("m", traits)).dropped())
                    .isEqualTo(think.equals("false") ? List.of() : List.of("think"));
        }
    }

    @Test
    void eachOperationGoesToItsOwnPath() throws GatewayException {
        assertThat(Recorder.call(chat(CHAT + "}")).path()).isEqualTo("/api/chat");
        assertThat(Recorder.call(generate("{\"model\":\"m\",\"prompt\":\"x\"}")).path())
                .isEqualTo("/api/generate");
    }

    @Test
    void aStreamComesBackAsItIsHoweverItIsSliced() throws GatewayException {
        byte[] bytes = utf8(STREAM);
        for (int size = 1; size <= bytes.length; size++) {
            Recorder<ChatEvent> got = answer(chat(CHAT + "}"), bytes, size);

            assertThat(String.join("", got.frames)).isEqualTo(STREAM);
            assertThat(got.meanings).extracting(m -> m.content()).containsExactly(false, true, true);
            assertThat(got.meanings).extracting(m -> m.finish()).containsExactly(false, false, true);
            assertThat(got.meanings.get(2).usage()).isEqualTo(Usage.of(3, 7));
        }
    }

    @Test
    void theLastLineMayLackItsEndAndNothingBehindItCounts() throws GatewayException {
        assertThat(String.join("", answer(chat(CHAT + "}"), STREAM.strip()).frames))
                .isEqualTo(STREAM);
        assertThat(String.join("", answer(chat(CHAT + "}"), STREAM + "\r\n \n<html>\n{\"error\":\"x\"}").frames))
                .isEqualTo(STREAM);
    }

    @Test
    void aWholeAnswerComesBackAsItIs() throws GatewayException {
        String whole = " {\"model\":\"m\",\"response\":\"x\",\"context\":[1,2],\"done\":true,\n\"eval_count\":1.0}\n";
        Recorder<ChatEvent> got = answer(generate("{\"model\":\"m\",\"prompt\":\"x\",\"stream\":false}"), whole);

        assertThat(got.frames).containsExactly(whole);
        assertThat(got.meanings.get(0).finish()).isTrue();
        assertThat(got.meanings.get(0).usage()).isEqualTo(Usage.of(-1, 1));
    }

    @Test
    void aStreamThatIsCutAnywhereIsAnErrorUntilItIsDone() {
        byte[] bytes = utf8(STREAM);
        for (int end = 0; end < bytes.length - 2; end++) {
            byte[] cut = Arrays.copyOf(bytes, end);
            assertThatThrownBy(() -> answer(chat(CHAT + "}"), cut, 7))
                    .as("cut at %d", end)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>no</html> | HTML",
                "[] | must be an object",
                "null | must be an object",
                "{\"done\":1} | \"done\" must be true or false",
                "{\"message\":[],\"done\":false} | \"message\" must be an object",
                "data: {} | is not the JSON of this API",
                "{} {} | follows",
            })
    void whatIsNoLineOfThisLanguageIsAProtocolError(String line, String said) {
        assertThatThrownBy(() -> answer(chat(CHAT + "}"), line + "\n"))
                .hasMessageContaining(said)
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void aWholeAnswerMustBeFinishedJson() {
        for (String bad : List.of("", "{\"model\":\"m\"}", "{\"done\":false}", "{\"done\":tru", STREAM, "<html>")) {
            assertThatThrownBy(() -> answer(chat(CHAT + ",\"stream\":false}"), bad))
                    .as(bad)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @Test
    void anErrorInAStreamIsThrownWithItsWords() {
        assertThatThrownBy(() ->
                        answer(chat(CHAT + "}"), STREAM.lines().findFirst().orElse("") + "\n{\"error\":\"boom\"}\n"))
                .hasMessageContaining("boom")
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void aLineHasALimit() throws GatewayException {
        Recorder<ChatEvent> out = new Recorder<>();
        Exchange<ChatEvent> exchange = Ollama.chat(chat(CHAT + "}"), Auth.NONE);
        exchange.call();
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'x');
        for (int i = 0; i < 16; i++) {
            exchange.body(ByteBuffer.wrap(piece), out);
        }

        assertThatThrownBy(() -> exchange.body(ByteBuffer.wrap(piece), out)).hasMessageContaining("16 MiB");
    }

    @Test
    void otherLanguagesAreRecognisedByTheirHead() {
        Exchange<ChatEvent> exchange;
        try {
            exchange = Ollama.chat(chat(CHAT + "}"), Auth.NONE);
        } catch (GatewayException e) {
            throw new AssertionError(e);
        }
        for (String type : List.of("text/html; charset=utf-8", "text/event-stream")) {
            assertThatThrownBy(() -> exchange.head(200, Recorder.headers("Content-Type", type), new Recorder<>()))
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }
}
