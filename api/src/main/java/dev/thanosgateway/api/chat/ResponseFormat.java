package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import org.jspecify.annotations.Nullable;

/** The form an answer must take. Absent = free text. Plugins switch with a default. */
public sealed interface ResponseFormat {
    /** Free text, said explicitly. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * A JSON value that matches {@code schema}.
     *
     * @param strict null = the vendor's default
     */
    record JsonSchema(
            String name,
            @Nullable String description,
            Json schema,
            @Nullable Boolean strict) implements ResponseFormat {}
}
