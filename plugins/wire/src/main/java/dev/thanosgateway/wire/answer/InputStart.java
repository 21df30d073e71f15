package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.chat.Tool;

/** Finds where the text of a custom tool's call begins in its arguments: inside the string of the member for it. */
final class InputStart {
    private boolean object;
    private boolean other;
    private int depth;
    private boolean string;
    private boolean escaped;
    /** Whether a string at the top is the name of a member: none has ended since the last comma. */
    private boolean naming;

    private final StringBuilder name = new StringBuilder();

    /** Takes the next character; true = the text begins behind it. */
    boolean opens(char c) {
        if (other) {
            return false;
        }
        if (string) {
            inside(c);
            return false;
        }
        if (c <= ' ') {
            return false;
        }
        if (!object) {
            object = c == '{';
            other = !object;
            depth = 1;
            naming = true;
            return false;
        }
        if (depth == 1 && !naming && c == '"' && name.toString().equals(Tool.INPUT)) {
            return true;
        }
        between(c);
        return false;
    }

    private void inside(char c) {
        if (!escaped && c == '"') {
            string = false;
            return;
        }
        escaped = !escaped && c == '\\';
        if (depth == 1 && naming && name.length() <= Tool.INPUT.length()) {
            name.append(c);
        }
    }

    private void between(char c) {
        switch (c) {
            case '"' -> {
                string = true;
                if (depth == 1 && naming) {
                    name.setLength(0);
                }
            }
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                other = depth == 0;
            }
            case ':' -> naming = naming && depth != 1;
            case ',' -> naming = naming || depth == 1;
            default -> {}
        }
    }
}
