package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import org.jspecify.annotations.Nullable;

/** Reads what stands below {@code custom} in tools and calls of chat completions. */
final class CustomToolJson {
    private String name = "";
    private @Nullable String description;
    private String syntax = "lark";
    private @Nullable String definition;
    private String input = "";

    private CustomToolJson() {}

    /** Reads a tool; null = it has no name. */
    static @Nullable Tool read(JsonReader json) throws JsonException {
        CustomToolJson tool = new CustomToolJson();
        tool.members(json);
        String grammar = tool.definition;
        return tool.name.isEmpty()
                ? null
                : Tool.custom(
                        tool.name, tool.description, grammar == null ? null : new Tool.Grammar(tool.syntax, grammar));
    }

    /** Reads a call of an earlier turn, which gets its id elsewhere. */
    static Part.ToolCall called(JsonReader json) throws JsonException {
        CustomToolJson call = new CustomToolJson();
        call.members(json);
        return Part.ToolCall.custom("", call.name, call.input);
    }

    private void members(JsonReader json) throws JsonException {
        if (json.peek() != '{') {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "name" -> name = ChoiceReader.text(json);
                case "description" -> description = ChoiceReader.text(json);
                case "syntax" -> syntax = ChoiceReader.text(json);
                case "definition" -> definition = ChoiceReader.text(json);
                case "input" -> input = ChoiceReader.text(json);
                case "format", "grammar" -> members(json);
                default -> json.skip();
            }
        }
    }
}
