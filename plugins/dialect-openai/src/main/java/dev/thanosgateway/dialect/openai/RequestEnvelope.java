package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What requests for chats and for embeddings have in common: a model, this gateway's own fields, and the edits a relay
 * makes. Read in one pass, with what is the operation's own. For one request; immutable once read.
 */
final class RequestEnvelope {
    /** Nesting an honest request stays below; deeper ones are refused without being read on. */
    static final int MAX_DEPTH = 128;

    private static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");
    /** What a request without a model asks for. */
    static final String AUTO = "auto";

    private static final int LONGEST_MODEL = 256;
    /** What a name of a model must be, to follow the field's name. */
    static final String NAME_WANTED = "must be the name of a model: 1 to " + LONGEST_MODEL
            + " characters, no control characters; GET /v1/models lists them";

    private final JsonReader json;
    private final FieldCheck check;
    private final Edits edits = new Edits();
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private List<String> fallbacks = List.of();
    private @Nullable String model;
    /** Where a relay writes the model: over its value, or over the opening brace where none is named. */
    private int modelFrom = -1;

    private int modelTo;
    private int brace;

    /** Reads the members that are the operation's own. */
    interface Others {
        /** Reads the value of a member; false = it is this gateway's own and goes no further. */
        boolean member(String name) throws JsonException, GatewayException;
    }

    RequestEnvelope(byte[] bytes, int from) {
        json = JsonReader.strict(bytes, from, bytes.length, MAX_DEPTH);
        check = new FieldCheck(json);
    }

    JsonReader json() {
        return json;
    }

    FieldCheck check() {
        return check;
    }

    /** What a relay changes, but for the model's name. */
    Edits edits() {
        return edits;
    }

    /** The model that is named, else {@code auto}. */
    String model() {
        return model == null ? AUTO : model;
    }

    List<String> fallbacks() {
        return fallbacks;
    }

    Map<String, Json> extensions() {
        return extensions;
    }

    /** The bytes from {@code from} on as they go upstream: the model renamed, this gateway's fields gone. */
    byte[] relay(byte[] bytes, int from, String renamed) {
        return relay(bytes, from, renamed, new Edits());
    }

    /** Like {@link #relay(byte[], int, String)}, with further changes. */
    byte[] relay(byte[] bytes, int from, String renamed, Edits more) {
        Edits all = new Edits();
        all.addAll(edits);
        all.addAll(more);
        if (!renamed.equals(model)) {
            String value = new String(new JsonWriter(64).value(renamed).toBytes(), StandardCharsets.UTF_8);
            if (modelFrom >= 0) {
                all.replace(modelFrom, modelTo, value);
            } else {
                // What the operation needs beside its model follows.
                all.replace(brace, brace + 1, "{\"model\":" + value + ',');
            }
        }
        return all.isEmpty() && from == 0 ? bytes : all.apply(bytes, from, bytes.length);
    }

    /**
     * @param wanted what the request must have beside its model
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    void read(String wanted, Others others) throws GatewayException {
        try {
            object("with \"" + wanted + "\".", others);
        } catch (JsonException e) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body is not valid JSON: " + e.clause() + ".");
        }
        if (model != null) {
            named("model", model);
        }
    }

    /** @throws GatewayException INVALID_REQUEST when no model is named */
    void requireModel(String why) throws GatewayException {
        if (model == null) {
            throw check.invalid("model", "is required: " + why);
        }
    }

    private void object(String wanted, Others others) throws JsonException, GatewayException {
        int begin = json.peek();
        if (begin < 0) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body is empty. Send a JSON object " + wanted);
        }
        if (begin != '{') {
            json.skip();
            json.end();
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "The request body must be a JSON object " + wanted);
        }
        brace = json.position();
        json.enterObject();
        MemberRemoval removal = new MemberRemoval(json, edits);
        while (json.nextMember()) {
            removal.begin();
            String name = json.name();
            json.peek();
            if (member(name, others)) {
                removal.keep();
            } else {
                removal.remove();
            }
        }
        removal.end();
        json.end();
    }

    private boolean member(String name, Others others) throws JsonException, GatewayException {
        if (name.equals("model")) {
            modelFrom = json.position();
            model = json.skipNull() ? null : check.string(name);
            modelTo = json.position();
            return true;
        }
        if (name.equals("fallbacks")) {
            fallbacks = json.skipNull() ? List.of() : fallbacks(name);
            return false;
        }
        if (EXTENSIONS.contains(name)) {
            extensions.put(name, json.json());
            return false;
        }
        return others.member(name);
    }

    private List<String> fallbacks(String name) throws JsonException, GatewayException {
        check.wants(name, '[', "an array of \"provider/model\" names");
        List<String> all = new ArrayList<>();
        json.enterArray();
        while (json.nextElement()) {
            all.add(named(name + '[' + all.size() + ']', check.string(name + '[' + all.size() + ']')));
        }
        return List.copyOf(all);
    }

    /** Upstreams name models as they like: any line of text that can be seen will do. */
    private String named(String field, String name) throws GatewayException {
        if (!nameable(name)) {
            throw check.invalid(field, NAME_WANTED + ".");
        }
        return name;
    }

    /** Whether a model may have this name. */
    static boolean nameable(String name) {
        return !name.isBlank()
                && name.length() <= LONGEST_MODEL
                && name.codePoints().allMatch(RequestEnvelope::visible);
    }

    private static boolean visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
