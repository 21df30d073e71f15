package dev.thanosgateway.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests this API would take, put together by chance. */
final class GeneratedRequests {
    private static final List<String> MODELS = List.of(
            "claude-3-haiku-20240307",
            "claude-3-7-sonnet-20250219",
            "claude-opus-4-1-20250805",
            "claude-opus-4-6",
            "claude-sonnet-5",
            "other");
    private static final List<String> BLOCKS = List.of(
            "{\"type\":\"text\",\"text\":\"é\\n\\\"\"}",
            "{\"type\":\"text\",\"text\":\"\"}",
            "{\"type\":\"text\",\"text\":\"b\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}",
            "{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y\"}}",
            "{\"type\":\"document\",\"title\":\"t\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"AA==\"}}",
            "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"ü\"}}",
            "{\"type\":\"search_result\",\"title\":\"t\",\"source\":\"s\",\"content\":[]}",
            "{\"type\":\"tool_result\",\"tool_use_id\":\"a.b\",\"content\":\"x\"}",
            "{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"is_error\":true}");
    private static final List<String> SAID = List.of(
            "{\"type\":\"text\",\"text\":\"so \"}",
            "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"}",
            "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"\"}",
            "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
            "{\"type\":\"tool_use\",\"id\":\"a.b\",\"name\":\"f\",\"input\":{\"x\":[1.50,null]}}");
    private static final List<String> FIELDS = List.of(
            "\"temperature\":0.3",
            "\"top_p\":0.9",
            "\"top_k\":5",
            "\"stop_sequences\":[\"a\",\"b\"]",
            "\"system\":\"S\"",
            "\"metadata\":{\"user_id\":\"u\"}",
            "\"service_tier\":\"auto\"",
            "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{}},\"strict\":true}]",
            "\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true}",
            "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":3000}",
            "\"output_config\":{\"effort\":\"high\",\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\",\"properties\":{}}}}",
            "\"container\":\"c\"");

    private GeneratedRequests() {}

    static String next(Random random) {
        List<String> members = new ArrayList<>();
        members.add("\"model\":\"" + any(MODELS, random) + "\"");
        members.add("\"max_tokens\":" + (1 + random.nextInt(9000)));
        for (String field : FIELDS) {
            if (random.nextInt(4) == 0) {
                members.add(field);
            }
        }
        List<String> messages = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String role = any(List.of("user", "user", "assistant", "assistant", "system"), random);
            List<String> blocks = new ArrayList<>();
            for (int b = role.equals("system") ? 0 : random.nextInt(4); b > 0; b--) {
                blocks.add(any(role.equals("user") ? BLOCKS : SAID, random));
            }
            messages.add("{\"role\":\"" + role + "\",\"content\":"
                    + (blocks.isEmpty() ? "\"plain\"" : "[" + String.join(",", blocks) + "]") + "}");
        }
        members.add("\"messages\":[" + String.join(",", messages) + "]");
        return "{" + String.join(",", members) + "}";
    }

    private static String any(List<String> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
