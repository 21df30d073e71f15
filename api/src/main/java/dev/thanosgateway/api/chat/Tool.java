package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool the model may call: a function with a schema, or a custom tool, which takes free text. A custom tool is a function
 * too: {@link #parameters()} then describes an object with the one required string {@code input}, and {@link
 * #description()} ends with its grammar, so that a provider without custom tools offers it like any function. Immutable.
 */
public final class Tool {
    /** The member of a custom tool's arguments that holds its text. */
    public static final String INPUT = "input";

    /** The longest definition of a grammar that a description repeats. UTF-16 units. */
    public static final int GRAMMAR_MAX = 16_384;

    private static final Json INPUT_SCHEMA = new Json("{\"type\":\"object\",\"properties\":{\"" + INPUT
            + "\":{\"type\":\"string\",\"description\":\"All of the text that the tool takes.\"}},\"required\":[\""
            + INPUT
            + "\"],\"additionalProperties\":false}");

    /**
     * What the text of a custom tool must match.
     *
     * @param syntax of the definition, such as {@code lark} or {@code regex}
     */
    public record Grammar(String syntax, String definition) {}

    private final String name;
    private final @Nullable String description;
    private final @Nullable Json parameters;
    private final @Nullable Boolean strict;
    private final boolean custom;
    private final @Nullable Grammar grammar;
    private final Map<String, Json> hints;

    private Tool(
            String name,
            @Nullable String description,
            @Nullable Json parameters,
            @Nullable Boolean strict,
            boolean custom,
            @Nullable Grammar grammar,
            Map<String, Json> hints) {
        this.name = name;
        this.description = description;
        this.parameters = parameters;
        this.strict = strict;
        this.custom = custom;
        this.grammar = grammar;
        this.hints = Map.copyOf(hints);
    }

    /** @param parameters a JSON Schema of an object; null = no parameters */
    public static Tool function(String name, @Nullable String description, @Nullable Json parameters) {
        return new Tool(name, description, parameters, null, false, null, Map.of());
    }

    /** @param grammar null = any text */
    public static Tool custom(String name, @Nullable String description, @Nullable Grammar grammar) {
        return new Tool(name, description, INPUT_SCHEMA, null, true, grammar, Map.of());
    }

    /** The same tool by another name. */
    public Tool withName(String name) {
        return new Tool(name, description, parameters, strict, custom, grammar, hints);
    }

    /** @param strict whether arguments must match the schema exactly; null = the vendor's default */
    public Tool withStrict(@Nullable Boolean strict) {
        return new Tool(name, description, parameters, strict, custom, grammar, hints);
    }

    /** @param hints fields beside the tool's own, by their wire names */
    public Tool withHints(Map<String, Json> hints) {
        return new Tool(name, description, parameters, strict, custom, grammar, hints);
    }

    public String name() {
        return name;
    }

    /** What the model reads about the tool: the caller's words and, for a custom tool, how its text must look. */
    public @Nullable String description() {
        Grammar form = grammar;
        if (form == null) {
            return description;
        }
        String definition = form.definition();
        boolean whole = definition.length() <= GRAMMAR_MAX;
        String own = description == null || description.isEmpty() ? "" : description + "\n\n";
        return own + "The text in \"" + INPUT + "\" must match this grammar (" + form.syntax() + "):\n"
                + (whole ? definition : definition.substring(0, GRAMMAR_MAX) + "\n…");
    }

    /** The description as the caller wrote it, without the grammar. */
    public @Nullable String ownDescription() {
        return description;
    }

    public @Nullable Json parameters() {
        return parameters;
    }

    public @Nullable Boolean strict() {
        return strict;
    }

    /** Whether the tool takes free text, which its calls have as the member {@link #INPUT} of their arguments. */
    public boolean isCustom() {
        return custom;
    }

    /** The grammar of a custom tool; null = any text, or a function. */
    public @Nullable Grammar grammar() {
        return grammar;
    }

    public Map<String, Json> hints() {
        return hints;
    }
}
