package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String ASK = "{\"model\":\"m\",\"stream\":true," + HELLO + "}";
    private static final String ASK_USAGE =
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}," + HELLO + "}";
    private static final String ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static final String TEXT = chunk("{\"content\":\"é😀 \\u00e9\"}", "null");
    private static final String STOP = chunk("{}", "\"stop\"");
    private static final String USAGE =
            "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static String chunk(String delta, String finish) {
        return chunk(0, delta, finish);
    }

    private static String chunk(int index, String delta, String finish) {
        return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"new_field\":{\"x\":[1.0]},"
                + "\"choices\":[{\"index\":" + index + ",\"delta\":" + delta + ",\"finish_reason\":" + finish
                + "}]}\n\n";
    }

    @Test
    void theCallIsAPostWithANamedCredential() throws GatewayException {
        HttpCall call =
                OpenAi.chat(Recorder.read(ASK), Quirks.NONE, Auth.BEARER).call();

        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/v1/chat/completions");
        assertThat(call.auth()).isSameAs(Auth.BEARER);
    }

    @Test
    void aRequestGoesOnByteForByteButForTheModelAndTheGatewaysOwnFields() throws GatewayException {
        String body =
                " {\n \"tags\" : [{\"a\":{\"b\":1}}], \"new\" : 1.50 ,\"model\":\"openai\\/gpt\",\t\"echo\":{}, \"messages\":[ {\"role\":"
                        + "\"user\",\"content\":\"\\u00e9é\",\"x\":1} ],\"fallbacks\":[\"a/b\"],\"omen\":{\"a\":\"}\"} }\n";

        assertThat(Recorder.sent(Recorder.read(body).withModel("gpt-4o")))
                .isEqualTo(" {\n  \"new\" : 1.50 ,\"model\":\"gpt-4o\",\t \"messages\":[ {\"role\":"
                        + "\"user\",\"content\":\"\\u00e9é\",\"x\":1} ] }\n");
        assertThat(Recorder.sent(Recorder.read(ASK))).isEqualTo(ASK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"tags\":1,\"omen\":2,\"model\":\"m\",H}|{\"model\":\"m\",H}",
                "{\"model\":\"m\",\"tags\":1,\"omen\":2,H}|{\"model\":\"m\",H}",
                "{\"model\":\"m\",H,\"tags\":1,\"omen\":2}|{\"model\":\"m\",H}",
                "{\"tags\":1,\"model\":\"m\",\"omen\":2,H,\"echo\":3}|{\"model\":\"m\",H}",
                "{\"system\":\"s\\n\",\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}"
                        + "|{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s\\n\"},{\"role\":\"user\"}]}",
                "{\"model\":\"m\",H,\"system\":\"\"}|{\"model\":\"m\",H}",
                "{\"model\":\"m\",H,\"system\":null}|{\"model\":\"m\",H}",
            })
    void ownFieldsGoWithTheirCommas(String body, String sent) throws GatewayException {
        assertThat(Recorder.sent(Recorder.read(body.replace("H", HELLO)))).isEqualTo(sent.replace("H", HELLO));
    }

    @Test
    void anOriginalOfAnotherVersionOfThisBundleIsRelayedToo() throws GatewayException {
        String body = "{\"model\":\"x/m\",\"tags\":{}," + HELLO + "}";
        ChatRequest read = Recorder.read(body);
        ChatRequest foreign = ChatRequest.builder("m")
                .content(read::content)
                .original(new Original() {
                    @Override
                    public String dialect() {
                        return "openai";
                    }

                    @Override
                    public String operation() {
                        return "chat.completions";
                    }

                    @Override
                    public ByteBuffer bytes() {
                        return ByteBuffer.wrap(Recorder.utf8(body)).asReadOnlyBuffer();
                    }
                })
                .build();

        assertThat(Recorder.sent(foreign)).isEqualTo("{\"model\":\"m\"," + HELLO + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void anySlicingGivesTheSameFrames(String lineEnd) throws GatewayException {
        String answer = (": comment\n\n" + ROLE + ":x\n" + TEXT + "event: message\n" + TEXT.replace("data: ", "data:")
                        + STOP + USAGE + DONE)
                .replace("\n", lineEnd);
        byte[] bytes = Recorder.utf8(answer);
        String expected = ROLE + TEXT + TEXT + STOP + USAGE;
        for (int size = 1; size <= 40; size++) {
            Recorder<ChatEvent> out = Recorder.answer(Recorder.read(ASK_USAGE), Recorder.SSE, bytes, size);
            assertThat(out.text()).as("slices of %d", size).isEqualTo(expected);
            assertThat(out.usage).isEqualTo(Usage.of(3, 4));
        }
        for (int cut = 1; cut < bytes.length; cut++) {
            Recorder<ChatEvent> out = new Recorder<>();
            Exchange<ChatEvent> exchange = OpenAi.chat(Recorder.read(ASK_USAGE), Quirks.NONE, Auth.BEARER);
            exchange.call();
            exchange.head(200, Recorder.SSE, out);
            exchange.body(ByteBuffer.wrap(bytes, 0, cut), out);
            exchange.body(ByteBuffer.wrap(bytes, cut, bytes.length - cut), out);
            exchange.end(out);
            assertThat(out.text()).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void framesAreToldByWhatTheyMean() throws GatewayException {
        Recorder<ChatEvent> out = Recorder.stream(Recorder.read(ASK), ROLE + TEXT + STOP + DONE);

        assertThat(out.meanings).containsExactly(Meaning.PRELUDE, Meaning.CONTENT, Meaning.FINISH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"content\":\"a\"}",
                "{\"reasoning_content\":\"a\"}",
                "{\"reasoning\":\"a\"}",
                "{\"refusal\":\"a\"}",
                "{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}",
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\"}]}",
                "{\"function_call\":{\"name\":\"f\"}}"
            })
    void whatACallerCanSeeIsContent(String delta) throws GatewayException {
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + chunk(delta, "null") + STOP)
                        .meanings
                        .get(1))
                .isSameAs(Meaning.CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"content\":\"\"}",
                "{\"content\":null,\"refusal\":null,\"tool_calls\":[],\"reasoning\":\"\"}",
                "{\"unknown\":\"x\"}"
            })
    void whatACallerCannotSeeIsPrelude(String delta) throws GatewayException {
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + chunk(delta, "null") + STOP)
                        .meanings
                        .get(1))
                .isSameAs(Meaning.PRELUDE);
    }

    @Test
    void theFirstChunkOfAChoiceHasTheRole() throws GatewayException {
        String first = chunk("{\"content\":\"a\"}", "null");
        String second = chunk(1, "{ }", "null");
        String third = chunk(2, "{\"role\":\"\",\"content\":\"b\"}", "null");
        String ends = STOP + chunk(1, "{}", "\"stop\"") + chunk(2, "{}", "\"stop\"");

        assertThat(Recorder.stream(Recorder.read(ASK), first + second + third + ends)
                        .text())
                .isEqualTo(chunk("{\"role\":\"assistant\",\"content\":\"a\"}", "null")
                        + chunk(1, "{\"role\":\"assistant\" }", "null")
                        + chunk(2, "{\"role\":\"assistant\",\"content\":\"b\"}", "null")
                        + ends);
    }

    @Test
    void choicesMayInterleaveAndTheLastFinishIsTheFinish() throws GatewayException {
        ChatRequest two = Recorder.read("{\"model\":\"m\",\"n\":2,\"stream\":true," + HELLO + "}");
        String role1 = chunk(1, "{\"role\":\"assistant\",\"content\":\"x\"}", "null");
        String stop1 = chunk(1, "{}", "\"length\"");

        Recorder<ChatEvent> late = Recorder.stream(two, ROLE + TEXT + STOP + role1 + stop1 + DONE);
        assertThat(late.meanings)
                .containsExactly(Meaning.PRELUDE, Meaning.CONTENT, Meaning.PRELUDE, Meaning.CONTENT, Meaning.FINISH);
        Recorder<ChatEvent> lone = Recorder.stream(two, ROLE + TEXT + STOP + DONE);
        assertThat(lone.finishTold()).isTrue();
        assertThat(lone.text()).isEqualTo(ROLE + TEXT + STOP);
        assertThat(failure(two, ROLE + role1 + STOP).kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void usageIsGivenToWhoAskedOnceAndLastHoweverItComes() throws GatewayException {
        String counted = "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}";
        String within = STOP.replace("\"new_field\"", counted + ",\"new_field\"");
        String last = within.replaceFirst("\"choices\":\\[.*]}\n", "\"choices\":[]}\n");

        for (String ask : new String[] {ASK, ASK_USAGE}) {
            boolean asked = ask.equals(ASK_USAGE);
            for (String answer : new String[] {
                ROLE + TEXT + STOP + USAGE + DONE,
                ROLE + TEXT + STOP + USAGE + USAGE,
                ROLE + USAGE + TEXT + STOP + DONE,
                ROLE + TEXT + within + DONE,
                ROLE + TEXT.replace("\"new_field\"", counted + ",\"new_field\"") + within,
                ROLE + TEXT + within + USAGE + DONE
            }) {
                Recorder<ChatEvent> out = Recorder.stream(Recorder.read(ask), answer);
                String text = out.text();
                assertThat(out.usage).as(answer).isEqualTo(Usage.of(3, 4));
                assertThat(text).as(answer).startsWith(ROLE + TEXT + STOP);
                String tail = text.substring((ROLE + TEXT + STOP).length());
                assertThat(tail).as(answer).isIn(asked ? new String[] {USAGE, last} : new String[] {""});
            }
        }
    }

    @Test
    void aNullUsageIsLeftWhereItIs() throws GatewayException {
        String chunk = TEXT.replace("\"new_field\"", "\"usage\":null,\"new_field\"");

        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + chunk + STOP).text())
                .isEqualTo(ROLE + chunk + STOP);
    }

    @ParameterizedTest
    @CsvSource({
        "stop,stop",
        "length,length",
        "tool_calls,tool_calls",
        "content_filter,content_filter",
        "function_call,function_call",
        "end_turn,stop",
        "eos,stop",
        "STOP,stop",
        "MAX_TOKENS,length",
        "tool_use,tool_calls",
        "SAFETY,content_filter",
        "'',stop",
        "something_new,something_new"
    })
    void finishReasonsAreOpenAisWhereTheyHaveACounterpart(String upstream, String relayed) throws GatewayException {
        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + TEXT + chunk("{}", '"' + upstream + '"'))
                        .text())
                .endsWith(chunk("{}", '"' + relayed + '"'));
    }

    @Test
    void anEmptyFinishReasonBesideContentIsNone() throws GatewayException {
        String empty = chunk("{\"role\":\"assistant\",\"content\":\"a\"}", "\"\"");

        Recorder<ChatEvent> out = Recorder.stream(Recorder.read(ASK), empty + TEXT + STOP);
        assertThat(out.text())
                .isEqualTo(empty.replace("\"finish_reason\":\"\"", "\"finish_reason\":null") + TEXT + STOP);
        assertThat(out.meanings).containsExactly(Meaning.CONTENT, Meaning.CONTENT, Meaning.FINISH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ": ping\n\n",
                "data: hello\n\n",
                "data: []\n\n",
                "data: {\"choices\":5}\n\n",
                "data: {\"choices\":[{\"index\":-1}]}\n\n",
                "data: {\"choices\":[{\"index\":99999999}]}\n\n",
                "data: {} {}\n\n",
                "data: {\"a\":\n\n",
                "<html><body>502</body></html>"
            })
    void aStreamThatCannotBeIsAProtocolErrorOnRelayToo(String answer) throws GatewayException {
        assertThat(failure(Recorder.read(ASK), answer).kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        assertThat(failure(Recorder.read(ASK), ROLE + TEXT + answer).kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void anAnswerCutAnywhereBeforeItsFinishNeverLooksWhole() throws GatewayException {
        byte[] bytes = Recorder.utf8(ROLE + TEXT + STOP + USAGE + DONE);
        int finish = Recorder.utf8(ROLE + TEXT + STOP).length - 2;
        for (int length = 0; length <= bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            Recorder<ChatEvent> out = new Recorder<>();
            if (length < finish) {
                assertThatThrownBy(() -> Recorder.answer(out, Recorder.read(ASK), Recorder.SSE, cut, 50))
                        .as("cut at %d", length)
                        .extracting("kind")
                        .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
                assertThat(out.finishTold()).isFalse();
            } else {
                Recorder.answer(out, Recorder.read(ASK), Recorder.SSE, cut, 50);
                assertThat(out.finishTold()).as("cut at %d", length).isTrue();
                assertThat(out.text()).isEqualTo(ROLE + TEXT + STOP);
            }
        }
    }

    @Test
    void anErrorInTheStreamIsThrownAndWhatCameBeforeWasGiven() throws GatewayException {
        Recorder<ChatEvent> out = new Recorder<>();
        String error = "data: {\"error\":{\"message\":\"busy sk-abcdefghijklmnop\",\"code\":429}}\n\n";

        GatewayException e = catchThrowableOfType(
                GatewayException.class,
                () -> Recorder.answer(out, Recorder.read(ASK), Recorder.SSE, Recorder.utf8(ROLE + TEXT + error), 9));
        assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_LIMITED);
        assertThat(e.message()).contains("busy ***").doesNotContain("sk-abc");
        assertThat(out.text()).isEqualTo(ROLE + TEXT);
    }

    @Test
    void dataOfSeveralLinesBecomesOneFrame() throws GatewayException {
        String split = TEXT.replace(",\"choices\"", "\ndata: ,\"choices\"");

        assertThat(Recorder.stream(Recorder.read(ASK), ROLE + split + STOP).text())
                .isEqualTo(ROLE + TEXT.replace(",\"choices\"", " ,\"choices\"") + STOP);
    }

    @Test
    void badUtf8OfAnUpstreamPassesUntouched() throws GatewayException {
        byte[] text = Recorder.utf8(ROLE + chunk("{\"content\":\"@\"}", "null") + STOP);
        byte[] bad = text.clone();
        int at = new String(text, StandardCharsets.ISO_8859_1).indexOf('@');
        bad[at] = (byte) 0xF0;

        assertThat(Recorder.answer(Recorder.read(ASK), Recorder.SSE, bad, 11)
                        .bytes
                        .toByteArray())
                .isEqualTo(bad);
    }

    @Test
    void aWholeAnswerPassesByteForByte() throws GatewayException {
        String answer =
                " {\"id\":\"x\",\"new\":1.0, \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"é\","
                        + "\"y\":{}},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n";

        Recorder<ChatEvent> out = Recorder.answer(
                Recorder.read("{\"model\":\"m\"," + HELLO + "}"), Recorder.JSON, Recorder.utf8(answer), 3);
        assertThat(out.text()).isEqualTo(answer.substring(1));
        assertThat(out.meanings).hasSize(1);
        assertThat(out.finishTold()).isTrue();
        assertThat(out.usage).isEqualTo(Usage.of(1, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "<html>",
                "\n<!doctype html>",
                "OK",
                "[]",
                "{}",
                "null",
                "{\"choices\":[]}",
                "{\"choices\":{}}",
                "{\"choices\":[{}]}",
                "{\"choices\":[{\"message\":\"hi\"}]}",
                "{\"choices\":[{\"message\":{\"content\":\"hi\"}}]",
                "data: {}\n\n"
            })
    void aWholeAnswerThatCannotBeIsAProtocolError(String answer) throws GatewayException {
        ChatRequest request = Recorder.read("{\"model\":\"m\"," + HELLO + "}");
        ChatRequest translated =
                ChatRequest.builder("m").content(request::content).build();

        for (ChatRequest asked : new ChatRequest[] {request, translated}) {
            GatewayException e = catchThrowableOfType(GatewayException.class, () -> Recorder.whole(asked, answer));
            assertThat(e.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
            assertThat(e.message()).startsWith("The upstream").endsWith(".");
        }
    }

    @Test
    void whatTheHeadSaysIsBelieved() throws GatewayException {
        ChatRequest whole = Recorder.read("{\"model\":\"m\"," + HELLO + "}");
        ChatRequest stream = Recorder.read(ASK);
        var html = Recorder.headers("content-type", "text/html; charset=utf-8");

        assertThatThrownBy(() -> Recorder.answer(whole, html, new byte[0], 1)).hasMessageContaining("HTML");
        assertThatThrownBy(() -> Recorder.answer(stream, html, new byte[0], 1)).hasMessageContaining("HTML");
        assertThatThrownBy(() -> Recorder.answer(whole, Recorder.SSE, Recorder.utf8(ROLE), 1))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        assertThat(Recorder.answer(stream, Recorder.headers(), Recorder.utf8(ROLE + TEXT + STOP), 5)
                        .text())
                .isEqualTo(ROLE + TEXT + STOP);
    }

    @Test
    void aStreamIsKnownByItsFirstByteWhateverItIsSaidToBe() throws GatewayException {
        String error = "{\"error\":{\"message\":\"x\",\"code\":\"server_error\"}}";

        assertThat(Recorder.answer(Recorder.read(ASK), Recorder.JSON, Recorder.utf8(ROLE + TEXT + STOP), 5)
                        .text())
                .isEqualTo(ROLE + TEXT + STOP);
        assertThatThrownBy(() -> Recorder.answer(Recorder.read(ASK), Recorder.SSE, Recorder.utf8("\n" + error), 5))
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void aWholeAnswersFinishReasonIsOpenAisToo() throws GatewayException {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"R\"}]}";

        for (String reason : new String[] {"", "end_turn"}) {
            assertThat(Recorder.whole(Recorder.read("{\"model\":\"m\"," + HELLO + "}"), answer.replace("R", reason))
                            .text())
                    .isEqualTo(answer.replace("R", "stop"));
        }
    }

    @Test
    void anErrorWithAGoodStatusIsTheErrorItSays() throws GatewayException {
        String error = "{\"error\":{\"message\":\"too long\",\"code\":\"context_length_exceeded\"}}";

        assertThatThrownBy(() -> Recorder.whole(Recorder.read("{\"model\":\"m\"," + HELLO + "}"), error))
                .extracting("kind")
                .isEqualTo(ErrorKind.CONTEXT_EXCEEDED);
        assertThatThrownBy(() -> Recorder.whole(Recorder.read(ASK), error))
                .extracting("kind")
                .isEqualTo(ErrorKind.CONTEXT_EXCEEDED);
    }

    @Test
    void aWholeAnswerToAStreamedRequestBecomesAStream() throws GatewayException {
        String answer =
                "{\"id\":\"x\",\"created\":5,\"model\":\"mm\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                        + "\"content\":\"é\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";

        Recorder<ChatEvent> out = Recorder.whole(Recorder.read(ASK_USAGE), answer);
        assertThat(out.events).isEmpty();
        assertThat(out.finishTold()).isTrue();
        assertThat(out.usage).isEqualTo(Usage.of(1, 2));
        // What it became reads back as the same answer.
        ChatRequest translated = ChatRequest.builder("m").stream(true)
                .content(Recorder.read(ASK).content())
                .build();
        var again = Recorder.stream(translated, out.text() + DONE).response();
        assertThat(again)
                .isEqualTo(Recorder.whole(translated, answer).response())
                .hasFieldOrPropertyWithValue("id", "x");
        assertThat(again.extensions()).isEqualTo(Map.<String, Json>of());
    }

    private static GatewayException failure(ChatRequest request, String answer) {
        return catchThrowableOfType(GatewayException.class, () -> Recorder.stream(request, answer));
    }
}
