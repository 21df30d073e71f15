package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReadingTest {
    private static final String EVERYTHING = """
            {"model":"claude-opus-4-5","max_tokens":5000,"stream":true,"temperature":0.5,"top_k":4,
             "stop_sequences":["END"],"metadata":{"user_id":"u"},"service_tier":"auto",
             "system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],
             "thinking":{"type":"enabled","budget_tokens":2000,"display":"summarized"},
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{},"additionalProperties":false}},"new":1},
             "tools":[{"name":"f","description":"F","input_schema":{"type":"object"},"strict":false,"cache_control":{"type":"ephemeral"}},
                      {"type":"web_search_20260318","name":"web_search"}],
             "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
             "messages":[
              {"role":"user","content":[{"type":"text","text":"a"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                {"type":"image","source":{"type":"url","url":"https://x/y"}},
                {"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"hé"},"citations":{"enabled":true}},
                {"type":"search_result","source":"s","title":"t","content":[]}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"s"},
                {"type":"redacted_thinking","data":"d"},{"type":"text","text":"b"},
                {"type":"tool_use","id":"c1","name":"f","input":{"a": 1.50}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","is_error":true,"content":[{"type":"text","text":"r"}]},
                {"type":"text","text":"c"}]}]}""";

    @Test
    void aToolThatWasFoundIsToldByItsName() throws GatewayException {
        List<Message> messages = Recorder.read(
                        "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":["
                                + "{\"type\":\"tool_result\",\"tool_use_id\":\"c1\",\"content\":[{\"type\":\"tool_reference\","
                                + "\"tool_name\":\"mcp__a__b\"}]}]}]}")
                .content()
                .messages();

        assertThat(messages.get(0).parts())
                .containsExactly(new Part.ToolResult(
                        "c1", List.of(new Part.Text("The tool mcp__a__b is available.")), false, Map.of()));
    }

    @Test
    void everythingThatHasAWordIsRead() throws GatewayException {
        ChatRequest request = read(EVERYTHING);
        ChatContent content = request.content();

        assertThat(request.stream()).isTrue();
        assertThat(content.maxOutputTokens()).isEqualTo(5000);
        assertThat(content.sampling().topK()).isEqualTo(4);
        assertThat(content.stop()).containsExactly("END");
        assertThat(content.user()).isEqualTo("u");
        assertThat(content.reasoning().budgetTokens()).isEqualTo(2000);
        assertThat(content.reasoning().visible()).isTrue();
        assertThat(content.responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(content.toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(content.parallelToolCalls()).isFalse();
        assertThat(content.tools()).hasSize(1);
        assertThat(content.hints()).containsOnlyKeys("tools", "output_config", "service_tier");
        assertThat(content.messages())
                .extracting(Message::role)
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER);
        assertThat(content.messages().get(1).parts().get(3))
                .isEqualTo(new Part.Document(
                        new Part.Source.Data("text/plain", "aMOp"),
                        "t",
                        Map.of("citations", new Json("{\"enabled\":true}"))));
        assertThat(content.messages().get(2).parts()).contains(new Part.ToolCall("c1", "f", "{\"a\": 1.50}", Map.of()));
        assertThat(content.messages().get(3).parts())
                .containsExactly(new Part.ToolResult("c1", List.of(new Part.Text("r")), true, Map.of()));
    }

    @Test
    void whatIsWrittenIsReadBackAndWrittenTheSame() throws GatewayException {
        String once = written(EVERYTHING);

        assertThat(once)
                .contains(
                        "\"web_search_20260318\"", "\"search_result\"", "\"budget_tokens\":2000", "\"is_error\":true");
        assertThat(written(once)).isEqualTo(once);
    }

    @Test
    void anyRequestIsWrittenReadAndWrittenTheSame() throws GatewayException {
        long seed = Long.getLong("thanos.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            String request = GeneratedRequests.next(random);
            String once = written(request);
            assertThat(written(once)).as("seed %d: %s", seed, request).isEqualTo(once);
        }
    }

    /** As a provider that does not relay would write it. */
    private static String written(String body) throws GatewayException {
        ChatRequest read = read(body);
        return Recorder.sent(Recorder.foreign(read.content(), read.model(), read.stream()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{}|messages",
                "{\"model\":1,\"messages\":[]}|model",
                "{\"model\":\" \",\"messages\":[]}|model",
                "{\"model\":\"m\"}|messages",
                "{\"model\":\"m\",\"messages\":{}}|messages",
                "{\"model\":\"m\",\"messages\":[],\"stream\":1}|stream",
                "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1.5}|max_tokens",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"\"}]}|messages[0].role",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}|messages[0].content[0].text",
                "{\"model\":\"m\",\"messages\":[],\"tools\":[{}]}|tools[0].name",
                "{\"model\":\"m\",\"messages\":[],\"tool_choice\":{\"type\":\"tool\"}}|tool_choice.name",
                "{\"model\":\"m\",\"messages\":[],\"thinking\":{}}|thinking.type",
            })
    void aWrongFieldIsNamed(String body, String field) {
        assertThatThrownBy(() -> read(body).content())
                .hasFieldOrPropertyWithValue("kind", ErrorKind.INVALID_REQUEST)
                .hasFieldOrPropertyWithValue("parameter", field)
                .hasMessageContaining(field);
    }

    @Test
    void whatIsNoStrictJsonIsRefused() {
        for (String body : List.of("", "x", "{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}", "[]", "{} x")) {
            assertThatThrownBy(() -> read(body)).hasFieldOrPropertyWithValue("kind", ErrorKind.INVALID_REQUEST);
        }
    }

    @Test
    void theFormOfTheAnswerMayHaveItsFormerName() throws GatewayException {
        String body = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"output_format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}}";

        assertThat(read(body).content().responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("answer", null, new Json("{\"type\":\"object\"}"), true));
        assertThat(read(body).content().hints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"],\"additionalProperties\":false}|true",
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[],\"additionalProperties\":false}|",
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"]}|",
                "{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"a\":{}}}]}}|",
            })
    void othersAreAskedToHoldAnswersToASchemaThatIsWhole(String schema, Boolean strict) throws GatewayException {
        String body = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                + "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":" + schema + "}}}";

        assertThat(read(body).content().responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("answer", null, new Json(schema), strict));
    }
}
