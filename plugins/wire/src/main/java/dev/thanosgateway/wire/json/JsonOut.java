package dev.thanosgateway.wire.json;

import dev.thanosgateway.api.Json;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON value. Used by one thread. Half a character, which UTF-8 cannot carry, becomes a question mark. */
public final class JsonOut {
    private static final JsonFactory JSON = new JsonFactory();

    private final StringWriter text = new StringWriter(256);
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

    /** What was written, in UTF-8. */
    public byte[] toBytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }
}
