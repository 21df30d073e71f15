package dev.thanosgateway.dialect.openai.wire;

import dev.thanosgateway.api.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value (RFC 8259) out of bytes, asked for piece by piece, in one pass and without making objects:
 *
 * <pre>
 * json.enterObject();
 * while (json.nextMember()) {
 *     switch (json.name()) {
 *         case "model" -&gt; model = json.string();
 *         default -&gt; json.skip();
 *     }
 * }
 * json.end();
 * </pre>
 *
 * <p>Every value must be read or skipped before the next is asked for. What is skipped is checked as well. Used by
 * one thread; the bytes must not change meanwhile.
 */
public final class JsonReader {
    /** What other readers take as well, whoever passes the bytes on. */
    private static final int NUMBER_LIMIT = 1_000;

    private final byte[] bytes;
    private final int limit;
    private final int maxDepth;
    private final StringScan strings;
    private final @Nullable MemberNames names;
    private int at;
    private int depth;
    private boolean first;
    private int comma = -1;
    private int memberStart;
    private int nameStart;
    private int nameEnd;
    private boolean nameEscaped;

    private JsonReader(byte[] bytes, int from, int to, int maxDepth, boolean strict) {
        this.bytes = bytes;
        this.at = from;
        this.limit = to;
        this.maxDepth = maxDepth;
        this.strings = new StringScan(bytes, to, strict);
        this.names = strict ? new MemberNames(bytes) : null;
    }

    /**
     * Refuses also bad UTF-8, lone surrogates, names that come twice in an object, numbers longer than 1,000 characters
     * and what is nested too deep.
     */
    public static JsonReader strict(byte[] bytes, int from, int to, int maxDepth) {
        return new JsonReader(bytes, from, to, maxDepth, true);
    }

    /** Takes bad UTF-8 as it is (it reads as U+FFFD) and does not look for names that come twice. */
    public static JsonReader lenient(byte[] bytes, int from, int to) {
        return new JsonReader(bytes, from, to, 1000, false);
    }

    /** Where the reader stands: after {@link #peek()} the first byte of a value, after reading it the byte behind. */
    public int position() {
        return at;
    }

