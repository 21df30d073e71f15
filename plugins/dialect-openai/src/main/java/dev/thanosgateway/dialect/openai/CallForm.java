package dev.thanosgateway.dialect.openai;

import org.jspecify.annotations.Nullable;

/**
 * How a caller of Responses knows a tool that every provider knows as a function.
 *
 * @param namespace of the tool; null = none
 * @param name of the tool within its namespace
 */
record CallForm(OutputItem.Kind kind, @Nullable String namespace, String name) {
    static CallForm function(@Nullable String namespace, String name) {
        return new CallForm(OutputItem.Kind.CALL, namespace, name);
    }

    static CallForm custom(@Nullable String namespace, String name) {
        return new CallForm(OutputItem.Kind.CUSTOM, namespace, name);
    }

    /** A name for the function that no namespace and name give but these, unless another tool has it as its own. */
    String flat() {
        String space = namespace;
        return space == null ? name : space.endsWith("__") ? space + name : space + "__" + name;
    }
}
