package dev.thanosgateway.provider.echo;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** JSON as Map (in order), List, String, Boolean, {@link Num} and {@link #NULL}. Nesting is limited by Jackson: 500. */
final class JsonTree {
    /** A number as it was written. */
    record Num(String text) {
        double value() {
            return Double.parseDouble(text);
        }
    }

    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final JsonFactory JSON = new JsonFactory();

    private JsonTree() {}

    /** @throws JacksonException when {@code text} is not one JSON value */
    static Object read(String text) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
            Object value = value(in, in.nextToken());
            if (in.nextToken() != null) {
                throw new StreamReadException(in, "more than one value");
            }
            return value;
        }
    }

    private static Object value(JsonParser in, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = in.currentName();
                    fields.put(name, value(in, in.nextToken()));
                }
                yield fields;
            }
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    items.add(value(in, next));
                }
                yield items;
            }
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(in.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> NULL;
        };
    }

    static String write(Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(tree, out);
        }
        return text.toString();
    }

    private static void write(Object tree, JsonGenerator out) {
        switch (tree) {
            case Map<?, ?> fields -> {
                out.writeStartObject();
                fields.forEach((name, value) -> {
                    out.writeName((String) name);
                    write(value, out);
                });
                out.writeEndObject();
            }
            case List<?> items -> {
                out.writeStartArray();
                items.forEach(item -> write(item, out));
                out.writeEndArray();
            }
            case String s -> out.writeString(s);
            case Num number -> out.writeNumber(number.text());
            case Boolean b -> out.writeBoolean(b);
            default -> out.writeNull();
        }
    }
}
