package dev.thanosgateway.dialect.anthropic;

/**
 * The substitute for structured output where a model cannot be held to a schema: a tool that it must call, whose
 * arguments are the answer. The caller never sees the tool.
 */
final class AnswerTool {
    static final String NAME = "answer_in_json";
    static final String DESCRIPTION = "Gives the answer to the user. Its arguments are the whole answer.";

    private AnswerTool() {}
}
