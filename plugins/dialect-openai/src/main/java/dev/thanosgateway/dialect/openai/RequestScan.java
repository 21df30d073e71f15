package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a chat request's bytes: refuses what is malformed, takes what routing needs, and notes the edits a
 * relay must make. Immutable once made.
 */
final class RequestScan {
    /** Nesting an honest request stays below; deeper ones are refused without being read on. */
    static final int MAX_DEPTH = 128;

    private static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");
    private static final int LONGEST_MODEL = 256;

    private final FieldCheck check;
    private final JsonReader json;
    private final Edits edits = new Edits();
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private List<String> fallbacks = List.of();
    private @Nullable String model;
    private int modelFrom;
    private int modelTo;
    private boolean stream;
    private boolean streamUsage;
    private int choices = 1;
    private int messagesFrom = -1;
    private @Nullable Json system;

    private RequestScan(byte[] bytes, int from) {
        json = JsonReader.strict(bytes, from, bytes.length, MAX_DEPTH);
        check = new FieldCheck(json);
    }

    /**
     * @param from where the JSON begins in {@code bytes}
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    static RequestScan of(byte[] bytes, int from) throws GatewayException {
        RequestScan scan = new RequestScan(bytes, from);
        try {
            scan.read();
        } catch (JsonException e) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body is not valid JSON: " + e.clause() + ".");
        }
        scan.complete();
        return scan;
    }

    String model() {
        return model == null ? "" : model;
    }

    boolean stream() {
        return stream;
    }

    boolean streamUsage() {
        return streamUsage;
    }

    /** How many answers were asked for. */
    int choices() {
        return choices;
    }

    List<String> fallbacks() {
        return fallbacks;
    }

    Map<String, Json> extensions() {
        return extensions;
    }

    /** The scanned bytes from {@code from} on as they go upstream: the model renamed, this gateway's fields gone. */
    byte[] relay(byte[] bytes, int from, String renamed) {
        Edits all = new Edits();
        all.addAll(edits);
        if (!renamed.equals(model)) {
            all.replace(modelFrom, modelTo, new JsonWriter(64).value(renamed).toBytes());
        }
        return all.isEmpty() && from == 0 ? bytes : all.apply(bytes, from, bytes.length);
    }

    private void read() throws JsonException, GatewayException {
        int begin = json.peek();
        if (begin < 0) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The request body is empty. Send a JSON object with \"model\" and \"messages\".");
        }
        if (begin != '{') {
            json.skip();
            json.end();
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST,
                    "The request body must be a JSON object with \"model\" and \"messages\".");
        }
        json.enterObject();
        MemberRemoval removal = new MemberRemoval(json, edits);
        while (json.nextMember()) {
            removal.begin();
            String name = json.name();
            json.peek();
            if (member(name)) {
                removal.keep();
            } else {
                removal.remove();
            }
        }
        removal.end();
        json.end();
    }

    /** Reads one member of the request; false = it is this gateway's own and goes no further. */
    private boolean member(String name) throws JsonException, GatewayException {
        switch (name) {
            case "model" -> {
                modelFrom = json.position();
                model = check.string(name);
                modelTo = json.position();
            }
            case "messages" -> {
                check.wants(name, '[', "an array of messages");
                messagesFrom = json.position() + 1;
                new MessageCheck(json, check).messages();
            }
            case "stream" -> stream = !json.skipNull() && check.bool(name);
            case "stream_options" -> streamOptions(name);
            case "n" -> choices(name);
            case "fallbacks" -> {
                fallbacks = json.skipNull() ? List.of() : fallbacks(name);
                return false;
            }
            case "system" -> {
                if (!json.skipNull()) {
                    check.wants(name, '"', "a string");
                    system = json.json();
                }
                return false;
            }
            default -> {
                if (EXTENSIONS.contains(name)) {
                    extensions.put(name, json.json());
                    return false;
                }
                check.field(name);
            }
        }
        return true;
    }

    private void streamOptions(String name) throws JsonException, GatewayException {
        if (json.skipNull()) {
            return;
        }
        check.wants(name, '{', "an object");
        check.into(name);
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("include_usage")) {
                streamUsage = !json.skipNull() && check.bool("include_usage");
            } else {
                json.skip();
            }
        }
        check.out();
    }

    private void choices(String name) throws JsonException, GatewayException {
        if (!json.skipNull()) {
            long wanted = check.integer(name);
            if (wanted < 1 || wanted > 4096) {
                throw check.invalid(name, "must be a number of answers, at least 1, not " + wanted + ".");
            }
            choices = (int) wanted;
        }
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

    private void complete() throws GatewayException {
        if (model == null) {
            throw check.invalid("model", "is required: name one, such as \"auto\"; GET /v1/models lists them.");
        }
        named("model", model);
        if (messagesFrom < 0) {
            throw check.invalid("messages", "is required: send an array with at least one message.");
        }
        if (system != null && !system.text().equals("\"\"")) {
            edits.replace(messagesFrom, messagesFrom, "{\"role\":\"system\",\"content\":" + system + "},");
        }
    }

    /** Upstreams name models as they like: any line of text that can be seen will do. */
    private String named(String field, String name) throws GatewayException {
        if (name.isBlank()
                || name.length() > LONGEST_MODEL
                || !name.codePoints().allMatch(RequestScan::visible)) {
            throw check.invalid(
                    field,
                    "must be the name of a model: 1 to " + LONGEST_MODEL
                            + " characters, no control characters; GET /v1/models lists them.");
        }
        return name;
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
