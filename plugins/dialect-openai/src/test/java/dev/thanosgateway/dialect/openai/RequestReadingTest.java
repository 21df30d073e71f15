package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReadingTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @Test
    void aMemberOfAPartThatIsNullCountsAsAbsent() throws GatewayException {
        String asked =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"I'll check.\","
                        + "\"refusal\":null,\"annotations\":null}]}]}";

        assertThat(Recorder.read(asked).content().messages().get(0).parts())
                .containsExactly(new Part.Text("I'll check."));
    }

    @Test
    void whatRoutingNeedsIsReadAtOnce() throws GatewayException {
        ChatRequest request =
                Recorder.read("{\"model\":\"openai/gpt-4o\",\"stream\":true,\"fallbacks\":[\"a/b\",\"c\"],"
                        + "\"tags\":{\"team\":[1]},\"echo\":{\"delay_ms\":5},\"stream_options\":{\"include_usage\":true},"
                        + HELLO
                        + "}");

        assertThat(request.model()).isEqualTo("openai/gpt-4o");
        assertThat(request.stream()).isTrue();
        assertThat(request.streamUsage()).isTrue();
        assertThat(request.fallbacks()).containsExactly("a/b", "c");
        assertThat(request.extensions()).containsOnlyKeys("tags", "echo");
        assertThat(request.extensions().get("echo").text()).isEqualTo("{\"delay_ms\":5}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local/My Model (v2)", "a#b?c%20", "Llama 3 \u2014 für Köche", "模型", "~x", "quote\\\"d"})
    void aModelMayHaveAnyNameThatCanBeSeen(String name) throws GatewayException {
        ChatRequest request =
                Recorder.read("{\"model\":\"" + name + "\"," + HELLO + ",\"fallbacks\":[\"" + name + "\"]}");
        String plain = name.replace("\\", "");

        assertThat(request.model()).isEqualTo(plain);
        assertThat(request.fallbacks()).containsExactly(plain);
        assertThat(Recorder.sent(request.withModel("the \"other\" one")))
                .contains("\"model\":\"the \\\"other\\\" one\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|messages",
                "{\"model\":7,H}|model",
                "{\"model\":\"\",H}|model",
                "{\"model\":\"a\\u0000\",H}|model",
                "{\"model\":\"m\"}|messages",
                "{\"model\":\"m\",\"messages\":[]}|messages",
                "{\"model\":\"m\",\"messages\":{}}|messages",
                "{\"model\":\"m\",\"messages\":null}|messages",
                "{\"model\":\"m\",\"messages\":[7]}|messages[0]",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}|messages[0].role",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}|messages[0].role",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":5}]}|messages[0].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[5]}]}|messages[0].content[0]",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{}]}]}|messages[0].content[0].type",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}"
                        + "|messages[0].content[0].text",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]}"
                        + "|messages[0].content[0].image_url.url",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"tool\",\"content\":\"b\"}]}"
                        + "|messages[1].tool_call_id",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{}}]}]}"
                        + "|messages[0].tool_calls[0].function.name",
                "{\"model\":\"m\",H,\"stream\":\"yes\"}|stream",
                "{\"model\":\"m\",H,\"temperature\":\"hot\"}|temperature",
                "{\"model\":\"m\",H,\"temperature\":1e999999999}|temperature",
                "{\"model\":\"m\",H,\"max_tokens\":1.5}|max_tokens",
                "{\"model\":\"m\",H,\"n\":0}|n",
                "{\"model\":\"m\",H,\"stop\":[1]}|stop[0]",
                "{\"model\":\"m\",H,\"stop\":true}|stop",
                "{\"model\":\"m\",H,\"tools\":[{\"type\":\"function\"}]}|tools[0].function",
                "{\"model\":\"m\",H,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":5}}]}|tools[0].function.name",
                "{\"model\":\"m\",H,\"tool_choice\":5}|tool_choice",
                "{\"model\":\"m\",H,\"response_format\":{}}|response_format.type",
                "{\"model\":\"m\",H,\"logit_bias\":{\"50\":\"x\"}}|logit_bias.50",
                "{\"model\":\"m\",H,\"stream_options\":{\"include_usage\":1}}|stream_options.include_usage",
                "{\"model\":\"m\",H,\"fallbacks\":\"a\"}|fallbacks",
                "{\"model\":\"m\",H,\"fallbacks\":[\"a/b\",\" \"]}|fallbacks[1]",
                "{\"model\":\"m\",H,\"fallbacks\":[\"a\\u0000b\"]}|fallbacks[0]",
                "{\"model\":\" \",H}|model",
                "{\"model\":\"a\\nb\",H}|model",
                "{\"model\":\"a\\u202eb\",H}|model",
                "{\"model\":\"m\",H,\"system\":5}|system"
            })
    void aFieldAtFaultIsNamed(String body, String field) {
        GatewayException e = refusal(body.replace("H", HELLO));

        assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e.parameter()).isEqualTo(field);
        assertThat(e.message()).startsWith("\"" + field + "\" ").endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "hello",
                "[]",
                "\"text\"",
                "{",
                "{\"model\":\"m\",H",
                "{\"model\":\"m\",H}}",
                "{\"model\":\"m\",H}{}",
                "{\"model\":\"m\",H,}",
                "{'model':'m'}",
                "{\"model\":\"m\",H,\"x\":01}",
                "{\"model\":\"m\",H,\"x\":NaN}",
                "{\"model\":\"m\",H,\"x\":\"\t\"}",
                "{\"model\":\"m\",H,\"x\":\"\\x\"}",
                "{\"model\":\"m\",H,\"x\":\"\\ud800\"}",
                "{\"model\":\"m\",H,\"model\":\"m\"}",
                "{\"model\":\"m\",H,\"mod\\u0065l\":\"m\"}",
                "{\"model\":\"m\",H,\"x\":{\"y\":[{\"z\":1,\"z\":2}]}}"
            })
    void whatIsNoJsonObjectIsRefused(String body) {
        GatewayException e = refusal(body.replace("H", HELLO));

        assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e.message()).startsWith("The request body ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C080",
                "C1BF",
                "E08080",
                "EDA080",
                "F0808080",
                "F4908080",
                "F5808080",
                "FF",
                "80",
                "C3",
                "E282",
                "F09F98"
            })
    void bytesThatAreNoUtf8AreRefused(String hex) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(Recorder.utf8("{\"model\":\"m\"," + HELLO + ",\"user\":\"abcdefgh"));
        body.writeBytes(HexFormat.of().parseHex(hex));
        body.writeBytes(Recorder.utf8("ijkl\"}"));

        assertThat(catchThrowableOfType(
                                GatewayException.class,
                                () -> Recorder.CHAT_COMPLETIONS.read(Recorder.incoming(body.toByteArray())))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void whatIsTooDeepOrHasTooManyNamesIsNotReadOn() {
        assertThat(refusal("[".repeat(100_000)).message()).contains("nested deeper than 128");
        assertThat(refusal("{\"a\":".repeat(100_000)).message()).contains("nested deeper than 128");
        StringBuilder names = new StringBuilder("{\"n0\":0");
        for (int i = 1; i < 1_000_000; i++) {
            names.append(",\"n").append(i).append("\":0");
        }
        assertThat(refusal(names.append('}').toString()).message()).contains("more than 65536 members");
    }

    @Test
    void explicitNullsAndUnknownFieldsAreTaken() throws GatewayException {
        ChatRequest request = Recorder.read("{\"model\":\"m\"," + HELLO
                + ",\"stream\":null,\"stop\":null,\"tools\":null,\"n\":null,\"temperature\":null,\"seed\":null,"
                + "\"response_format\":null,\"tool_choice\":null,\"stream_options\":null,\"fallbacks\":null,"
                + "\"brand_new\":{\"deep\":[1,{\"x\":null}]}}");

        assertThat(request.stream()).isFalse();
        ChatContent content = request.content();
        assertThat(content.hints()).containsOnlyKeys("brand_new");
        assertThat(content.hints().get("brand_new").text()).isEqualTo("{\"deep\":[1,{\"x\":null}]}");
        assertThat(content.sampling().temperature()).isNull();
    }

    @Test
    void theContentHasEverythingTheRequestSays() throws GatewayException {
        ChatContent content = Recorder.read("""
                {"model":"m","system":"be kind","max_completion_tokens":50,"temperature":0.7,"top_p":1,"n":2,"seed":-3,
                 "stop":"END","logprobs":true,"top_logprobs":3,"presence_penalty":0.5,"logit_bias":{"50256":-100},
                 "reasoning_effort":"low","user":"u1","parallel_tool_calls":false,
                 "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
                          {"type":"their_own","their_own":{"name":"c"}}],
                 "tool_choice":{"type":"function","function":{"name":"f"}},
                 "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"a":1},"strict":false}},
                 "messages":[
                  {"role":"developer","content":"d"},
                  {"role":"user","name":"ann","content":[{"type":"text","text":"look \\u00e9"},
                     {"type":"image_url","image_url":{"url":"data:image/png;charset=utf-8;base64,AAAA","detail":"low"}},
                     {"type":"image_url","image_url":{"url":"https://x/y.png"}},
                     {"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},
                     {"type":"file","file":{"file_id":"file-1"}},
                     {"type":"file","file":{"file_data":"data:application/pdf;base64,CC","filename":"a.pdf"}},
                     {"type":"video_url","video_url":{"url":"v"}}]},
                  {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":"c1","content":"42"},
                  {"role":"assistant","refusal":"no"}]}
                """).content();

        assertThat(content.messages()).hasSize(6);
        assertThat(content.messages().get(0).role()).isEqualTo(Role.SYSTEM);
        assertThat(content.messages().get(0).text()).isEqualTo("be kind");
        assertThat(content.messages().get(1).role()).isEqualTo(Role.DEVELOPER);
        Message user = content.messages().get(2);
        assertThat(user.name()).isEqualTo("ann");
        assertThat(user.text()).isEqualTo("look é");
        assertThat(user.parts().subList(1, 6))
                .containsExactly(
                        new Part.Image(new Part.Source.Data("image/png", "AAAA"), "low", Map.of()),
                        new Part.Image(new Part.Source.Url("https://x/y.png"), null, Map.of()),
                        new Part.Audio(new Part.Source.Data("audio/mp3", "BBBB"), "mp3", Map.of()),
                        new Part.Document(new Part.Source.FileId("file-1"), null, Map.of()),
                        new Part.Document(new Part.Source.Data("application/pdf", "CC"), "a.pdf", Map.of()));
        assertThat(user.parts().get(6)).isInstanceOf(Part.Other.class);
        assertThat(content.messages().get(3).parts()).containsExactly(new Part.ToolCall("c1", "f", "{}", Map.of()));
        assertThat(content.messages().get(4).parts())
                .containsExactly(new Part.ToolResult("c1", List.of(new Part.Text("42")), false, Map.of()));
        assertThat(content.messages().get(5).parts()).containsExactly(new Part.Refusal("no", Map.of()));
        assertThat(content.sampling().temperature()).isEqualTo(0.7);
        assertThat(content.sampling().seed()).isEqualTo(-3);
        assertThat(content.sampling().logitBias()).containsEntry("50256", -100.0);
        assertThat(content.choices()).isEqualTo(2);
        assertThat(content.stop()).containsExactly("END");
        assertThat(content.topLogprobs()).isEqualTo(3);
        assertThat(content.maxOutputTokens()).isEqualTo(50);
        assertThat(content.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(content.tools())
                .singleElement()
                .satisfies(t -> assertThat(t.strict()).isTrue());
        assertThat(content.responseFormat()).isInstanceOf(ResponseFormat.JsonSchema.class);
        assertThat(content.hints()).containsOnlyKeys("tools");
    }

    @Test
    void theOldFormOfCallsBecomesTheNewOne() throws GatewayException {
        ChatContent content = Recorder.read("""
                {"model":"m","functions":[{"name":"f"}],"function_call":{"name":"f"},"messages":[
                 {"role":"user","content":"x"},
                 {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
                 {"role":"function","name":"f","content":"1"}]}
                """).content();

        assertThat(content.tools())
                .singleElement()
                .satisfies(t -> assertThat(t.name()).isEqualTo("f"));
        assertThat(content.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        Part.ToolCall call = (Part.ToolCall) content.messages().get(1).parts().get(0);
        Part.ToolResult result =
                (Part.ToolResult) content.messages().get(2).parts().get(0);
        assertThat(result.callId()).isEqualTo(call.id()).isNotEmpty();
    }

    @Test
    void aByteOrderMarkBeforeTheBodyIsTakenAndGoesNoFurther() throws GatewayException {
        String body = "{\"model\":\"m\"," + HELLO + "}";

        assertThat(Recorder.sent(Recorder.read("\uFEFF" + body))).isEqualTo(body);
        assertThat(Recorder.read("\uFEFF" + body).content().messages()).hasSize(1);
    }

    private static GatewayException refusal(String body) {
        return catchThrowableOfType(GatewayException.class, () -> Recorder.read(body));
    }

    @Test
    void ofSomeToolsThatAreAllowedOnlyThoseAreToldElsewhere() throws GatewayException {
        String tools =
                "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
                        + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],\"tool_choice\":{\"type\":\"allowed_tools\","
                        + "\"allowed_tools\":{\"mode\":\"%s\",\"tools\":[{\"type\":\"%s\",\"%2$s\":{\"name\":\"g\"}}]}}}";
        ChatContent some = Recorder.read("{\"model\":\"m\"," + tools.formatted("required", "function"))
                .content();
        assertThat(some.tools()).extracting(tool -> tool.name()).containsExactly("g");
        assertThat(some.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(Recorder.read("{\"model\":\"m\"," + tools.formatted("auto", "function"))
                        .content()
                        .toolChoice())
                .isEqualTo(new ToolChoice.Auto());
        ChatContent custom = Recorder.read("{\"model\":\"m\"," + tools.formatted("auto", "custom"))
                .content();
        assertThat(custom.hints()).isEmpty();
        assertThat(custom.tools()).extracting(tool -> tool.name()).containsExactly("g");
    }

    @Test
    void anAnswerInTextIsNoWishAndOneInSoundIs() throws GatewayException {
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"modalities\":[\"text\"%s]}";
        assertThat(Recorder.read(body.formatted("")).content().hints()).isEmpty();
        assertThat(Recorder.read(body.formatted(", \"audio\"")).content().hints())
                .containsOnlyKeys("modalities");
    }
}
