package dev.thanosgateway.wire.json;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeBody;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON value as a place in bytes, which are checked once as a whole and looked into only where someone asks. Used
 * by one thread; the bytes must not change.
 */
public final class Value {
    private static final int MAX_DEPTH = 128;
    /** A list nobody writes by hand or by program; a limit because each element that is looked at costs memory. */
    private static final int MAX_ELEMENTS = 100_000;

    private static final int BOM_LENGTH = 3;
    private static final int DECODED_AT_ONCE = 4096;

    /** Names may repeat: whoever answers so is read like a browser would. */
    private static final JsonFactory LENIENT = factory(false);

    private static final JsonFactory STRICT = factory(true);

    private final String path;
    private final byte[] bytes;
    private final int from;
    private final int to;

    private Value(String path, byte[] bytes, int from, int to) {
        this.path = path;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    private static JsonFactory factory(boolean strict) {
        return JsonFactory.builder()
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(Integer.MAX_VALUE)
                        // What an upstream answers is bounded by its bytes: thousands of vectors are millions of
                        // numbers.
                        .maxTokenCount(strict ? 1_000_000 : -1)
                        .build())
                .build();
    }

    /**
     * A caller's document: one value, UTF-8 without exception, no half of a surrogate pair, no name twice in an object
     * at any depth.
     *
     * @throws JsonException when it is not
     */
    public static Value strict(byte[] bytes) throws JsonException {
        checkUtf8(bytes);
        Value document = read(STRICT, bytes, bomLength(bytes), bytes.length);
        Escapes.check(bytes, document.from, document.to);
        return document;
    }

    /**
     * An upstream's document: one value, names may repeat, and then the last one counts.
     *
     * @throws JsonException when it is not
     */
    public static Value lenient(byte[] bytes, int from, int to) throws JsonException {
        return read(LENIENT, bytes, from, to);
    }

