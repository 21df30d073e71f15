package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function the model may call. Immutable. */
public final class Tool {
    private final String name;
    private final @Nullable String description;
    private final @Nullable Json parameters;
    private final @Nullable Boolean strict;
    private final Map<String, Json> hints;

    private Tool(
            String name,
            @Nullable String description,
            @Nullable Json parameters,
            @Nullable Boolean strict,
            Map<String, Json> hints) {
        this.name = name;
        this.description = description;
        this.parameters = parameters;
        this.strict = strict;
        this.hints = Map.copyOf(hints);
    }

    /** @param parameters a JSON Schema of an object; null = no parameters */
    public static Tool function(String name, @Nullable String description, @Nullable Json parameters) {
        return new Tool(name, description, parameters, null, Map.of());
    }

    /** @param strict whether arguments must match the schema exactly; null = the vendor's default */
    public Tool withStrict(@Nullable Boolean strict) {
        return new Tool(name, description, parameters, strict, hints);
    }

    /** @param hints fields beside the tool's own, by their wire names */
    public Tool withHints(Map<String, Json> hints) {
        return new Tool(name, description, parameters, strict, hints);
    }

    public String name() {
        return name;
    }

    public @Nullable String description() {
        return description;
    }

    public @Nullable Json parameters() {
        return parameters;
    }

    public @Nullable Boolean strict() {
        return strict;
    }

    public Map<String, Json> hints() {
        return hints;
    }
}
