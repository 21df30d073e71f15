package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Checks the types of request fields and names the one at fault as the caller wrote it. */
final class FieldCheck {
    private enum Type {
        STRING("a string"),
        BOOLEAN("true or false"),
        NUMBER("a number"),
        INTEGER("an integer"),
        OBJECT("an object"),
        ARRAY("an array"),
        STRINGS("an array of strings"),
        STRING_OR_STRINGS("a string or an array of strings"),
        STRING_OR_OBJECT("a string or an object"),
        NUMBERS("an object of numbers");

        final String words;

        Type(String words) {
            this.words = words;
        }
    }

    /** The documented fields that are not looked at by name; all may be null. Unknown ones may be anything. */
    private static final Map<String, Type> FIELDS = Map.ofEntries(
            Map.entry("audio", Type.OBJECT),
            Map.entry("frequency_penalty", Type.NUMBER),
            Map.entry("function_call", Type.STRING_OR_OBJECT),
            Map.entry("logit_bias", Type.NUMBERS),
            Map.entry("logprobs", Type.BOOLEAN),
            Map.entry("max_completion_tokens", Type.INTEGER),
            Map.entry("max_tokens", Type.INTEGER),
            Map.entry("metadata", Type.OBJECT),
            Map.entry("modalities", Type.STRINGS),
            Map.entry("parallel_tool_calls", Type.BOOLEAN),
            Map.entry("prediction", Type.OBJECT),
            Map.entry("presence_penalty", Type.NUMBER),
            Map.entry("prompt_cache_key", Type.STRING),
            Map.entry("reasoning_effort", Type.STRING),
            Map.entry("safety_identifier", Type.STRING),
            Map.entry("seed", Type.INTEGER),
            Map.entry("service_tier", Type.STRING),
            Map.entry("stop", Type.STRING_OR_STRINGS),
            Map.entry("store", Type.BOOLEAN),
            Map.entry("temperature", Type.NUMBER),
            Map.entry("top_logprobs", Type.INTEGER),
            Map.entry("top_p", Type.NUMBER),
            Map.entry("user", Type.STRING),
            Map.entry("verbosity", Type.STRING),
            Map.entry("web_search_options", Type.OBJECT));

    private final JsonReader json;
    private final ToolCheck tools;
    private final RequestFacts facts = new RequestFacts();
    private final Deque<String> names = new ArrayDeque<>(4);
    private final Deque<Integer> indexes = new ArrayDeque<>(4);

    FieldCheck(JsonReader json) {
        this.json = json;
        this.tools = new ToolCheck(json, this, facts);
    }

    /** What has been read so far that a model could refuse. */
    RequestFacts facts() {
        return facts;
    }

    /** What follows is inside {@code name}. */
    void into(String name) {
        into(name, -1);
    }

    /** What follows is inside element {@code index} of {@code name}. */
    void into(String name, int index) {
        names.addLast(name);
        indexes.addLast(index);
    }

    void out() {
        names.removeLast();
        indexes.removeLast();
    }

    /** Reads a field of the request's top level. */
    void field(String name) throws JsonException, GatewayException {
        switch (name) {
            case "tools" -> objects(name, tools::tool);
            case "functions" -> objects(name, tools::function);
            case "tool_choice" -> tools.choice(name);
            case "response_format" -> tools.responseFormat(name);
            default -> {
                Type type = FIELDS.get(name);
                if (type == null || json.peek() == 'n') {
                    json.skip();
                } else {
                    typed(name, type);
                }
            }
        }
    }

    private void typed(String name, Type type) throws JsonException, GatewayException {
        int c = json.peek();
        switch (type) {
            case STRING -> wants(name, '"', type.words);
            case BOOLEAN -> {
                bool(name);
                return;
            }
            case NUMBER -> {
                number(name);
                return;
            }
            case INTEGER -> {
                integer(name);
                return;
            }
            case OBJECT -> wants(name, '{', type.words);
            case ARRAY -> wants(name, '[', type.words);
            case STRINGS -> {
                strings(name, type.words);
                return;
            }
            case STRING_OR_STRINGS -> {
                if (c != '"') {
                    strings(name, type.words);
                    return;
                }
            }
            case STRING_OR_OBJECT -> {
                if (c != '"') {
                    wants(name, '{', type.words);
                }
            }
            case NUMBERS -> {
                wants(name, '{', type.words);
                numbers(name);
                return;
            }
        }
        json.skip();
    }

