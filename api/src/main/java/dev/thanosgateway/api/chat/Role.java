package dev.thanosgateway.api.chat;

/** Who says a message. */
public enum Role {
    /** Instructions of the application; may stand anywhere in the conversation. */
    SYSTEM,
    /** Instructions of the application in dialects that tell them from the platform's; else read as SYSTEM. */
    DEVELOPER,
    USER,
    ASSISTANT,
    /** Results of tools; the parts are {@link Part.ToolResult}. */
    TOOL
}
