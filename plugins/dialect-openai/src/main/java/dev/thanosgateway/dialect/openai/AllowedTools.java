package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tool_choice} of {@code allowed_tools}: some of the tools, and whether one must be called. Elsewhere only those
 * are told of.
 */
record AllowedTools(ToolChoice choice, Set<String> names) {
    /** @return null = it is another choice, or allows what are no functions */
    static @Nullable AllowedTools of(Json choice) throws JsonException {
        byte[] bytes = choice.text().getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        AllowedTools allowed = null;
        if (json.peek() == '{') {
            json.enterObject();
            while (json.nextMember()) {
                if (json.name().equals("allowed_tools") && json.peek() == '{') {
                    allowed = read(json);
                } else {
                    json.skip();
                }
            }
        }
        return allowed;
    }

    private static @Nullable AllowedTools read(JsonReader json) throws JsonException {
        boolean required = false;
        boolean functions = true;
        Set<String> names = new HashSet<>();
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "mode" -> required = json.string().equals("required");
                case "tools" -> {
                    json.enterArray();
                    while (json.nextElement()) {
                        String name = ContentReader.functionName(json);
                        functions &= name != null && names.add(name);
                    }
                }
                default -> json.skip();
            }
        }
        return functions
                ? new AllowedTools(required ? new ToolChoice.Required() : new ToolChoice.Auto(), Set.copyOf(names))
                : null;
    }

    List<Tool> of(List<Tool> tools) {
        return tools.stream().filter(tool -> names.contains(tool.name())).toList();
    }
}
