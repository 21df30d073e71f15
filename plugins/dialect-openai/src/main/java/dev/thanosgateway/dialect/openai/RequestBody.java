package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for a response or a completion: its bytes, checked to be strict JSON, its members, and what routing needs
 * of them. Immutable once made,
 * but for what is found in it later.
 */
final class RequestBody {
    private static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");
    private static final String FALLBACKS = "fallbacks";

    private final byte[] bytes;
    private final int begin;
    private final Map<String, Value> members;
    private final String model;
    private final boolean stream;
    private final List<String> fallbacks = new ArrayList<>();
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private volatile @Nullable Map<String, CallForm> forms;
    private volatile @Nullable String previous;

    private RequestBody(byte[] bytes, int begin) throws JsonException {
        this.bytes = bytes;
        this.begin = begin;
        members = Collections.unmodifiableMap(
                Value.lenient(bytes, begin, bytes.length).members());
        Value named = members.get("model");
        model = named == null ? RequestEnvelope.AUTO : name(named);
        stream = Members.bool(members, "stream");
        Value others = members.get(FALLBACKS);
        if (others != null) {
            for (Value one : others.elements()) {
                fallbacks.add(name(one));
            }
        }
        for (String extension : EXTENSIONS) {
            Value said = members.get(extension);
            if (said != null && isOwn(extension, said.isObject())) {
                extensions.put(extension, said.json());
            }
        }
    }

    /** @throws GatewayException INVALID_REQUEST naming the field */
    static RequestBody of(ByteBuffer body) throws GatewayException {
        byte[] bytes = ChatOriginal.copy(body);
        int begin = ChatOriginal.bodyStart(bytes);
        checkStrict(bytes, begin);
        try {
            return new RequestBody(bytes, begin);
        } catch (JsonException e) {
            throw invalid(e);
        }
    }

    private static void checkStrict(byte[] bytes, int begin) throws GatewayException {
        JsonReader json = JsonReader.strict(bytes, begin, bytes.length, RequestEnvelope.MAX_DEPTH);
        boolean object = json.peek() == '{';
        if (json.peek() < 0) {
            throw malformed("The request body is empty. Send a JSON object.");
        }
        try {
            json.skip();
            json.end();
        } catch (dev.thanosgateway.dialect.openai.wire.JsonException e) {
            throw malformed("The request body is not valid JSON: " + e.clause() + ".");
        }
        if (!object) {
            throw malformed("The request body must be a JSON object.");
        }
    }

    private static GatewayException malformed(String message) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, message);
    }

    /** A field that is not what it must be. */
    static GatewayException invalid(JsonException e) {
        return e.path().isEmpty()
                ? malformed("The request body is not valid JSON: " + e.clause() + ".")
                : malformed(e.clause() + ".").withParameter(e.path());
    }

    /** A field that is right and cannot be served here. */
    static GatewayException unsupported(String path, String what) {
        return new GatewayException(ErrorKind.UNSUPPORTED, '"' + path + "\" " + what).withParameter(path);
    }

    private static String name(Value value) throws JsonException {
        String name = value.text();
        if (!RequestEnvelope.nameable(name)) {
            throw new JsonException(value.path(), RequestEnvelope.NAME_WANTED);
        }
        return name;
    }

    /** A field of the request; null = it is not there, or null itself. */
    @Nullable
    Value member(String name) {
        return members.get(name);
    }

    /** Notes the id of the response that the request builds on; null = none. */
    void builtOn(@Nullable String previous) {
        this.previous = previous;
    }

    /** The id of the response that the request builds on, whose items stand in its input; null = none. */
    @Nullable
    String previous() {
        return previous;
    }

    /** Notes how the caller knows the functions that stand for its tools. */
    void forms(Map<String, CallForm> known) {
        forms = known;
    }

    /** How the caller knows the functions that stand for its tools, by their names; functions of the same name are not in it. */
    Map<String, CallForm> forms() {
        Map<String, CallForm> known = forms;
        if (known == null) {
            try {
                known = OfferedTools.of(this).forms();
            } catch (JsonException e) {
                known = Map.of();
            }
            forms = known;
        }
        return known;
    }

    /** The fields of the request that are not null, by name. */
    Map<String, Value> all() {
        return members;
    }

    /** The model that is named, else {@code auto}. */
    String model() {
        return model;
    }

    /** The bytes of a value of the request. */
    byte[] slice(Value value) {
        return Arrays.copyOfRange(bytes, value.from(), value.to());
    }

    /** A reader that stands before a value of the request. */
    JsonReader reader(Value value) {
        return JsonReader.lenient(bytes, value.from(), value.to());
    }

    /** The fields of the request that are not null, but for those read here: for its content, by name. */
    Map<String, Value> content() {
        Map<String, Value> rest = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (!isOwn(name, value.isObject()) && !name.equals("model") && !name.equals("stream")) {
                rest.put(name, value);
            }
        });
        return rest;
    }

    /** Whether a member is the gateway's: completions have a field {@code echo} that is true or false. */
    private static boolean isOwn(String name, boolean object) {
        return name.equals(FALLBACKS) || (EXTENSIONS.contains(name) && (object || !name.equals("echo")));
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** What routing needs to know, in a new request. */
    ChatRequest.Builder request() {
        return ChatRequest.builder(model).stream(stream).fallbacks(fallbacks).extensions(extensions);
    }

    /**
     * The bytes as they go to an upstream of this language: the model renamed, the gateway's own fields gone.
     *
     * @param more further changes, of values
     * @param without members of the top level that are left out
     */
    byte[] relay(String renamed, Edits more, Set<String> without) {
        Edits edits = new Edits();
        edits.addAll(more);
        JsonReader json = JsonReader.lenient(bytes, begin, bytes.length);
        try {
            json.peek();
            int brace = json.position();
            boolean named = false;
            int kept = 0;
            json.enterObject();
            MemberRemoval removal = new MemberRemoval(json, edits);
            while (json.nextMember()) {
                removal.begin();
                String name = json.name();
                boolean object = json.peek() == '{';
                int from = json.position();
                json.skip();
                if (isOwn(name, object) || without.contains(name)) {
                    removal.remove();
                    continue;
                }
                kept++;
                named |= name.equals("model");
                if (name.equals("model") && (!renamed.equals(model) || members.get(name) == null)) {
                    edits.replace(
                            from,
                            json.position(),
                            new JsonWriter(64).value(renamed).toBytes());
                }
                removal.keep();
            }
            removal.end();
            if (!named) {
                String value = new String(new JsonWriter(64).value(renamed).toBytes(), StandardCharsets.UTF_8);
                edits.replace(brace, brace + 1, "{\"model\":" + value + (kept > 0 ? "," : ""));
            }
        } catch (dev.thanosgateway.dialect.openai.wire.JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
        return edits.isEmpty() && begin == 0 ? bytes : edits.apply(bytes, begin, bytes.length);
    }
}
