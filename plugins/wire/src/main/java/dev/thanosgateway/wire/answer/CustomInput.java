package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of one call of a custom tool, out of the arguments of the function that stands for the tool. Arguments
 * {@code {"input": "…"}} are decoded as they come, wherever they are cut. A model may answer in another form, and its text
 * is kept: another member with a string as the only one, a bare string, text that is no JSON, unescaped line ends and
 * quotes in the string. Such a form is known at the end of the arguments, and its text comes then. Used by one thread.
 */
public final class CustomInput {
    private enum State {
        /** Before the text: what has come is kept. */
        BEFORE,
        /** Inside the string. */
        TEXT,
        /** Behind a quote that ends the string, unless more text follows. */
        QUOTE,
        /** Behind the string. */
        BEHIND
    }

    private static final int CODE_DIGITS = 4;
    private static final String BEGIN = "{\"" + Tool.INPUT + "\":\"";

    private State state = State.BEFORE;
    private final StringBuilder kept = new StringBuilder();
    /** Members that stand before the text. */
    private final InputStart start = new InputStart();
    /** An escape as far as it has come, without its backslash; null = none. */
    private @Nullable StringBuilder escape;
    /** Half a character, which waits for the other half; 0 = none. */
    private char half;

    /** The text of whole arguments. */
    public static String of(String arguments) {
        CustomInput input = new CustomInput();
        return input.more(arguments) + input.end();
    }

    /** Takes the next piece of the arguments; gives what it adds to the text. */
    public String more(String arguments) {
        StringBuilder out = new StringBuilder(arguments.length() + 1);
        for (int i = 0; i < arguments.length(); i++) {
            char c = arguments.charAt(i);
            switch (state) {
                case BEFORE -> {
                    kept.append(c);
                    if (start.opens(c)) {
                        kept.setLength(0);
                        state = State.TEXT;
                    }
                }
                case TEXT -> text(c, out);
                case QUOTE -> quoted(c, out);
                case BEHIND -> {}
            }
        }
        return out.toString();
    }

    /** The arguments are over; gives what that adds to the text. */
    public String end() {
        String rest = kept.toString();
        if (state == State.BEFORE) {
            kept.setLength(0);
            return otherForm(rest);
        }
        StringBuilder out = new StringBuilder();
        if (state == State.TEXT && escape != null) {
            out.append('\\').append(escape);
        }
        return half == 0 ? out.toString() : half + out.toString();
    }

    /** Whether arguments that are over now would end amid their JSON. */
    public boolean cut() {
        String json = kept.toString().stripLeading();
        return state == State.TEXT || (state == State.BEFORE && json.startsWith("{") && !isJson(json));
    }

    private static boolean isJson(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return Value.lenient(bytes, 0, bytes.length).isObject();
        } catch (JsonException e) {
            return false;
        }
    }

    /** Bytes of memory that arguments take whose form is not known yet. */
    public long bytes() {
        return 2L * kept.length();
    }

    private void text(char c, StringBuilder out) {
        StringBuilder begun = escape;
        if (begun != null) {
            escaped(begun, c, out);
        } else if (c == '\\') {
            escape = new StringBuilder(CODE_DIGITS + 1);
        } else if (c == '"') {
            state = State.QUOTE;
            kept.append(c);
        } else {
            put(c, out);
        }
    }

    /** A quote ends the string where the object goes on or ends behind it; else the model forgot to escape it. */
    private void quoted(char c, StringBuilder out) {
        if (c == ',' || c == '}') {
            state = State.BEHIND;
            kept.setLength(0);
        } else if (c <= ' ') {
            kept.append(c);
        } else {
            for (int i = 0; i < kept.length(); i++) {
                put(kept.charAt(i), out);
            }
            kept.setLength(0);
            state = State.TEXT;
            text(c, out);
        }
    }

    private void escaped(StringBuilder begun, char c, StringBuilder out) {
        begun.append(c);
        if (begun.charAt(0) == 'u') {
            boolean digit = begun.length() == 1 || Character.digit(c, 16) >= 0;
            if (!digit) {
                unknown(begun, out);
            } else if (begun.length() > CODE_DIGITS) {
                escape = null;
                put((char) Integer.parseInt(begun.substring(1), 16), out);
            }
            return;
        }
        int letter = "\"\\/bfnrt".indexOf(c);
        if (letter < 0) {
            unknown(begun, out);
        } else {
            escape = null;
            put("\"\\/\b\f\n\r\t".charAt(letter), out);
        }
    }

    /** JSON has no such escape: the model meant the characters themselves. */
    private void unknown(StringBuilder begun, StringBuilder out) {
        escape = null;
        put('\\', out);
        char last = begun.charAt(begun.length() - 1);
        for (int i = 0; i < begun.length() - 1; i++) {
            put(begun.charAt(i), out);
        }
        text(last, out);
    }

    private void put(char c, StringBuilder out) {
        if (half != 0) {
            out.append(half);
            half = 0;
        }
        if (Character.isHighSurrogate(c)) {
            half = c;
        } else {
            out.append(c);
        }
    }

    private static String otherForm(String arguments) {
        String json = arguments.strip();
        if (json.isEmpty() || json.equals("{}") || BEGIN.startsWith(json.replaceAll("\\s", ""))) {
            // Nothing, or cut before the text began.
            return "";
        }
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try {
            Value value = Value.lenient(bytes, 0, bytes.length);
            if (value.isString()) {
                return value.text();
            }
            if (value.isObject()) {
                Map<String, Value> members = value.members();
                Value only = members.size() == 1 ? members.values().iterator().next() : members.get(Tool.INPUT);
                if (only != null) {
                    return only.isString() ? only.text() : only.json().text();
                }
            }
        } catch (JsonException e) {
            // It is no JSON: text as it is.
        }
        return arguments;
    }
}
