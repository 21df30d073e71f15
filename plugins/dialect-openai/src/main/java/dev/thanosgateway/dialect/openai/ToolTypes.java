package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.json.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which types of tools an endpoint knows. */
final class ToolTypes {
    static final String CUSTOM = "custom";

    /** Items that every endpoint of Responses knows. */
    private static final Set<String> ITEMS =
            Set.of("", "message", "reasoning", "function_call", "function_call_output", "item_reference");

    private ToolTypes() {}

    /** Whether an endpoint knows tools of a type; one of which nothing is said knows all. */
    static boolean takes(ModelTraits traits, String type) {
        List<String> known = traits.list(Trait.TOOL_TYPES);
        return known == null || known.contains("all") || known.contains(type);
    }

    /** The names of the custom tools of a chat that are written as such. */
    static Set<String> customs(ChatContent content, ModelTraits traits) {
        Set<String> names = new HashSet<>();
        if (takes(traits, CUSTOM)) {
            content.tools().stream().filter(Tool::isCustom).map(Tool::name).forEach(names::add);
        }
        return names;
    }

    /** Whether a Responses request has tools, calls or results of types that the endpoint does not know. */
    static boolean exceeds(RequestBody asked, ModelTraits traits) {
        if (takes(traits, "")) {
            return false;
        }
        try {
            return any(asked, asked.member("tools"), traits, false) || any(asked, asked.member("input"), traits, true);
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    private static boolean any(RequestBody asked, @Nullable Value list, ModelTraits traits, boolean items)
            throws JsonException {
        if (list == null || !list.isArray()) {
            return false;
        }
        JsonReader json = asked.reader(list);
        boolean any = false;
        json.enterArray();
        while (json.nextElement()) {
            if (json.peek() != '{') {
                json.skip();
                continue;
            }
            String type = "";
            boolean spaced = false;
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (name.equals("type")) {
                    type = ChoiceReader.text(json);
                } else {
                    spaced |= name.equals("namespace") && json.peek() == '"';
                    json.skip();
                }
            }
            any |= (spaced && !takes(traits, "namespace"))
                    || (items ? !ITEMS.contains(type) && !takes(traits, tool(type)) : !takes(traits, type));
        }
        return any;
    }

    /** The type of the tool that an item is of: {@code web_search_call} is of {@code web_search}. */
    private static String tool(String item) {
        if (item.startsWith("mcp_")) {
            return "mcp";
        }
        int call = item.indexOf("_call");
        String tool = call < 0 ? item : item.substring(0, call);
        return tool.equals("custom_tool") ? CUSTOM : tool;
    }
}
