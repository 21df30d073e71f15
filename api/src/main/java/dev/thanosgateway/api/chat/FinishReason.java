package dev.thanosgateway.api.chat;

/** Why a choice ended. */
public enum FinishReason {
    /** The model was done, or met a stop sequence. */
    STOP,
    /** A token limit was reached. */
    LENGTH,
    /** The model wants tools called. */
    TOOL_CALLS,
    /** The answer was withheld or cut by a filter. */
    CONTENT_FILTER,
    /** A reason this api has no word for. */
    OTHER
}
