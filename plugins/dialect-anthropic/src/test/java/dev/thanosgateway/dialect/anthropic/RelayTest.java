package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.read;
import static dev.thanosgateway.dialect.anthropic.Recorder.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Meaning;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final String ASKED =
            "{\"model\":\"claude-x\",\"stream\":true,\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    private static final Usage USAGE =
            Usage.of(11, 9).withCachedInput(3).withCacheWrite(2).withReasoning(4);

    @Test
    void onlyTheModelIsChangedInARequest() throws GatewayException {
        String body = "\uFEFF{ \"x\":1.50, \"messages\" :[{\"role\":\"user\",\"content\":\"\\u00e9\"}],\n"
                + "\"model\": \"anthropic\\/m\", \"metadata\":{\"model\":\"no\"} }";

        assertThat(sent(read(body).withModel("claude \"x\"")))
                .isEqualTo(body.replace("\"anthropic\\/m\"", "\"claude \\\"x\\\"\""));
    }

    @Test
    void theGatewaysFieldsAndThoughtsThatNobodySignedGoNoFurther() throws GatewayException {
        String body = "{\"model\":\"m\",\"fallbacks\":[\"a/b\"],\"tags\":[1],\"messages\":[{\"role\":\"user\","
                + "\"content\":\"x\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\","
                + "\"signature\":\"\"},{\"type\":\"thinking\",\"thinking\":\"g\",\"signature\":\"gemini:AA\"},"
                + "{\"type\":\"thinking\",\"thinking\":\"u\",\"signature\":\"s\"},"
                + "{\"type\":\"text\",\"text\":\"\\u00e9\"}],\"x\":1.50}],\"y\":1e2}";
        ChatRequest read = read(body);

        assertThat(read.fallbacks()).containsExactly("a/b");
        assertThat(read.extensions()).containsOnlyKeys("tags");
        assertThat(sent(read))
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
                        + "\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"u\",\"signature\":\"s\"},"
                        + "{\"type\":\"text\",\"text\":\"\\u00e9\"}],\"x\":1.50}],\"y\":1e2}");
    }

    @Test
    void anthropicsOwnFallbacksAreNotTheGateways() throws GatewayException {
        String body = "{\"model\":\"m\",\"fallbacks\":[{\"model\":\"claude-x\"}],\"messages\":[]}";

        assertThat(read(body).fallbacks()).isEmpty();
        assertThat(sent(read(body))).isEqualTo(body);
        assertThat(read(body).content().hints()).containsOnlyKeys("fallbacks");
    }

    @Test
    void aStreamPassesUnchangedInEverySlicing() throws GatewayException {
        byte[] stream = Recorder.utf8(Answers.STREAM);
        for (int size : new int[] {stream.length, 1, 2, 3, 7}) {
            Recorder<ChatEvent> out = Recorder.answer(read(ASKED), Recorder.SSE, stream, size);

            assertThat(out.text()).as("by %d", size).isEqualTo(Answers.STREAM);
            assertThat(out.usage).isEqualTo(USAGE);
            assertThat(out.events).isEmpty();
        }
    }

    @Test
    void whatAFrameMeansIsTold() throws GatewayException {
        Recorder<ChatEvent> out = Recorder.stream(read(ASKED), Answers.STREAM);

        // The start, the thought's block and a ping say nothing yet; its first words do.
        assertThat(out.meanings.subList(0, 3)).noneMatch(Meaning::content);
        assertThat(out.meanings.get(3).content()).isTrue();
        int reason = out.frames.indexOf(out.frames.stream()
                .filter(frame -> frame.startsWith("event: message_delta"))
                .findFirst()
                .orElseThrow());
        assertThat(out.meanings.subList(0, reason)).noneMatch(Meaning::finish);
        assertThat(out.meanings.get(reason).finish()).isTrue();
    }

    @Test
    void otherFramingIsMadeTheApisOwn() throws GatewayException {
        String bare = Answers.STREAM
                .replaceAll("event: \\w+\n", "")
                .replace("data: ", ": c\r\ndata:")
                .replace("\n", "\r\n");

        assertThat(Recorder.stream(read(ASKED), bare).text()).isEqualTo(Answers.STREAM);
    }

    @Test
    void aStreamWithoutItsEndMarkGetsOneAndACutOneNever() throws GatewayException {
        String unstopped = Answers.STREAM.substring(0, Answers.STREAM.indexOf("event: message_stop"));
        assertThat(written(Recorder.stream(read(ASKED), unstopped).text())).isEqualTo(Answers.STREAM);
        assertThat(written(Answers.STREAM)).isEqualTo(Answers.STREAM);

        String cut = Answers.STREAM.substring(0, Answers.STREAM.indexOf("event: message_delta"));
        for (String end :
                new String[] {"", "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", "data: [DONE]\n\n"}) {
            assertThatThrownBy(() -> Recorder.stream(read(ASKED), cut + end))
                    .hasFieldOrPropertyWithValue("kind", ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    /** What a client gets of relayed frames, the host's end of the stream included. */
    private static String written(String frames) throws GatewayException {
        EventWriter writer = new EventWriter("id", "m", "r");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.frames(ByteBuffer.wrap(frames.getBytes(StandardCharsets.UTF_8)), out);
        writer.frames(ByteBuffer.allocate(0), out);
        writer.end(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aWholeAnswerPassesByteForByte() throws GatewayException {
        String answer = " " + Answers.WHOLE.replace(":", " : ") + "\n";
        Recorder<ChatEvent> out = Recorder.whole(read(ASKED.replace("true", "false")), answer);

        assertThat(out.text()).isEqualTo(answer);
        assertThat(out.usage).isEqualTo(USAGE);
        assertThat(out.finishTold()).isTrue();
    }

    @Test
    void anAnswerHasTheModelsNameThatWasAskedFor() throws GatewayException {
        ChatRequest asked =
                read(ASKED.replace("claude-x", "anthropic/x\\u00e9")).withModel("claude-x");

        assertThat(Recorder.stream(asked, Answers.STREAM).text())
                .isEqualTo(Answers.STREAM.replace("\"claude-x\"", "\"anthropic/xé\""));
        ChatRequest whole =
                read(ASKED.replace("claude-x", "a").replace("true", "false")).withModel("claude-x");
        assertThat(Recorder.whole(whole, Answers.WHOLE).text())
                .isEqualTo(Answers.WHOLE.replace("\"claude-x\"", "\"a\""));
    }

    @Test
    void aWholeAnswerWhereAStreamWasAskedForIsToldAsOne() throws GatewayException {
        Recorder<ChatEvent> out = Recorder.whole(read(ASKED), Answers.WHOLE);

        assertThat(out.text())
                .startsWith("event: message_start\n")
                .contains("\"partial_json\":\"{\\\"city\\\":\\\"Zürich\\\"}\"")
                .contains("\"stop_reason\":\"tool_use\"");
        assertThat(out.finishTold()).isTrue();
    }

    @Test
    void whatIsNoAnswerIsAProtocolError() {
        for (String body : new String[] {
            "",
            " \n",
            "{}",
            "[]",
            "null",
            "<html>x</html>",
            "{\"hello\":1}",
            "{\"cho",
            "data: {\n\n",
            "data: 1\n\n",
            ": ping\n\n",
            "data: [DONE]\n\n",
            "event: ping\ndata: {\"type\":\"ping\"}\n\n"
        }) {
            for (String asked : new String[] {ASKED, ASKED.replace("true", "false")}) {
                assertThatThrownBy(() -> Recorder.answer(
                                read(asked), Recorder.headers(), Recorder.utf8(body), Integer.MAX_VALUE / 2))
                        .as(body)
                        .hasFieldOrPropertyWithValue("kind", ErrorKind.UPSTREAM_PROTOCOL);
            }
        }
    }
}
