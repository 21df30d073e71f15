package dev.thanosgateway.dialect.openai.wire;

/** Bytes that are no JSON, or not what was asked for. The message is a clause without a full stop. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    public JsonException(String message) {
        // An ordinary answer to bad bytes: a stack trace would cost more than reading them.
        super(message, null, false, false);
    }

    /** The message; never null, unlike {@link #getMessage()} by its type. */
    public String clause() {
        String message = getMessage();
        return message == null ? "not valid JSON" : message;
    }
}