    /**
     * An upstream's document.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is HTML or no JSON
     */
    public static Value answered(byte[] bytes, int from, int to) throws GatewayException {
        int begin = WholeBody.begin(bytes, from, to);
        try {
            return lenient(bytes, begin, to);
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
    }

    /** The value of JSON that is known to be good, such as a tool's schema. */
    public static Value of(Json json) throws JsonException {
        byte[] bytes = json.text().getBytes(StandardCharsets.UTF_8);
        return lenient(bytes, 0, bytes.length);
    }

    private static int bomLength(byte[] bytes) {
        boolean mark = bytes.length >= BOM_LENGTH
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
        return mark ? BOM_LENGTH : 0;
    }

    private static void checkUtf8(byte[] bytes) throws JsonException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(DECODED_AT_ONCE);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            throw new JsonException("", "it is not UTF-8 at byte " + in.position());
        }
    }

    private static Value read(JsonFactory factory, byte[] bytes, int from, int to) throws JsonException {
        try (JsonParser in = factory.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            if (in.nextToken() == null) {
                throw new JsonException("", "it is empty");
            }
            int begin = from + (int) in.currentTokenLocation().getByteOffset();
            finish(in);
            int end = from + (int) in.currentLocation().getByteOffset();
            if (in.nextToken() != null) {
                throw new JsonException("", "something follows the JSON value");
            }
            return new Value("", bytes, begin, end);
        } catch (JacksonException e) {
            throw new JsonException("", ParserFault.clause(e, from, to));
        }
    }

    private static void finish(JsonParser in) {
        JsonToken token = in.currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            in.skipChildren();
        } else {
            in.finishToken();
        }
    }

    /** Where it stands: {@code messages[0].content}; empty for the document. */
    public String path() {
        return path;
    }

    public int from() {
        return from;
    }

    /** Behind its last byte. */
    public int to() {
        return to;
    }

    public boolean isObject() {
        return bytes[from] == '{';
    }

    public boolean isArray() {
        return bytes[from] == '[';
    }

    public boolean isString() {
        return bytes[from] == '"';
    }

    public boolean isNull() {
        return bytes[from] == 'n';
    }

    private boolean isNumber() {
        return bytes[from] == '-' || (bytes[from] >= '0' && bytes[from] <= '9');
    }

    /** The value as it was written. */
    public Json json() {
        return new Json(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** @throws JsonException when it is no object */
    public Map<String, Value> members() throws JsonException {
        if (!isObject()) {
            throw new JsonException(path, "must be an object");
        }
        Map<String, Value> members = new LinkedHashMap<>();
        walk((name, child) -> members.put(name, child));
        // A member that is null says as much as one that is not there.
        members.values().removeIf(Value::isNull);
        return members;
    }

    /** @throws JsonException when it is no array, or of more elements than anyone needs */
    public List<Value> elements() throws JsonException {
        if (!isArray()) {
            throw new JsonException(path, "must be an array");
        }
        List<Value> elements = new ArrayList<>();
        walk((name, child) -> elements.add(child));
        return elements;
    }

    /** Takes the children of an object or an array in order. */
    public interface Visitor {
        void child(String name, Value child) throws JsonException;
    }

    /**
     * The children of an object, those that are null too, or of an array.
     *
     * @param visitor is given an empty name for an element
     */
    public void walk(Visitor visitor) throws JsonException {
        try (JsonParser in = LENIENT.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            in.nextToken();
            int count = 0;
            for (JsonToken token = in.nextToken(); ; token = in.nextToken()) {
                if (token == null || token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
                    return;
                }
                String name = "";
                if (token == JsonToken.PROPERTY_NAME) {
                    name = in.currentName();
                    in.nextToken();
                }
                if (++count > MAX_ELEMENTS) {
                    throw new JsonException(path, "has more than " + MAX_ELEMENTS + " elements");
                }
                int begin = from + (int) in.currentTokenLocation().getByteOffset();
                finish(in);
                int end = from + (int) in.currentLocation().getByteOffset();
                visitor.child(name, new Value(below(name, count - 1), bytes, begin, end));
            }
        } catch (JacksonException e) {
            throw new JsonException(path, ParserFault.clause(e, from, to));
        }
    }

    private String below(String name, int index) {
        if (isArray()) {
            return path + '[' + index + ']';
        }
        return path.isEmpty() ? name : path + '.' + name;
    }

    /** @throws JsonException when it is no string, or one that ends in half a character */
    public String text() throws JsonException {
        if (!isString()) {
            throw new JsonException(path, "must be a string");
        }
        try (JsonParser in = LENIENT.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            in.nextToken();
            return in.getString();
        } catch (JacksonException e) {
            throw new JsonException(path, ParserFault.clause(e, from, to));
        }
    }

    /** @throws JsonException when it is no number */
    public double number() throws JsonException {
        double number = isNumber() ? Double.parseDouble(json().text()) : Double.NaN;
        if (!Double.isFinite(number)) {
            throw new JsonException(path, "must be a number");
        }
        return number;
    }

    /** @throws JsonException when it is no array of numbers, each of which a 32-bit float can hold */
    public float[] floats() throws JsonException {
        if (!isArray()) {
            throw new JsonException(path, "must be an array of numbers");
        }
        float[] floats = new float[64];
        int size = 0;
        try (JsonParser in = LENIENT.createParser(ObjectReadContext.empty(), bytes, from, to - from)) {
            in.nextToken();
            for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
                float one = token != null && token.isNumeric() ? (float) in.getDoubleValue() : Float.NaN;
                if (!Float.isFinite(one)) {
                    throw new JsonException(below("", size), "must be a number");
                }
                if (size == floats.length) {
                    floats = Arrays.copyOf(floats, size * 2);
                }
                floats[size++] = one;
            }
        } catch (JacksonException e) {
            throw new JsonException(path, ParserFault.clause(e, from, to));
        }
        return Arrays.copyOf(floats, size);
    }

    /** @throws JsonException when it is no whole number */
    public long integer() throws JsonException {
        double number = isNumber() ? number() : Double.NaN;
        if (number != Math.rint(number) || Math.abs(number) > 1e18) {
            throw new JsonException(path, "must be a whole number");
        }
        String text = json().text();
        return text.matches("-?\\d+") ? Long.parseLong(text) : (long) number;
    }

    /** @throws JsonException when it is neither true nor false */
    public boolean bool() throws JsonException {
        if (bytes[from] != 't' && bytes[from] != 'f') {
            throw new JsonException(path, "must be true or false");
        }
        return bytes[from] == 't';
    }
}
