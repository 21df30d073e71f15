package dev.thanosgateway.api.chat;

/** Whether and which tool must be called. Plugins switch with a default. */
public sealed interface ToolChoice {
    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool is called. */
    record None() implements ToolChoice {}

    /** At least one tool is called. */
    record Required() implements ToolChoice {}

    /** This tool is called. */
    record Named(String name) implements ToolChoice {}
}
