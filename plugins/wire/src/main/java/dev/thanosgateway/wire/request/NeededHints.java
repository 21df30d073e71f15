package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.chat.ChatContent;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Fields that ask for another answer, not for a better one: who has no counterpart must not just leave them out. */
public final class NeededHints {
    private static final Set<String> FIELDS = Set.of(
            "tools",
            "tool_choice",
            "function_call",
            "response_format",
            "audio",
            "modalities",
            "web_search_options",
            "mcp_servers");

    /** Languages whose servers ignore every field that they do not know: no answer there depends on one. */
    private static final Set<String> LENIENT = Set.of("ollama");

    private static final Set<String> EMPTY = Set.of("[]", "null");

    private NeededHints() {}

    /**
     * The first of them among the hints of a chat, by name; null = there is none. An empty list asks for nothing.
     *
     * @param own the language that is written, whose own hints are no trouble
     */
    public static @Nullable String first(ChatContent content, String own) {
        String language = content.hintsDialect();
        if (own.equals(language) || (language != null && LENIENT.contains(language))) {
            return null;
        }
        Set<String> needed = new TreeSet<>();
        content.hints().forEach((field, value) -> {
            if (FIELDS.contains(field) && !EMPTY.contains(value.text().strip())) {
                needed.add(field);
            }
        });
        return needed.isEmpty() ? null : needed.iterator().next();
    }
}
