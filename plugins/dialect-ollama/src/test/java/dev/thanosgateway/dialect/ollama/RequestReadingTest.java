package dev.thanosgateway.dialect.ollama;

import static dev.thanosgateway.dialect.ollama.Recorder.chat;
import static dev.thanosgateway.dialect.ollama.Recorder.generate;
import static dev.thanosgateway.dialect.ollama.Recorder.incoming;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client's request means, and what is said of one that means nothing. */
class RequestReadingTest {
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    @Test
    void aToolChoiceInOpenAisWordsIsUnderstoodAndAnythingElseOverlooked() throws GatewayException {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":%s}";

        assertThat(chat(body.formatted("\"auto\"")).content().toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(chat(body.formatted("\"none\"")).content().toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(chat(body.formatted("\"required\"")).content().toolChoice()).isEqualTo(new ToolChoice.Required());
        String named = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
        assertThat(chat(body.formatted(named)).content().toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        for (String other : List.of("\"any\"", "{\"type\":\"x\"}", "{\"function\":1}", "5", "[]", "null")) {
            ChatContent content = chat(body.formatted(other)).content();
            assertThat(content.toolChoice()).isNull();
            assertThat(content.hints()).isEmpty();
        }
    }

    @Test
    void anAnswerIsAStreamUnlessTheCallerSaysOtherwise() throws GatewayException {
        assertThat(chat("{\"model\":\"m\"}").stream()).isTrue();
        assertThat(chat("{\"model\":\"m\",\"stream\":null}").stream()).isTrue();
        assertThat(chat("{\"model\":\"m\",\"stream\":false}").stream()).isFalse();
    }

    @Test
    void aNameWithoutATagAlsoMeansTheLatestAndTheOtherWayRound() throws GatewayException {
        assertThat(chat("{\"model\":\"a/b\"}").spellings()).containsExactly("a/b:latest");
        assertThat(chat("{\"model\":\"a/b:latest\"}").spellings()).containsExactly("a/b");
        assertThat(chat("{\"model\":\"a:7b\"}").spellings()).isEmpty();
    }

    @Test
    void aConversationIsReadWhole() throws GatewayException {
        ChatContent content = chat("""
                {"model":"m","messages":[
                  {"role":"system","content":"be kind"},
                  {"role":"User","content":"look","images":["%s"]},
                  {"role":"assistant","thinking":"hm","content":"ok","tool_calls":[
                    {"function":{"name":"f","arguments":{"a": 1.50}}},{"id":"x","function":{"name":"g"}}]},
                  {"role":"tool","tool_name":"g","content":"of g"},
                  {"role":"tool","content":"of f"}],
                 "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type": "object"}}}],
                 "format":{"type": "object"},"think":"high","logprobs":true,"top_logprobs":2,"keep_alive":"5m",
                 "options":{"temperature":0.7,"top_p":0.5,"top_k":3,"seed":42,"num_predict":9,"stop":["a"],
                   "num_ctx":4096,"presence_penalty":1,"frequency_penalty":-1}}
                """.formatted(PNG)).content();

        assertThat(content.messages())
                .extracting(m -> m.role())
                .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL, Role.TOOL);
        assertThat(content.messages().get(1).parts())
                .containsExactly(
                        new Part.Text("look"), new Part.Image(new Part.Source.Data("image/png", PNG), null, Map.of()));
        assertThat(content.messages().get(2).parts())
                .containsExactly(
                        new Part.Reasoning("hm", null, Map.of()),
                        new Part.Text("ok"),
                        new Part.ToolCall("call_2_0", "f", "{\"a\": 1.50}", Map.of()),
                        new Part.ToolCall("x", "g", "{}", Map.of()));
        assertThat(((Part.ToolResult) content.messages().get(3).parts().get(0)).callId())
                .isEqualTo("x");
        assertThat(((Part.ToolResult) content.messages().get(4).parts().get(0)).callId())
                .isEqualTo("call_2_0");
        assertThat(content.tools().get(0).parameters()).isEqualTo(new Json("{\"type\": \"object\"}"));
        assertThat(content.responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("answer", null, new Json("{\"type\": \"object\"}"), null));
        assertThat(content.reasoning().effort()).isEqualTo("high");
        assertThat(content.topLogprobs()).isEqualTo(2);
        assertThat(content.sampling().temperature()).isEqualTo(0.7);
        assertThat(content.sampling().topK()).isEqualTo(3);
        assertThat(content.sampling().seed()).isEqualTo(42);
        assertThat(content.maxOutputTokens()).isEqualTo(9);
        assertThat(content.stop()).containsExactly("a");
        assertThat(content.hints())
                .containsOnly(
                        Map.entry("keep_alive", new Json("\"5m\"")),
                        Map.entry("options", new Json("{\"num_ctx\":4096}")));
    }

    @Test
    void aGenerationIsAConversationOfOneTurn() throws GatewayException {
        ChatContent content = generate(
                        "{\"model\":\"m\",\"system\":\"s\",\"prompt\":\"p\",\"format\":\"json\",\"think\":false,\"raw\":false,"
                                + "\"context\":[],\"suffix\":\"\",\"options\":{\"num_predict\":-1}}")
                .content();

        assertThat(content.messages()).extracting(m -> m.text()).containsExactly("s", "p");
        assertThat(content.responseFormat()).isEqualTo(new ResponseFormat.JsonObject());
        assertThat(content.reasoning().effort()).isEqualTo("none");
        assertThat(content.maxOutputTokens()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | body is empty |",
                "{ | not valid JSON |",
                "[] | must be a JSON object |",
                "{} x | not valid JSON |",
                "{\"model\":\"a\",\"model\":\"b\"} | not valid JSON |",
                "{\"model\":\"a\",\"x\":[{\"y\":1,\"y\":2}]} | not valid JSON |",
                "{\"model\":7} | \"model\" must be a string | model",
                "{\"model\":\"\"} | must be the name of a model | model",
                "{\"model\":\"a b\"} | must be the name of a model | model",
                "{\"model\":\"a\",\"stream\":\"yes\"} | \"stream\" must be true or false | stream",
                "{\"model\":\"a\",\"fallbacks\":[7]} | \"fallbacks[0]\" must be a string | fallbacks[0]",
            })
    void whatCannotBeRoutedIsRefusedAtOnce(String body, String said, String field) {
        assertThatThrownBy(() -> chat(body))
                .hasMessageContaining(said)
                .hasFieldOrPropertyWithValue("parameter", field)
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"messages\":{} | messages",
                "\"messages\":[7] | messages[0]",
                "\"messages\":[{}] | messages[0].role",
                "\"messages\":[{\"role\":\"king\"}] | messages[0].role",
                "\"messages\":[{\"role\":\"user\",\"content\":[]}] | messages[0].content",
                "\"messages\":[{\"role\":\"user\",\"images\":[\"http://x/y\"]}] | messages[0].images[0]",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{}]}] | messages[0].tool_calls[0].function",
                "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}] | messages[0].tool_calls[0].function.arguments",
                "\"tools\":[{}] | tools[0].function",
                "\"tools\":[{\"function\":{}}] | tools[0].function.name",
                "\"format\":\"xml\" | format",
                "\"think\":\"hard\" | think",
                "\"options\":[] | options",
                "\"options\":{\"temperature\":\"hot\"} | options.temperature",
                "\"options\":{\"seed\":1.5} | options.seed",
                "\"options\":{\"temperature\":1e999} | options.temperature",
                "\"top_logprobs\":21 | top_logprobs",
            })
    void aFieldThatCannotBeIsNamedWhenItIsRead(String fields, String field) throws GatewayException {
        String messages =
                fields.startsWith("\"messages") ? "" : "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],";
        ChatRequest request = chat("{\"model\":\"m\"," + messages + fields + "}");

        assertThatThrownBy(request::content)
                .hasMessageContaining("\"" + field + "\"")
                .hasFieldOrPropertyWithValue("parameter", field)
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"suffix\":\"}\" | suffix",
                "\"raw\":true | raw",
                "\"template\":\"{{ .Prompt }}\" | template",
                "\"context\":[1,2] | context",
                "\"prompt\":\"\" | prompt",
            })
    void whatOnlyAnOllamaCanDoIsUnsupportedElsewhere(String field, String name) throws GatewayException {
        String prompt = name.equals("prompt") ? "" : "\"prompt\":\"p\",";
        ChatRequest request = generate("{\"model\":\"m\"," + prompt + field + "}");

        assertThatThrownBy(request::content)
                .hasFieldOrPropertyWithValue("parameter", name)
                .extracting("kind")
                .isEqualTo(ErrorKind.UNSUPPORTED);
    }

    @Test
    void bytesThatAreNoUtf8AndDepthsWithoutEndAreRefused() {
        byte[] overlong = Recorder.utf8("{\"model\":\"m\",\"x\":\"??\"}");
        overlong[overlong.length - 4] = (byte) 0xC0;
        overlong[overlong.length - 3] = (byte) 0xAF;
        String deep = "{\"model\":\"m\",\"x\":" + "[".repeat(500) + "]".repeat(500) + "}";

        assertThatThrownBy(() -> Recorder.CHAT.read(incoming(overlong))).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> chat(deep)).hasMessageContaining("nested too deep");
    }
}