    private void strings(String name, String words) throws JsonException, GatewayException {
        wants(name, '[', words);
        json.enterArray();
        for (int i = 0; json.nextElement(); i++) {
            if (json.peek() != '"') {
                throw wrong(name + '[' + i + ']', "a string");
            }
            json.skip();
        }
    }

    private void numbers(String name) throws JsonException, GatewayException {
        into(name);
        json.enterObject();
        while (json.nextMember()) {
            number(json.name());
        }
        out();
    }

    /** Reads the members of an object. */
    interface Members {
        void read() throws JsonException, GatewayException;
    }

    /** Reads an array of objects, or null. */
    void objects(String name, Members each) throws JsonException, GatewayException {
        if (json.skipNull()) {
            return;
        }
        wants(name, '[', "an array of objects");
        json.enterArray();
        for (int i = 0; json.nextElement(); i++) {
            if (json.peek() != '{') {
                throw wrong(name + '[' + i + ']', "an object");
            }
            into(name, i);
            each.read();
            out();
        }
    }

    /** Reads over an object or null. */
    void objectOrNull(String name) throws JsonException, GatewayException {
        nullable(name, Type.OBJECT);
    }

    /** Reads over true, false or null. */
    void boolOrNull(String name) throws JsonException, GatewayException {
        nullable(name, Type.BOOLEAN);
    }

    private void nullable(String name, Type type) throws JsonException, GatewayException {
        if (!json.skipNull()) {
            typed(name, type);
        }
    }

    /** Reads over a string or null. */
    void stringOrNull(String name) throws JsonException, GatewayException {
        nullable(name, Type.STRING);
    }

    /** Reads over a string, however long, without making it. */
    void skipString(String name) throws JsonException, GatewayException {
        wants(name, '"', Type.STRING.words);
        json.skip();
    }

    String string(String name) throws JsonException, GatewayException {
        wants(name, '"', Type.STRING.words);
        return json.string();
    }

    boolean bool(String name) throws JsonException, GatewayException {
        int c = json.peek();
        if (c != 't' && c != 'f') {
            throw wrong(name, Type.BOOLEAN.words);
        }
        return json.bool();
    }

    private void number(String name) throws JsonException, GatewayException {
        wantsNumber(name, Type.NUMBER);
        if (!Double.isFinite(json.number())) {
            throw invalid(name, "is a number too large to be read.");
        }
    }

    long integer(String name) throws JsonException, GatewayException {
        wantsNumber(name, Type.INTEGER);
        try {
            return json.integer();
        } catch (JsonException e) {
            if (json.peek() < 0) {
                throw e;
            }
            throw invalid(name, "must be an integer of at most 64 bits.");
        }
    }

    private void wantsNumber(String name, Type type) throws GatewayException {
        int c = json.peek();
        if (c != '-' && (c < '0' || c > '9')) {
            throw wrong(name, type.words);
        }
    }

    /** @param begin the first byte of the only kind of value that may stand here */
    void wants(String name, char begin, String words) throws GatewayException {
        if (json.peek() != begin) {
            throw wrong(name, words);
        }
    }

    GatewayException wrong(String name, String wanted) {
        String found = switch (json.peek()) {
            case '"' -> "a string";
            case '{' -> "an object";
            case '[' -> "an array";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            case -1 -> "";
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> "a number";
            default -> "";
        };
        if (found.isEmpty()) {
            return new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The request body is not valid JSON: "
                            + (json.peek() < 0 ? "it ends too early" : "expected a value")
                            + " at byte " + json.position() + ", where the value of " + quoted(name)
                            + " should stand.");
        }
        return invalid(name, "must be " + wanted + ", not " + found + ".");
    }

    /** @param words what is wrong, to follow the field's name */
    GatewayException invalid(String name, String words) {
        String field = quoted(name);
        return new GatewayException(ErrorKind.INVALID_REQUEST, field + ' ' + words)
                .withParameter(field.substring(1, field.length() - 1));
    }

    /** The field as the caller wrote it, in quotes. */
    private String quoted(String name) {
        StringBuilder path = new StringBuilder();
        Integer[] at = indexes.toArray(new Integer[0]);
        int i = 0;
        for (String outer : names) {
            path.append(outer);
            int index = at[i++];
            if (index >= 0) {
                path.append('[').append(index).append(']');
            }
            path.append('.');
        }
        String field = path.append(name).toString();
        if (field.length() > 200) {
            field = field.substring(0, 200) + "…";
        }
        return '"' + field + '"';
    }
}
