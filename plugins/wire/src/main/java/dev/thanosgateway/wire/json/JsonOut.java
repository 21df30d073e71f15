package dev.thanosgateway.wire.json;

import dev.thanosgateway.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON value. Used by one thread. */
public final class JsonOut {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonText text = new JsonText();
    private final JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text);

    public JsonOut beginObject() {
        out.writeStartObject();
        return this;
    }

    public JsonOut endObject() {
        out.writeEndObject();
        return this;
    }

    public JsonOut beginArray() {
        out.writeStartArray();
        return this;
    }

    public JsonOut endArray() {
        out.writeEndArray();
        return this;
    }

    public JsonOut name(String name) {
        out.writeName(name);
        return this;
    }

    public JsonOut value(String value) {
        out.writeString(value);
        return this;
    }

    public JsonOut value(long value) {
        out.writeNumber(value);
        return this;
    }

    /** Whole numbers without a fraction, as most people write them. */
    public JsonOut value(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
        return this;
    }

    /** The numbers of a vector as an array, each with as few digits as tell it from every other 32-bit float. */
    public JsonOut value(float[] vector) {
        out.writeStartArray();
        for (float one : vector) {
            out.writeNumber(one);
        }
        out.writeEndArray();
        return this;
    }

    public JsonOut value(boolean value) {
        out.writeBoolean(value);
        return this;
    }

    public JsonOut value(Json value) {
        out.writeRawValue(value.text());
        return this;
    }

    /** A member, left out if there is no value. */
    public JsonOut member(String name, @Nullable String value) {
        return value == null ? this : name(name).value(value);
    }

    /** A member, left out if there is no value. */
    public JsonOut member(String name, @Nullable Number value) {
        if (value instanceof Double || value instanceof Float) {
            name(name).value(value.doubleValue());
        } else if (value != null) {
            name(name).value(value.longValue());
        }
        return this;
    }

    @Override
    public String toString() {
        out.flush();
        return text.toString();
    }

    /** What was written, in UTF-8. Half a character, which that cannot carry, becomes a question mark. */
    public byte[] toBytes() {
        out.flush();
        return text.toBytes();
    }

    /** What was written as a piece of a stream, in UTF-8. */
    public byte[] toPiece() {
        return piece(toString());
    }

    /**
     * JSON that is a piece of a stream, in UTF-8. Half a character stays as its escape: the other half is in another
     * piece, and who joins their texts has the character.
     */
    public static byte[] piece(String json) {
        StringBuilder out = null;
        int copied = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (i + 1 < json.length() && Character.isSurrogatePair(c, json.charAt(i + 1))) {
                i++;
                continue;
            }
            out = out == null ? new StringBuilder(json.length() + 16) : out;
            out.append(json, copied, i).append("\\u").append(HexFormat.of().toHexDigits(c));
            copied = i + 1;
        }
        String escaped =
                out == null ? json : out.append(json, copied, json.length()).toString();
        return escaped.getBytes(StandardCharsets.UTF_8);
    }
}
