package dev.thanosgateway.e2e;

import java.util.List;
import java.util.Map;

/** What a client may ask for, in the words of each language a client may speak. */
enum Wished {
    PLAIN(
            "\"messages\":[USER]",
            "\"input\":\"hi\"",
            "\"messages\":[USER]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    SAMPLING(
            "\"temperature\":0.5,\"top_p\":0.9,\"stop\":[\"END\"],\"messages\":[USER]",
            "\"temperature\":0.5,\"top_p\":0.9,\"input\":\"hi\"",
            "\"temperature\":0.5,\"top_p\":0.9,\"top_k\":3,\"stop_sequences\":[\"END\"],\"messages\":[USER]",
            "\"generationConfig\":{\"temperature\":0.5,\"topP\":0.9,\"stopSequences\":[\"END\"]},\"contents\":[GUSER]",
            "\"options\":{\"temperature\":0.5,\"top_p\":0.9,\"stop\":[\"END\"]},\"messages\":[USER]"),
    MUCH_THOUGHT(
            "\"reasoning_effort\":\"high\",\"messages\":[USER]",
            "\"reasoning\":{\"effort\":\"high\"},\"input\":\"hi\"",
            "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"},\"messages\":[USER]",
            "\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"high\"}},\"contents\":[GUSER]",
            "\"think\":\"high\",\"messages\":[USER]"),
    NO_THOUGHT(
            "\"reasoning_effort\":\"none\",\"messages\":[USER]",
            "\"reasoning\":{\"effort\":\"none\"},\"input\":\"hi\"",
            "\"thinking\":{\"type\":\"disabled\"},\"messages\":[USER]",
            "\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}},\"contents\":[GUSER]",
            "\"think\":false,\"messages\":[USER]"),
    LIMIT(
            "\"max_tokens\":500,\"messages\":[USER]",
            "\"max_output_tokens\":500,\"input\":\"hi\"",
            "\"messages\":[USER]",
            "\"generationConfig\":{\"maxOutputTokens\":500},\"contents\":[GUSER]",
            "\"options\":{\"num_predict\":500},\"messages\":[USER]"),
    TOOLS(
            "\"tools\":[TOOL],\"reasoning_effort\":\"high\",\"messages\":[USER]",
            "\"tools\":[FLAT],\"reasoning\":{\"effort\":\"high\"},\"input\":\"hi\"",
            "\"tools\":[ANT],\"messages\":[USER]",
            "\"tools\":[{\"functionDeclarations\":[GEM]}],\"contents\":[GUSER]",
            "\"tools\":[TOOL],\"messages\":[USER]"),
    FORCED(
            "\"tools\":[TOOL],\"tool_choice\":\"required\",\"messages\":[USER]",
            "\"tools\":[FLAT],\"tool_choice\":\"required\",\"input\":\"hi\"",
            "\"tools\":[ANT],\"tool_choice\":{\"type\":\"any\"},\"messages\":[USER]",
            "\"tools\":[{\"functionDeclarations\":[GEM]}],\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\"}},"
                    + "\"contents\":[GUSER]",
            "\"tools\":[TOOL],\"messages\":[USER]"),
    SECOND_TURN(
            "\"tools\":[TOOL],\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\","
                    + "\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\","
                    + "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"found\"}]",
            "\"tools\":[FLAT],\"input\":[{\"role\":\"user\",\"content\":\"hi\"},"
                    + "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                    + "{\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"look\",\"arguments\":\"{}\"},"
                    + "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"found\"}]",
            "\"tools\":[ANT],\"messages\":[USER,{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"look\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\","
                    + "\"content\":\"found\"}]}]",
            "\"tools\":[{\"functionDeclarations\":[GEM]}],\"contents\":[GUSER,{\"role\":\"model\",\"parts\":["
                    + "{\"text\":\"hm\",\"thought\":true},{\"functionCall\":{\"name\":\"look\",\"args\":{}}}]},"
                    + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"look\",\"response\":{\"a\":1}}}]}]",
            "\"tools\":[TOOL],\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\","
                    + "\"tool_calls\":[{\"function\":{\"name\":\"look\",\"arguments\":{}}}]},"
                    + "{\"role\":\"tool\",\"tool_name\":\"look\",\"content\":\"found\"}]"),
    RULES_FOR_DEVELOPERS(
            "\"messages\":[{\"role\":\"developer\",\"content\":\"be brief\"},USER]",
            "\"instructions\":\"be brief\",\"input\":[{\"role\":\"developer\",\"content\":\"really\"},"
                    + "{\"role\":\"user\",\"content\":\"hi\"}]",
            "\"system\":\"be brief\",\"messages\":[USER]",
            "\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]},\"contents\":[GUSER]",
            "\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},USER]"),
    LONG_USER(
            "\"user\":\"LONG\",\"messages\":[USER]",
            "\"user\":\"LONG\",\"input\":\"hi\"",
            "\"metadata\":{\"user_id\":\"LONG\"},\"messages\":[USER]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    LONG_TOOL_NAME(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"NAME\"}}],\"messages\":[USER]",
            "\"tools\":[{\"type\":\"function\",\"name\":\"NAME\"}],\"input\":\"hi\"",
            "\"tools\":[{\"name\":\"NAME\",\"input_schema\":{\"type\":\"object\"}}],\"messages\":[USER]",
            "\"tools\":[{\"functionDeclarations\":[{\"name\":\"NAME\"}]}],\"contents\":[GUSER]",
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"NAME\"}}],\"messages\":[USER]"),
    ODD_TOOL_NAME(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"ODD\"}}],\"messages\":[USER]",
            "\"tools\":[{\"type\":\"function\",\"name\":\"ODD\"}],\"input\":\"hi\"",
            "\"tools\":[{\"name\":\"ODD\",\"input_schema\":{\"type\":\"object\"}}],\"messages\":[USER]",
            "\"tools\":[{\"functionDeclarations\":[{\"name\":\"ODD\"}]}],\"contents\":[GUSER]",
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"ODD\"}}],\"messages\":[USER]"),
    SCHEMA_OF_THE_ANSWER(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":true,\"schema\":FORM}},"
                    + "\"messages\":[USER]",
            "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"strict\":true,\"schema\":FORM}},\"input\":\"hi\"",
            "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":FORM}},\"messages\":[USER]",
            "\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":FORM},"
                    + "\"contents\":[GUSER]",
            "\"format\":FORM,\"messages\":[USER]"),
    ANY_JSON(
            "\"response_format\":{\"type\":\"json_object\"},\"messages\":[USER]",
            "\"text\":{\"format\":{\"type\":\"json_object\"}},\"input\":\"hi\"",
            "\"messages\":[USER]",
            "\"generationConfig\":{\"responseMimeType\":\"application/json\"},\"contents\":[GUSER]",
            "\"format\":\"json\",\"messages\":[USER]"),
    PICTURE(
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                    + "{\"url\":\"data:image/jpg;base64,AAAA\"}},{\"type\":\"text\",\"text\":\"hi\"}]}]",
            "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":"
                    + "\"data:image/jpg;base64,AAAA\"},{\"type\":\"input_text\",\"text\":\"hi\"}]}]",
            "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\","
                    + "\"media_type\":\"image/jpg\",\"data\":\"AAAA\"}},{\"type\":\"text\",\"text\":\"hi\"}]}]",
            "\"contents\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/jpg\",\"data\":\"AAAA\"}},"
                    + "{\"text\":\"hi\"}]}]",
            "\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"images\":[\"/9j/AAAA\"]}]"),
    ENDS_WITH_THE_ASSISTANT(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\"}]",
            "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"so\"}]",
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\"}]",
            "\"contents\":[GUSER,{\"role\":\"model\",\"parts\":[{\"text\":\"so\"}]}]",
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"so\"}]"),
    REPEATED_IDS(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":["
                    + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"a\"},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"b\"}]",
            "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},"
                    + "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                    + "{\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"look\",\"arguments\":\"{}\"},"
                    + "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"a\"}]",
            "\"tools\":[ANT],\"messages\":[USER,{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"look\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\","
                    + "\"content\":\"a\"}]}]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    LONG_IDS(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":["
                    + "{\"id\":\"call_01234567890123456789012345678901234567890123456789\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"call_01234567890123456789012345678901234567890123456789\",\"content\":\"a\"},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"b\"}]",
            "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},"
                    + "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                    + "{\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"look\",\"arguments\":\"{}\"},"
                    + "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"a\"}]",
            "\"tools\":[ANT],\"messages\":[USER,{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\","
                    + "\"content\":\"a\"}]}]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    NO_IDS(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":["
                    + "{\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"\",\"content\":\"a\"},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"\",\"content\":\"b\"}]",
            "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},"
                    + "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}]},"
                    + "{\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"look\",\"arguments\":\"{}\"},"
                    + "{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"a\"}]",
            "\"tools\":[ANT],\"messages\":[USER,{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"look\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\","
                    + "\"content\":\"a\"}]}]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    SCHEMA(
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":"
                    + "{\"type\":\"object\",\"properties\":{}}}},\"messages\":[USER]",
            "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":"
                    + "{\"type\":\"object\",\"properties\":{}}}},\"input\":\"hi\"",
            "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":"
                    + "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}}},\"messages\":[USER]",
            "\"generationConfig\":{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":"
                    + "{\"type\":\"object\",\"properties\":{}}},\"contents\":[GUSER]",
            "\"format\":{\"type\":\"object\",\"properties\":{}},\"messages\":[USER]"),
    PICTURE_OF_A_TOOL(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\",\"tool_calls\":["
                    + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{}\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":[{\"type\":\"image_url\",\"image_url\":"
                    + "{\"url\":\"data:image/png;base64,AAAA\"}}]}]",
            "\"input\":\"hi\"",
            "\"tools\":[ANT],\"messages\":[USER,{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"call_1\",\"name\":\"look\",\"input\":{}}]},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"call_1\",\"content\":["
                    + "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}}"
                    + "]}]}]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    LITTLE_THOUGHT(
            "\"reasoning_effort\":\"minimal\",\"messages\":[USER]",
            "\"reasoning\":{\"effort\":\"minimal\"},\"input\":\"hi\"",
            "\"messages\":[USER]",
            "\"contents\":[GUSER]",
            "\"messages\":[USER]"),
    NOTHING_BUT_WHITE_SPACE(
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"\\n\\n\"},USER]",
            "\"input\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"\\n\"},"
                    + "{\"role\":\"user\",\"content\":\"hi\"}]",
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"\\n\"}]},USER]",
            "\"contents\":[GUSER,{\"role\":\"model\",\"parts\":[{\"text\":\"\\n\"}]},GUSER]",
            "\"messages\":[USER,{\"role\":\"assistant\",\"content\":\"\\n\"},USER]");

    /** The paths of clients, in the order of the bodies above; {@code %s} is the model's name. */
    static final List<String> PATHS = List.of(
            "/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1beta/models/%s:generateContent", "/api/chat");

    private static final String TOOL = "{\"type\":\"function\",\"function\":{\"name\":\"look\",\"strict\":false,"
            + "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}";

    private static final Map<String, String> WORDS = Map.of(
            "GUSER", "{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}",
            "USER", "{\"role\":\"user\",\"content\":\"hi\"}",
            "TOOL", TOOL,
            "FLAT", "{\"type\":\"function\",\"name\":\"look\",\"strict\":false,\"parameters\":{\"type\":\"object\"}}",
            "ANT", "{\"name\":\"look\",\"input_schema\":{\"type\":\"object\"}}",
            "GEM", "{\"name\":\"look\"}",
            "LONG", "user_".repeat(36),
            "ODD", "srv.tool:x/1",
            "FORM",
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"],"
                            + "\"additionalProperties\":false}",
            "NAME", "mcp__enterprise_database_management__synchronize_all_customer_data_now");

    private final List<String> bodies;

    Wished(String chat, String responses, String messages, String gemini, String ollama) {
        bodies = List.of(chat, responses, messages, gemini, ollama);
    }

    /** The body of a request for {@code model} at one of {@link #PATHS}. */
    String body(String path, String model, boolean stream) {
        int language = PATHS.indexOf(path);
        String body = bodies.get(language);
        for (String word : List.of("GUSER", "USER", "TOOL", "FLAT", "ANT", "GEM", "LONG", "NAME", "ODD", "FORM")) {
            body = body.replaceAll("(?<![A-Z_])" + word + "(?![A-Z_])", WORDS.get(word));
        }
        String limit = language == 2 ? "\"max_tokens\":5000," : "";
        String named = language == 3 ? "" : "\"model\":\"" + model + "\",\"stream\":" + stream + ",";
        return "{" + named + limit + body + "}";
    }
}