    /** The first byte of what comes next, white space aside; -1 = nothing. */
    public int peek() {
        while (at < limit) {
            byte c = bytes[at];
            if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
                return c & 0xFF;
            }
            at++;
        }
        return -1;
    }

    public void enterObject() throws JsonException {
        enter('{', "an object");
        if (names != null) {
            names.enter(depth);
        }
    }

    public void enterArray() throws JsonException {
        enter('[', "an array");
    }

    private void enter(char open, String what) throws JsonException {
        if (peek() != open) {
            throw unexpected(what);
        }
        if (++depth > maxDepth) {
            throw new JsonException("nested deeper than " + maxDepth + " levels at byte " + at);
        }
        at++;
        first = true;
    }

    /** Goes to the next member's value; false = the object has ended. */
    public boolean nextMember() throws JsonException {
        if (!next('}')) {
            if (names != null) {
                names.leave(depth + 1);
            }
            return false;
        }
        memberStart = at;
        nameEscaped = skipString();
        nameStart = memberStart + 1;
        nameEnd = at - 1;
        if (names != null) {
            names.add(depth, nameStart, nameEnd, nameEscaped);
        }
        if (peek() != ':') {
            throw unexpected("a colon");
        }
        at++;
        return true;
    }

    /** Goes to the next element; false = the array has ended. */
    public boolean nextElement() throws JsonException {
        return next(']');
    }

    private boolean next(char close) throws JsonException {
        int c = peek();
        comma = -1;
        if (c == close) {
            at++;
            depth--;
            first = false;
            return false;
        }
        if (first) {
            first = false;
            return true;
        }
        if (c != ',') {
            throw unexpected("a comma or the end of the " + (close == '}' ? "object" : "array"));
        }
        comma = at++;
        if (peek() == close) {
            throw unexpected("a value after the comma");
        }
        return true;
    }

    /** Behind the current member's name: its closing quote. */
    public int nameEnd() {
        return nameEnd + 1;
    }

    /** The bytes from {@code from} to before {@code to}, as Latin characters. */
    public String latin(int from, int to) {
        return new String(bytes, from, Math.min(to, limit) - from, StandardCharsets.ISO_8859_1);
    }

    /** Where {@code c} stands next, from {@code from} on; -1 = nowhere. */
    public int find(char c, int from) {
        for (int i = from; i < limit; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    /** Where the comma before the current member or element stands; -1 = it is the first, or there is none. */
    public int comma() {
        return comma;
    }

    /** Where the current member begins: its name's opening quote. */
    public int memberStart() {
        return memberStart;
    }

    /** The current member's name. Names that are often met are not made anew. */
    public String name() {
        if (nameEscaped) {
            return StringScan.unescape(bytes, nameStart, nameEnd);
        }
        return NameCache.get(bytes, nameStart, nameEnd);
    }

    /** Reads over a {@code null}, if that is what comes next. */
    public boolean skipNull() throws JsonException {
        if (peek() != 'n') {
            return false;
        }
        literal("null");
        return true;
    }

    public boolean bool() throws JsonException {
        int c = peek();
        if (c != 't' && c != 'f') {
            throw unexpected("true or false");
        }
        literal(c == 't' ? "true" : "false");
        return c == 't';
    }

    public String string() throws JsonException {
        if (peek() != '"') {
            throw unexpected("a string");
        }
        int from = at + 1;
        return skipString()
                ? StringScan.unescape(bytes, from, at - 1)
                : new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    /** A number; what is too large for a double becomes infinite. */
    public double number() throws JsonException {
        return Double.parseDouble(numberText());
    }

    /** A number without a fraction, in any notation, in the range of a long. */
    public long integer() throws JsonException {
        String text = numberText();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            double value = Double.parseDouble(text);
            if (value != Math.rint(value) || Math.abs(value) > 1e15) {
                throw new JsonException("not an integer at byte " + (at - text.length()));
            }
            return (long) value;
        }
    }

    private String numberText() throws JsonException {
        int c = peek();
        if (c != '-' && !digit(c)) {
            throw unexpected("a number");
        }
        int from = at;
        skipNumber();
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    /** The next value as the text it has, whatever it is. */
    public Json json() throws JsonException {
        peek();
        int from = at;
        skip();
        return new Json(new String(bytes, from, at - from, StandardCharsets.UTF_8));
    }

    /** Reads over the next value, checking it. */
    public void skip() throws JsonException {
        int c = peek();
        switch (c) {
            case '"' -> skipString();
            case '{' -> {
                enterObject();
                while (nextMember()) {
                    skip();
                }
            }
            case '[' -> {
                enterArray();
                while (nextElement()) {
                    skip();
                }
            }
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> {
                if (c != '-' && !digit(c)) {
                    throw unexpected("a value");
                }
                skipNumber();
            }
        }
    }

    /** Nothing but white space may follow. */
    public void end() throws JsonException {
        if (peek() != -1) {
            throw unexpected("the end");
        }
    }

    /** Returns whether the string has escapes. */
    private boolean skipString() throws JsonException {
        if (at >= limit || bytes[at] != '"') {
            throw unexpected("a name in quotes");
        }
        at = strings.skip(at);
        return strings.escaped();
    }

    private void literal(String word) throws JsonException {
        for (int i = 0; i < word.length(); i++, at++) {
            if (at >= limit || bytes[at] != word.charAt(i)) {
                throw unexpected(word);
            }
        }
    }

    private void skipNumber() throws JsonException {
        int from = at;
        skipNumberText();
        if (names != null && at - from > NUMBER_LIMIT) {
            throw new JsonException("a number longer than " + NUMBER_LIMIT + " characters at byte " + from);
        }
    }

    private void skipNumberText() throws JsonException {
        if (bytes[at] == '-') {
            at++;
        }
        if (at < limit && bytes[at] == '0') {
            at++;
        } else {
            digits();
        }
        if (at < limit && bytes[at] == '.') {
            at++;
            digits();
        }
        if (at < limit && (bytes[at] == 'e' || bytes[at] == 'E')) {
            at++;
            if (at < limit && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            digits();
        }
    }

    private void digits() throws JsonException {
        if (at >= limit || !digit(bytes[at])) {
            throw unexpected("a digit");
        }
        while (at < limit && digit(bytes[at])) {
            at++;
        }
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private JsonException unexpected(String wanted) {
        return new JsonException(
                at >= limit
                        ? "it ends too early at byte " + limit + ", " + wanted + " is missing"
                        : "expected " + wanted + " at byte " + at);
    }
}
