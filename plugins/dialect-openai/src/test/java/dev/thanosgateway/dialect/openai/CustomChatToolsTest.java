package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.tck.Traits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Custom tools of chat completions: as they are at OpenAI, as functions at its compatibles. */
class CustomChatToolsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BODY = """
            {"model":"m","tools":[{"type":"custom","custom":{"name":"patch","description":"d","format":{"type":"grammar",
            "grammar":{"syntax":"regex","definition":".+"}}}},{"type":"function","function":{"name":"f"}}],
            "tool_choice":{"type":"custom","custom":{"name":"patch"}},"messages":[{"role":"user","content":"go"},
            {"role":"assistant","tool_calls":[{"id":"c0","type":"custom","custom":{"name":"patch","input":"a\\nb"}}]},
            {"role":"tool","tool_call_id":"c0","content":"ok"}]}
            """;
    private static final List<ChatEvent> CALLED = List.of(
            new ChatEvent.Started("c", "m", 1),
            new ChatEvent.ToolCallStart(0, 0, "c1", "patch"),
            new ChatEvent.ToolCallDelta(0, 0, "{\"input\":\"x"),
            new ChatEvent.ToolCallDelta(0, 0, "\\n\"}"),
            new ChatEvent.ToolCallStart(0, 1, "c2", "f"),
            new ChatEvent.ToolCallDelta(0, 1, "{}"),
            new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null),
            new ChatEvent.Finished(null));

    private static ChatRequest at(String profile) throws GatewayException {
        return Recorder.read(BODY).withTarget("m", Traits.of(profile, "m"));
    }

    @Test
    void openAiGetsTheRequestAsItCame() throws GatewayException {
        assertThat(Recorder.sent(at("openai"))).isEqualTo(BODY);
    }

    @Test
    void aCompatibleGetsFunctions() throws GatewayException {
        JsonNode sent = JSON.readTree(Recorder.sent(at("openai-compatible")));

        JsonNode tool = sent.path("tools").get(0).path("function");
        assertThat(tool.path("name").asString()).isEqualTo("patch");
        assertThat(tool.path("description").asString()).contains("d\n\n", "(regex):\n.+");
        assertThat(sent.path("tool_choice").toString())
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"patch\"}}");
        assertThat(sent.path("messages").get(1).path("tool_calls").toString())
                .isEqualTo("[{\"id\":\"c0\",\"type\":\"function\",\"function\":{\"name\":\"patch\","
                        + "\"arguments\":\"{\\\"input\\\":\\\"a\\\\nb\\\"}\"}}]");
    }

    @Test
    void atResponsesTheyStayCustomTools() throws GatewayException {
        JsonNode sent = JSON.readTree(Recorder.sent(at("openai"), Quirks.NONE.withResponsesOnly("*")));

        assertThat(sent.path("tools").get(0).toString())
                .isEqualTo(
                        "{\"type\":\"custom\",\"name\":\"patch\",\"description\":\"d\",\"format\":{\"type\":\"grammar\","
                                + "\"syntax\":\"regex\",\"definition\":\".+\"}}");
        assertThat(sent.path("tool_choice").toString()).isEqualTo("{\"type\":\"custom\",\"name\":\"patch\"}");
        assertThat(sent.path("input").get(1).toString())
                .isEqualTo("{\"type\":\"custom_tool_call\",\"call_id\":\"c0\",\"name\":\"patch\",\"input\":\"a\\nb\"}");
        assertThat(sent.path("input").get(2).path("type").asString()).isEqualTo("custom_tool_call_output");
    }

    @Test
    void aStreamHasTheTextAsItComes() throws GatewayException {
        ChatWriter writer = Recorder.CHAT_COMPLETIONS.stream(at("openai-compatible"), Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CALLED.forEach(event -> writer.event(event, out));
        List<String> calls = new ArrayList<>();
        for (String frame : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            JsonNode call = JSON.readTree(frame.substring(6))
                    .path("choices")
                    .path(0)
                    .path("delta")
                    .path("tool_calls");
            if (call.isArray()) {
                calls.add(call.get(0).toString());
            }
        }

        assertThat(calls)
                .containsExactly(
                        "{\"index\":0,\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"patch\",\"input\":\"\"}}",
                        "{\"index\":0,\"custom\":{\"input\":\"x\"}}",
                        "{\"index\":0,\"custom\":{\"input\":\"\\n\"}}",
                        "{\"index\":1,\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}",
                        "{\"index\":1,\"function\":{\"arguments\":\"{}\"}}");
    }

    @Test
    void aWholeAnswerHasTheText() throws GatewayException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : CALLED) {
            fold.add(event);
        }
        String whole = StandardCharsets.UTF_8
                .decode(Recorder.CHAT_COMPLETIONS
                        .whole(at("openai-compatible"), Recorder.served(), fold.response())
                        .bytes())
                .toString();

        assertThat(whole)
                .contains("{\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"patch\",\"input\":\"x\\n\"}}")
                .contains("{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
    }
}
