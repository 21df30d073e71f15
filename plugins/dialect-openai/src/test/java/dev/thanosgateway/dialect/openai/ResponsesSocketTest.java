package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.SocketTurn;
import dev.thanosgateway.api.provider.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a message asks for, and what a response leaves for the next one. */
final class ResponsesSocketTest {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String RELAYED = """
            event: response.output_item.done
            data: {"type":"response.output_item.done","item":{"type":"reasoning","id":"rs_1","summary":[]}}

            event: response.output_item.done
            data: {"type":"response.output_item.done","item":{"type":"reasoning","id":"rs_2","encrypted_content":"e"}}

            event: response.output_item.done
            data: {"item":{"id":"msg_1","type":"message"},"type":"response.output_item.done"}

            event: response.completed
            data: {"type":"response.completed","response":{"output":[{"id":"no"}],"id":"resp_7"}}

            """;

    private final ResponsesSocket socket = new ResponsesSocket(new ResponsesEndpoint());

    private record Message(String text) implements Incoming {
        @Override
        public Map<String, String> pathParameters() {
            return Map.of();
        }

        @Override
        public @Nullable String query(String name) {
            return null;
        }

        @Override
        public Headers headers() {
            throw new AssertionError("no header counts");
        }

        @Override
        public ByteBuffer body() {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private SocketTurn read(String message, ByteBuffer memory) throws GatewayException {
        return socket.read(new Message(message), memory);
    }

    private static String body(SocketTurn turn) throws GatewayException {
        return text(turn.request().original().bytes());
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Test
    void whatBelongsToTheSocketIsGoneAndTheRestStays() throws Exception {
        SocketTurn turn = read(
                "{\"type\":\"response.create\",\"model\":\"m\",\"background\":true,\"stream\":false,\"generate\":true,"
                        + "\"event_id\":\"e\",\"previous_response_id\":null,\"unknown\":[1.50],\"input\":\"hi\"}",
                NOTHING);
        assertThat(turn.request().stream()).isTrue();
        assertThat(body(turn))
                .isEqualTo("{\"model\":\"m\",\"unknown\":[1.50],\"stream\":true,\"input\":[{\"type\":\"message\","
                        + "\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":5|tools",
                "\"tools\":[{\"type\":\"function\"}]|tools[0].name",
                "\"input\":[{\"role\":\"nobody\",\"content\":\"x\"}]|input[0].role",
                "\"input\":\"x\",\"temperature\":\"hot\"|temperature",
            })
    void aWarmUpIsRefusedForWhatTheNextMessageWouldBe(String fields, String field) {
        GatewayException refused = catchThrowableOfType(
                GatewayException.class,
                () -> read(
                        "{\"type\":\"response.create\",\"generate\":false,\"model\":\"m\"," + fields + "}", NOTHING));
        assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(refused.parameter()).isEqualTo(field);
    }

    @Test
    void aWarmUpNeedsNoInputAndMayHoldWhatOnlyARelayTakes() throws Exception {
        for (String fields : List.of(
                "\"instructions\":\"i\"",
                "\"input\":[]",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"i\"}]",
                "\"input\":[{\"type\":\"unknown\"}],\"tools\":[{\"type\":\"web_search\"}]")) {
            assertThat(read("{\"type\":\"response.create\",\"generate\":false,\"model\":\"m\"," + fields + "}", NOTHING)
                            .request())
                    .isNull();
        }
    }

    @Test
    void anAnswerNamesTheOneItBuildsOn() throws Exception {
        SocketTurn first =
                read("{\"type\":\"response.create\",\"generate\":false,\"model\":\"m\",\"input\":\"a\"}", NOTHING);
        List<ByteBuffer> messages = new ArrayList<>();
        first.end(messages::add);
        String id = text(messages.get(1)).replaceAll(".*\"id\":\"(resp_[0-9a-f]+)\".*", "$1");
        assertThat(text(messages.get(1))).contains("\"previous_response_id\":null");

        SocketTurn next = read(
                "{\"type\":\"response.create\",\"model\":\"m\",\"input\":\"b\",\"previous_response_id\":\"" + id
                        + "\"}",
                first.memory().asReadOnlyBuffer());
        messages.clear();
        next.begin(Recorder.served());
        next.event(new ChatEvent.Started("c", "m", 1), messages::add);
        assertThat(text(messages.get(0))).contains("\"previous_response_id\":\"" + id + "\"");
    }

    @Test
    void theNextRequestBeginsWithWhatTheLastOneLeft() throws Exception {
        SocketTurn turn = read("{\"type\":\"response.create\",\"model\":\"m\",\"input\":[ {\"a\":1} ]}", NOTHING);
        List<ByteBuffer> messages = new ArrayList<>();
        turn.frames(ByteBuffer.wrap(RELAYED.getBytes(StandardCharsets.UTF_8)), messages::add);
        turn.end(messages::add);
        assertThat(messages).hasSize(4);
        ByteBuffer memory = turn.memory();

        SocketTurn next = read(
                "{\"type\":\"response.create\",\"model\":\"m\",\"previous_response_id\":\"resp_7\",\"input\":[{\"b\":2}]}",
                memory.asReadOnlyBuffer());
        assertThat(body(next))
                .endsWith("\"input\":[{\"a\":1},{\"type\":\"reasoning\",\"id\":\"rs_2\",\"encrypted_content\":\"e\"},"
                        + "{\"id\":\"msg_1\",\"type\":\"message\"},{\"b\":2}]}");
        assertThat(body(read(
                        "{\"type\":\"response.create\",\"model\":\"m\",\"previous_response_id\":\"resp_7\",\"input\":[ ]}",
                        memory.asReadOnlyBuffer())))
                .endsWith("\"type\":\"message\"}]}");
        assertThatThrownBy(() -> read(
                        "{\"type\":\"response.create\",\"model\":\"m\",\"previous_response_id\":\"resp_8\"}", memory))
                .extracting("code")
                .isEqualTo("previous_response_not_found");
    }

    @Test
    void anAnswerThatIsNotCompleteLeavesNothing() throws Exception {
        SocketTurn turn = read("{\"type\":\"response.create\",\"model\":\"m\",\"input\":\"hi\"}", NOTHING);
        String cut = RELAYED.substring(0, RELAYED.indexOf("event: response.completed"));
        turn.frames(ByteBuffer.wrap(cut.getBytes(StandardCharsets.UTF_8)), message -> {});
        turn.end(message -> {});
        assertThat(turn.memory().remaining()).isZero();
    }

    @Test
    void otherMessagesAreRefusedByTheirField() {
        for (String[] bad : new String[][] {
            {"{}", "type"},
            {"{\"type\":\"response.cancel\"}", "type"},
            {"{\"type\":1}", "type"},
            {"{\"type\":\"response.create\",\"stream_id\":\"a\"}", "stream_id"},
            {"{\"type\":\"response.create\",\"input\":7}", "input"},
            {"{\"type\":\"response.create\",\"model\":7}", "model"}
        }) {
            assertThatThrownBy(() -> read(bad[0], NOTHING))
                    .as(bad[0])
                    .extracting("parameter")
                    .isEqualTo(bad[1]);
        }
        assertThatThrownBy(() -> read("not json", NOTHING)).hasMessageContaining("not valid JSON");
    }
}
