package dev.thanosgateway.wire.json;

/** JSON that is none, or not of the shape its reader needs. Whose doing that is, the reader's caller knows. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    private final String path;

    /**
     * @param path the member at fault, such as {@code messages[0].content}; empty = the document
     * @param what the rest of a sentence, such as "must be a string"
     */
    public JsonException(String path, String what) {
        super(what, null, false, false);
        this.path = path;
    }

    public String path() {
        return path;
    }

    /** What is wrong, as a clause: "messages[0].content must be a string". */
    public String clause() {
        return path.isEmpty() ? String.valueOf(getMessage()) : "\"" + path + "\" " + getMessage();
    }
}
