package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A relayed request changes only where its model refuses it; every other byte is the caller's. */
class FittedRelayTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"hi\"}";
    private static final String LONG_NAME = "mcp__enterprise_database_management__synchronize_all_customer_data_now";

    private static String sent(String profile, String body) throws GatewayException {
        HttpCall call = call(profile, body);
        assertThat(call.relay()).isTrue();
        return StandardCharsets.UTF_8.decode(call.body()).toString();
    }

    private static HttpCall call(String profile, String body) throws GatewayException {
        ChatRequest request = Traits.on(profile, Recorder.read(body.replace("USER", USER)));
        return OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call();
    }

    /** Each of these changes somewhere else; here nothing of it is refused. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai|gpt-4o|{ \"model\":M, \"temperature\": 0.50 ,\"x\":[1.0],\"messages\":[USER , {\"role\":\"developer\",\"content\":\"\\u00e9\"}]}",
                "openai|gpt-5|{\"model\":M,\"reasoning_effort\":\"minimal\",\"seed\":1,\"n\":2,\"messages\":[USER]}",
                "openai|gpt-4o|{\"model\":M,\"user\":\"u\",\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\"}]}",
                "deepseek|deepseek-v4-pro|{\"model\":M,\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\",\"prefix\":true}]}",
                "mistral|mistral-large-4|{\"model\":M,\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\",\"prefix\":true}]}",
                "openai-compatible|llama|{\"model\":M,\"stream_options\":{\"include_usage\":true},\"logprobs\":true,\"messages\":[USER]}",
                "openai|gpt-4o|{\"model\":M,\"n\":1,\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"y\":0}}],\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"\\n\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"1\"}]}",
                "xai|grok-4|{\"model\":M,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image\\/png;base64,AAAA\",\"z\":1}}]}]}",
            })
    void whatTheModelTakesGoesOnByteForByte(String profile, String model, String body) throws GatewayException {
        String named = body.replace("M,", '"' + model + "\",");

        assertThat(sent(profile, named)).isEqualTo(named.replace("USER", USER));
        assertThat(call(profile, named).dropped()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // The limit's name, without a look at anything else.
                "openai|gpt-6.1-sol|\"max_tokens\": 5,\"x\":1,\"messages\":[USER]|\"max_completion_tokens\": 5,\"x\":1,\"messages\":[USER]|",
                "mistral|m|\"x\":1,\"max_completion_tokens\":5,\"messages\":[USER]|\"x\":1,\"max_tokens\":5,\"messages\":[USER]|",
                "openai|o3|\"max_tokens\":5,\"max_completion_tokens\":5,\"messages\":[USER]|\"max_completion_tokens\":5,\"messages\":[USER]|",
                "openai|gpt-6.1-sol|\"temperature\":1,\"messages\":[USER],\"top_p\":1,\"tags\":{},\"x\":1.0|\"messages\":[USER],\"x\":1.0|temperature,top_p",
                "openai|gpt-6.1-sol|\"messages\":[USER],\"tags\":{},\"temperature\":1|\"messages\":[USER]|temperature",
                "openai|gpt-6.1-sol|\"reasoning_effort\":\"minimal\",\"messages\":[USER]|\"reasoning_effort\":\"low\",\"messages\":[USER]|",
                "openai|gpt-4o|\"reasoning_effort\":\"none\",\"messages\":[USER]|\"messages\":[USER]|",
                "openai|gpt-4o|\"reasoning_effort\":\"high\",\"messages\":[USER]|\"messages\":[USER]|reasoning_effort",
                "deepseek|d|\"system\":\"s\",\"messages\":[{\"x\":1,\"role\":\"developer\",\"content\":\"be\"},USER]|\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"x\":1,\"role\":\"system\",\"content\":\"be\"},USER]|",
                "mistral|m|\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\",\"x\":1} ]|\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\",\"x\":1},{\"role\":\"user\",\"content\":\"Continue.\"} ]|",
                "mistral|m|\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[USER]|\"stream\":true,\"messages\":[USER]|",
                "openrouter|anthropic/claude-fable-5.1|\"tool_choice\":\"required\",\"tools\":[],\"messages\":[USER]|\"tool_choice\":\"auto\",\"tools\":[],\"messages\":[USER]|tool_choice",
                "zai|glm|\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}},\"messages\":[USER]|\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}},\"messages\":[USER]|tool_choice",
                // As Mistral's SDK sends an image.
                "openai|gpt-4o|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"https://x.y/a.png\",\"w\":2},{\"image_url\": \"data:image/jpg;base64,AA\" ,\"type\":\"image_url\"}]}]|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.y/a.png\"},\"w\":2},{\"image_url\": {\"url\":\"data:image/jpeg;base64,AA\"} ,\"type\":\"image_url\"}]}]|",
                "openai|gpt-4o|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image\\/jpg;base64,AA\\/A\",\"z\":1},\"w\":2}]}]|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/jpeg;base64,AA\\/A\",\"z\":1},\"w\":2}]}]|",
                "openai|gpt-4o|\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_content\":\"hm\",\"x\":1},USER]|\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"x\":1},USER]|",
                "deepseek|d|\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\"}}},\"messages\":[USER]|\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"role\":\"system\",\"content\":\"Answer with one JSON value that matches this JSON Schema: {\\\"type\\\":\\\"object\\\"}, and with nothing before or after it.\"},USER]|response_format.strict",
                "deepseek|d|\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":false,\"schema\":{\"type\":\"object\"}}},\"messages\":[{\"role\":\"system\",\"content\":\"be\",\"x\":1},USER]|\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"role\":\"system\",\"content\":\"be\\n\\nAnswer with one JSON value that matches this JSON Schema: {\\\"type\\\":\\\"object\\\"}, and with nothing before or after it.\",\"x\":1},USER]|",
                "deepseek|d|\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":false,\"schema\":{\"type\":\"object\"}}},\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"be\",\"x\":1}],\"role\":\"developer\"},USER]|\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"be\",\"x\":1},{\"type\":\"text\",\"text\":\"Answer with one JSON value that matches this JSON Schema: {\\\"type\\\":\\\"object\\\"}, and with nothing before or after it.\"}],\"role\":\"system\"},USER]|",
                "google-openai|gemini-3.5-flash|\"messages\":[USER,{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"1\"},{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"1\"}]|\"messages\":[USER,{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},\"extra_content\":{\"google\":{\"thought_signature\":\"skip_thought_signature_validator\"}}},{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"a\",\"content\":\"1\"},{\"role\":\"tool\",\"tool_call_id\":\"b\",\"content\":\"1\"}]|",
                "openai|gpt-4o|\"response_format\":{\"type\":\"json_object\"},\"messages\":[USER]|\"response_format\":{\"type\":\"json_object\"},\"messages\":[{\"role\":\"system\",\"content\":\"Answer with one JSON object, and with nothing before or after it.\"},USER]|",
                "deepseek|d|\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true}}],\"messages\":[USER]|\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":false}}],\"messages\":[USER]|tools.strict",
            })
    void onlyWhatTheModelRefusesChanges(String profile, String model, String asked, String sent, String dropped)
            throws GatewayException {
        String begin = "{\"model\":\"" + model + "\",";

        assertThat(sent(profile, begin + asked + "}")).isEqualTo(begin + sent.replace("USER", USER) + "}");
        assertThat(call(profile, begin + asked + "}").dropped())
                .containsExactlyInAnyOrder(dropped == null ? new String[0] : dropped.split(","));
    }

    @Test
    void aLongUserIsHashed() throws GatewayException {
        String user = "user_".repeat(40);

        assertThat(sent("openai", "{\"model\":\"gpt-4o\",\"user\":\"" + user + "\",\"messages\":[USER]}"))
                .matches("\\{\"model\":\"gpt-4o\",\"user\":\"[0-9a-f]{64}\",\"messages\":\\[.*");
    }

    private static String calls(String first, String second) {
        String call =
                "{\"x\":1,\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        String result = "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"1\",\"y\":2}";
        return "{\"model\":\"m\",\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                + call.formatted(first) + "," + call.formatted(second) + "]}," + result.formatted(first) + ","
                + result.formatted(second) + "]}";
    }

    @ParameterizedTest
    @CsvSource({
        "mistral, call_0123456789, call_1, '[0-9a-f]{9}', '[0-9a-f]{9}'",
        "mistral, abcdefghi, call_1, abcdefghi, '[0-9a-f]{9}'",
        "openai, same, same, same, '[0-9a-f]{32}'",
        "openai-compatible, '', '', '[0-9a-f]{32}', '[0-9a-f]{32}'",
        "openai, 0123456789012345678901234567890123456789_, b, '[0-9a-f]{32}', b",
    })
    void idsOfCallsAreMendedWithTheirResults(String profile, String first, String second, String one, String two)
            throws GatewayException {
        assertThat(sent(profile, calls(first, second)))
                .matches(
                        ".*\\{\"x\":1,\"id\":\"(" + one + ")\",\"type\".*\\{\"x\":1,\"id\":\"(" + two + ")\",\"type\".*"
                                + "\"tool_call_id\":\"\\1\",\"content\":\"1\",\"y\":2.*\"tool_call_id\":\"\\2\",.*");
    }

    @Test
    void anImageInAToolsResultComesBehindAllResultsOfItsTurn() throws GatewayException {
        String body = "{\"model\":\"gpt-4o\",\"messages\":[USER,{\"role\":\"assistant\",\"tool_calls\":["
                + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                + "{\"role\":\"tool\",\"z\":0,\"tool_call_id\":\"a\",\"content\":[{\"type\":\"text\",\"text\":\"t\",\"q\":1},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"},\"w\":2}]},USER]}";

        assertThat(sent("openai", body))
                .endsWith(
                        "{\"role\":\"tool\",\"z\":0,\"tool_call_id\":\"a\",\"content\":[{\"type\":\"text\",\"text\":\"t\",\"q\":1}]},"
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"From the tool call a:\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"},\"w\":2}]},"
                                + USER + "]}");
        assertThat(sent("openai", body.replace("{\"type\":\"text\",\"text\":\"t\",\"q\":1},", "")))
                .contains("\"tool_call_id\":\"a\",\"content\":\"The result follows the results of all calls.\"},");
    }

    @Test
    void anImageInAnAssistantsTurnComesBehindIt() throws GatewayException {
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"},\"w\":2}";
        String body = "{\"model\":\"m\",\"messages\":[USER,{\"role\":\"assistant\",\"z\":0,\"content\":["
                + "{\"type\":\"text\",\"text\":\"t\",\"q\":1}," + image + "]},USER]}";

        for (String profile : List.of("openai", "openai-compatible")) {
            assertThat(sent(profile, body))
                    .endsWith(
                            "{\"role\":\"assistant\",\"z\":0,\"content\":[{\"type\":\"text\",\"text\":\"t\",\"q\":1}]},"
                                    + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"From the assistant's answer:\"},"
                                    + image + "]}," + USER + "]}");
        }
    }

    @ParameterizedTest
    @CsvSource({"groq, logprobs, true", "groq, n, 2"})
    void whatTheAnswerDependsOnIsUnsupported(String profile, String field, String value) {
        assertThatThrownBy(() -> call(profile, "{\"model\":\"m\",\"" + field + "\":" + value + ",\"messages\":[USER]}"))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({LONG_NAME, "files.read/now"})
    void toolsHaveNamesThatTheModelTakesAndTheAnswerHasTheCallers(String name) throws GatewayException {
        String body =
                "{\"model\":\"gpt-4o\",\"stream\":STREAM,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\""
                        + name + "\",\"x\":1}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"" + name
                        + "\"}},\"messages\":[USER]}";
        String whole = body.replace("STREAM", "false");
        String sent = sent("openai", whole);
        String brief = sent.replaceAll(".*?\"name\":\"([^\"]+)\".*", "$1");
        assertThat(brief).matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(sent).isEqualTo(whole.replace("USER", USER).replace(name, brief));

        String call =
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"v\":1,"
                        + "\"function\":{\"name\":\"NAME\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}";
        ChatRequest request = Traits.on("openai", Recorder.read(whole.replace("USER", USER)));
        assertThat(Recorder.whole(request, call.replace("NAME", brief)).text()).isEqualTo(call.replace("NAME", name));

        ChatRequest streaming =
                Traits.on("openai", Recorder.read(body.replace("STREAM", "true").replace("USER", USER)));
        String chunk = "data: " + call.replace("message", "delta").replace("\"id\"", "\"index\":0,\"id\"") + "\n\n";
        Recorder<ChatEvent> streamed = Recorder.stream(streaming, chunk.replace("NAME", brief) + "data: [DONE]\n\n");
        assertThat(streamed.text()).isEqualTo(chunk.replace("NAME", name));
        assertThat(Recorder.whole(streaming, call.replace("NAME", brief)).text())
                .contains('"' + name + '"');
    }

    @Test
    void nothingIsChangedWhereNothingIsKnown() throws GatewayException {
        String body = "{\"model\":\"m\",\"user\":\"" + "u".repeat(500) + "\",\"max_tokens\":9,\"temperature\":1,"
                + "\"reasoning_effort\":\"odd\",\"messages\":[{\"role\":\"developer\",\"content\":\"d\"}," + USER
                + ",{\"role\":\"assistant\",\"content\":\"so\",\"reasoning\":\"x\"}]}";

        assertThat(Recorder.sent(Recorder.read(body))).isEqualTo(body);
    }
}
