package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for responses, read, and as chat completions say them. */
class ResponsesReadingTest {
    private static ChatRequest read(String fields) throws GatewayException {
        return Recorder.read(Recorder.RESPONSES, "{\"model\":\"m\"," + fields + "}");
    }

    /** What an upstream with chat completions alone is sent, without its model. */
    private static String chat(String fields) throws GatewayException {
        return Recorder.sent(read(fields)).replaceFirst("^\\{\"model\":\"m\",", "{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"input\":\"hi\" | \"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]",
                "\"input\":\"hi\",\"instructions\":\"be brief\" | \"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hi\"}]",
                "\"input\":[{\"role\":\"developer\",\"content\":\"d\"},{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"é\"}]}] | \"messages\":[{\"role\":\"developer\",\"content\":\"d\"},{\"role\":\"user\",\"content\":\"é\"}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"detail\":\"auto\",\"image_url\":\"https://x/y\"},{\"type\":\"input_image\",\"detail\":\"low\",\"image_url\":\"data:image/png;base64,AA==\"}]}] | \"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x/y\"}},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA==\",\"detail\":\"low\"}}]}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"filename\":\"a.PDF\",\"file_data\":\"AAAA\"},{\"type\":\"input_file\",\"file_id\":\"f\"},{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"BB\",\"format\":\"mp3\"}}]}] | \"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/pdf;base64,AAAA\",\"filename\":\"a.PDF\"}},{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}},{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"BB\",\"format\":\"mp3\"}}]}]",
                "\"input\":[{\"role\":\"assistant\",\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\",\"annotations\":[],\"logprobs\":[]}]},{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"},{\"type\":\"function_call\",\"call_id\":\"c2\",\"name\":\"g\",\"arguments\":\"\"},{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"1\"},{\"type\":\"function_call_output\",\"call_id\":\"c2\",\"output\":[{\"type\":\"input_text\",\"text\":\"2\"}]}] | \"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"1\"},{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":\"2\"}]",
                "\"input\":[{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}] | \"messages\":[{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}]",
            })
    void inputIsAConversation(String fields, String sent) throws GatewayException {
        assertThat(chat(fields)).isEqualTo("{" + sent + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"},\"strict\":true}] | \"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\",\"parameters\":{\"type\":\"object\"},\"strict\":true}}]",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":null,\"strict\":null}],\"tool_choice\":\"required\",\"parallel_tool_calls\":false | \"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\",\"parallel_tool_calls\":false",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"} | \"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"function\",\"name\":\"g\"}],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"name\":\"g\"}]} | \"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],\"tool_choice\":\"required\"",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"a\":1.50},\"strict\":true},\"verbosity\":\"low\"} | \"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"a\":1.50},\"strict\":true}},\"verbosity\":\"low\"",
                "\"reasoning\":{\"effort\":\"low\",\"summary\":\"auto\"} | \"reasoning_effort\":\"low\"",
                "\"temperature\":0.7,\"top_p\":0.5,\"max_output_tokens\":9,\"user\":\"u\" | \"max_completion_tokens\":9,\"user\":\"u\",\"temperature\":0.7,\"top_p\":0.5",
                "\"include\":[\"reasoning.encrypted_content\",\"message.output_text.logprobs\"] | \"logprobs\":true",
                "\"top_logprobs\":3 | \"logprobs\":true,\"top_logprobs\":3",
                "\"service_tier\":\"flex\",\"prompt_cache_key\":\"k\",\"safety_identifier\":\"s\" | \"prompt_cache_key\":\"k\",\"safety_identifier\":\"s\",\"service_tier\":\"flex\"",
                "\"metadata\":{\"a\":\"b\"},\"store\":false,\"truncation\":\"disabled\",\"background\":false,\"previous_response_id\":null,\"conversation\":null |",
            })
    void settingsHaveTheirCounterparts(String fields, String sent) throws GatewayException {
        String all = sent == null ? "" : "," + sent;
        assertThat(chat("\"input\":\"x\"," + fields))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]" + all + "}");
    }

    @Test
    void anyJsonIsRequestedAsItIsOfAModelOfWhichNothingIsKnown() throws GatewayException {
        assertThat(chat("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_object\"}}"))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                        + "\"response_format\":{\"type\":\"json_object\"}}");
    }

    @Test
    void aStreamAsksForItsUsageWhichItsLastEventTells() throws GatewayException {
        assertThat(read("\"input\":\"x\",\"stream\":true").streamUsage()).isTrue();
        assertThat(chat("\"input\":\"x\",\"stream\":true")).contains("\"include_usage\":true");
    }

    @Test
    void hintsWithoutACounterpartAreDroppedAndNamed() throws GatewayException {
        ChatRequest request = read("\"input\":\"x\",\"store\":true,\"truncation\":\"auto\",\"brand_new\":[1],"
                + "\"reasoning\":{\"summary\":\"auto\",\"mode\":\"x\"},\"text\":{\"verbosity\":\"low\",\"other\":1}");

        assertThat(OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call().dropped())
                .containsExactly(
                        "brand_new", "reasoning.mode", "reasoning.summary", "store", "text.other", "truncation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"input\":\"x\",\"previous_response_id\":\"r\" | previous_response_id",
                "\"input\":\"x\",\"conversation\":\"c\" | conversation",
                "\"prompt\":{\"id\":\"p\"} | prompt",
                "\"input\":\"x\",\"background\":true | background",
                "\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}],\"tool_choice\":\"required\" | tool_choice",
                "\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"mcp\",\"server_label\":\"s\"}],\"tool_choice\":{\"type\":\"mcp\",\"server_label\":\"s\"} | tool_choice.type",
                "\"input\":\"x\",\"tool_choice\":{\"type\":\"file_search\"} | tool_choice.type",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"i\"}] | input[0]",
                "\"input\":[{\"type\":\"compaction\",\"encrypted_content\":\"x\"}] | input[0]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_video\"}]}] | input[0].content[0].type",
                "\"input\":\"x\",\"text\":{\"format\":{\"type\":\"grammar\"}} | text.format.type",
            })
    void whatOnlyOpenAiHasIsRefusedByName(String fields, String field) throws GatewayException {
        ChatRequest request = read(fields);
        GatewayException refused = catchThrowableOfType(GatewayException.class, request::content);

        assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(refused.parameter()).isEqualTo(field);
        assertThat(refused.message()).contains(field);
        assertThat(OpenAi.chat(request, Quirks.NONE.withResponses(true), Auth.BEARER)
                        .call()
                        .path())
                .as("where responses are relayed it is not ours to refuse")
                .isEqualTo("/v1/responses");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"temperature\":1 | input",
                "\"input\":1 | input",
                "\"input\":[] | input",
                "\"input\":[1] | input[0]",
                "\"input\":[{}] | input[0].type",
                "\"input\":[{\"role\":\"x\",\"content\":\"\"}] | input[0].role",
                "\"input\":[{\"role\":\"user\"}] | input[0].content",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}] | input[0].content[0].text",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}] | input[0].content[0].image_url",
                "\"input\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}] | input[0].call_id",
                "\"input\":\"x\",\"instructions\":1 | instructions",
                "\"input\":\"x\",\"tools\":[{\"type\":\"function\"}] | tools[0].name",
                "\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":[]}] | tools[0].parameters",
                "\"input\":\"x\",\"tool_choice\":\"some\" | tool_choice",
                "\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}} | text.format.schema",
                "\"input\":\"x\",\"top_logprobs\":21 | top_logprobs",
                "\"input\":\"x\",\"max_output_tokens\":1.5 | max_output_tokens",
                "\"input\":\"x\",\"temperature\":\"hot\" | temperature",
                "\"input\":\"x\",\"fallbacks\":[1] | fallbacks[0]",
            })
    void aMistakeNamesItsField(String fields, String field) {
        GatewayException refused =
                catchThrowableOfType(GatewayException.class, () -> read(fields).content());

        assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(refused.parameter()).isEqualTo(field);
    }

    @Test
    void whatRoutingNeedsIsReadAndTheGatewaysOwnFieldsGoNoFurther() throws GatewayException {
        String body =
                " {\"tags\":[1], \"model\" : \"openai/gpt-5\",\"echo\":{}, \"input\":[ {\"role\":\"user\",\"content\":"
                        + "\"\\u00e9é\"} ],\"x\":1.50,\"fallbacks\":[\"a/b\"]}\n";
        ChatRequest request = Recorder.read(Recorder.RESPONSES, body);

        assertThat(request.model()).isEqualTo("openai/gpt-5");
        assertThat(request.fallbacks()).containsExactly("a/b");
        assertThat(request.extensions()).containsOnlyKeys("tags", "echo");
        assertThat(Recorder.sent(request.withModel("gpt-5"), Quirks.NONE.withResponses(true)))
                .isEqualTo(" { \"model\" : \"gpt-5\", \"input\":[ {\"role\":\"user\",\"content\":\"\\u00e9é\"} ],"
                        + "\"x\":1.50}\n");
    }

    @Test
    void thoughtsOfOthersAreNotSentToOpenAiAndItsOwnNotToOthers() throws GatewayException {
        String own = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"t\"}],"
                + "\"encrypted_content\":\"gAAA\"}";
        String others = "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"u\"}],"
                + "\"encrypted_content\":\"thanos-signed:sig\"}";
        String unsigned =
                "{\"type\":\"reasoning\",\"summary\":[{\"text\":\"v\"}],\"encrypted_content\":\"thanos-signed:\"}";
        String hidden = "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"thanos-redacted:data\"}";
        String hi = "{\"role\":\"user\",\"content\":\"hi\"}";
        ChatRequest request =
                read("\"input\":[" + own + "," + others + "," + unsigned + ", " + hi + "," + hidden + "]");
        ChatContent content = request.content();

        assertThat(content.messages().get(0).parts())
                .containsExactly(
                        new Part.Reasoning("t", "openai:gAAA", Map.of()),
                        new Part.Reasoning("u", "sig", Map.of()),
                        new Part.Reasoning("v", null, Map.of()));
        assertThat(content.messages().get(2).parts()).containsExactly(new Part.RedactedReasoning("data", Map.of()));
        assertThat(Recorder.sent(request, Quirks.NONE.withResponses(true)))
                .isEqualTo("{\"model\":\"m\",\"input\":[" + own + "," + hi + "]}");
        assertThat(content.messages())
                .extracting(Message::role)
                .isEqualTo(List.of(Role.ASSISTANT, Role.USER, Role.ASSISTANT));
    }
}
