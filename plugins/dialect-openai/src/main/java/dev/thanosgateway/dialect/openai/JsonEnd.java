package dev.thanosgateway.dialect.openai;

/** Knows when the arguments of a call are whole: when the object they begin with is closed. Used by one thread. */
final class JsonEnd {
    private int depth;
    private boolean begun;
    private boolean string;
    private boolean escaped;
    private boolean whole;

    void read(String text) {
        for (int i = 0; i < text.length() && !whole; i++) {
            char c = text.charAt(i);
            if (string) {
                string = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (c == '"') {
                string = true;
            } else if (c == '{' || c == '[') {
                depth++;
                begun = true;
            } else if (c == '}' || c == ']') {
                depth--;
                whole = begun && depth <= 0;
            }
        }
    }

    /** Whether nothing can follow. Text that is no object is never known to be whole. */
    boolean whole() {
        return whole;
    }
}
