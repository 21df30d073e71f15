package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.frame;

/** One answer with thoughts, text and a call, as a stream and in one piece. */
final class Answers {
    static final String USAGE = "{\"input_tokens\":6,\"cache_creation_input_tokens\":2,\"cache_read_input_tokens\":3,"
            + "\"output_tokens\":9,\"output_tokens_details\":{\"thinking_tokens\":4}}";

    static final String STREAM = frame(
                    "message_start",
                    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                            + "\"model\":\"claude-x\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                            + "\"usage\":{\"input_tokens\":6,\"cache_creation_input_tokens\":2,"
                            + "\"cache_read_input_tokens\":3,\"output_tokens\":1}}}")
            + start(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
            + frame("ping", "{\"type\": \"ping\"}")
            + delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"Hm \"}")
            + delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"🤔\"}")
            + delta(0, "{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}")
            + stop(0)
            + start(1, "{\"type\":\"redacted_thinking\",\"data\":\"cmVk\"}")
            + stop(1)
            + start(2, "{\"type\":\"text\",\"text\":\"\"}")
            + delta(2, "{\"type\":\"text_delta\",\"text\":\"Grü\"}")
            + delta(2, "{\"type\":\"text_delta\",\"text\":\"ße\"}")
            + delta(2, "{\"type\":\"citations_delta\",\"citation\":{\"type\":\"char_location\",\"cited_text\":\"G\"}}")
            + stop(2)
            + frame("brand_new", "{\"type\":\"brand_new\",\"n\":1.50}")
            + start(3, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{}}")
            + delta(3, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}")
            + delta(3, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\\\"Z\"}")
            + delta(3, "{\"type\":\"input_json_delta\",\"partial_json\":\"ürich\\\"}\"}")
            + stop(3)
            + start(4, "{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"time\",\"input\":{}}")
            + stop(4)
            + frame(
                    "message_delta",
                    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
                            + "\"usage\":{\"output_tokens\":9,\"output_tokens_details\":{\"thinking_tokens\":4}}}")
            + frame("message_stop", "{\"type\":\"message_stop\"}");

    static final String WHOLE = "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
            + "\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm 🤔\",\"signature\":\"c2ln\"},"
            + "{\"type\":\"redacted_thinking\",\"data\":\"cmVk\"},"
            + "{\"type\":\"text\",\"text\":\"Grüße\",\"citations\":[{\"type\":\"char_location\",\"cited_text\":\"G\"}]},"
            + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{\"city\":\"Zürich\"}},"
            + "{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"time\",\"input\":{}}],"
            + "\"stop_reason\":\"tool_use\",\"stop_sequence\":null,\"usage\":" + USAGE + "}";

    private Answers() {}

    static String start(int index, String block) {
        return frame(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}");
    }

    static String delta(int index, String delta) {
        return frame(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}");
    }

    static String stop(int index) {
        return frame("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
    }
}
