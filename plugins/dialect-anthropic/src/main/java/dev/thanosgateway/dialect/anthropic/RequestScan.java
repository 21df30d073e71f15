package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What routing needs of a request's bytes, all of which are checked to be strict JSON. Immutable once made. */
final class RequestScan {
    /** The field that says who chooses the tools. */
    static final String CHOICE = "tool_choice";
    /** What a request without a model asks for. */
    private static final String AUTO = "auto";

    private static final int LONGEST_MODEL = 512;
    private static final List<String> SAMPLING = List.of("temperature", "top_p", "top_k");
    private static final Set<String> FORCED = Set.of("any", "tool");
    private static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");

    private final byte[] bytes;
    private final Value root;
    /** null = none is named. */
    private final @Nullable Value modelAt;

    private final String model;
    private final boolean stream;
    private final List<String> fallbacks;
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private final @Nullable Value choice;
    private boolean own;

    private RequestScan(byte[] bytes) throws JsonException {
        this.bytes = bytes;
        this.root = Value.strict(bytes);
        if (!root.isObject()) {
            throw new JsonException("", "an object with \"messages\" is expected");
        }
        Map<String, Value> members = root.members();
        modelAt = members.get("model");
        model = modelAt == null ? AUTO : name(modelAt);
        Value messages = members.get("messages");
        if (messages == null || !messages.isArray()) {
            throw new JsonException("messages", "is required and must be an array of messages");
        }
        stream = Members.bool(members, "stream");
        Value limit = members.get("max_tokens");
        if (limit != null && limit.integer() < 0) {
            throw new JsonException("max_tokens", "must not be negative");
        }
        fallbacks = fallbacks(members.get("fallbacks"));
        choice = members.get(CHOICE);
        root.walk((name, value) -> {
            if (EXTENSIONS.contains(name)) {
                extensions.put(name, value.json());
            }
            own |= isOwn(name, value);
        });
    }

    /** @throws GatewayException INVALID_REQUEST naming the field */
    static RequestScan of(byte[] bytes) throws GatewayException {
        try {
            return new RequestScan(bytes);
        } catch (JsonException e) {
            throw MessagesEndpoint.invalid(e);
        }
    }

    private static String name(Value value) throws JsonException {
        String name = value.text();
        if (name.isBlank() || name.length() > LONGEST_MODEL || name.chars().anyMatch(Character::isISOControl)) {
            throw new JsonException(value.path(), "must be a model's name of 1 to " + LONGEST_MODEL + " characters");
        }
        return name;
    }

    private static List<String> fallbacks(@Nullable Value value) throws JsonException {
        List<String> names = new ArrayList<>();
        if (value != null && isOwn("fallbacks", value)) {
            for (Value one : value.elements()) {
                names.add(name(one));
            }
        }
        return List.copyOf(names);
    }

    /** Whether a member is the gateway's and goes no further: Anthropic has a field for its own fallbacks, of objects. */
    static boolean isOwn(String name, Value value) throws JsonException {
        if (!name.equals("fallbacks")) {
            return EXTENSIONS.contains(name);
        }
        return !value.isArray() || value.elements().stream().noneMatch(Value::isObject);
    }

    Value root() {
        return root;
    }

    String model() {
        return model;
    }

    boolean stream() {
        return stream;
    }

    List<String> fallbacks() {
        return fallbacks;
    }

    Map<String, Json> extensions() {
        return extensions;
    }

    /** Whether a tool must be called, and a model with these traits refuses that. */
    boolean forces(ModelTraits traits) {
        if (choice == null || traits.flag(Trait.FORCED_TOOLS, true) || !choice.isObject()) {
            return false;
        }
        try {
            return FORCED.contains(Members.text(choice.members(), "type"));
        } catch (JsonException e) {
            // The vendor says what is wrong with it.
            return false;
        }
    }

    /**
     * The request as it goes on to a server of this language: the model renamed, the gateway's own fields gone, and
     * thoughts that nobody signed, which only another vendor's answer can have put there and Anthropic refuses. A forced
     * call of a tool becomes the model's choice where it would be refused, sampling that it refuses is left out, thought
     * is asked for in the model's words, and a user's turn follows a last one of the assistant's from which the model does
     * not go on.
     *
     * @param traits of the model
     */
    byte[] relay(String renamed, ModelTraits traits) {
        try {
            Map<String, Json> changed = new HashMap<>();
            Json messages = messages(traits);
            if (messages != null) {
                changed.put("messages", messages);
            }
            if (choice != null && forces(traits)) {
                changed.put(CHOICE, free(choice));
            }
            Set<String> removed = sampling(traits);
            RelayThinking thinking = RelayThinking.of(root, traits);
            if (thinking != null) {
                put(RelayThinking.THINKING, thinking.thinking(), changed, removed);
                put(RelayThinking.OUTPUT, thinking.output(), changed, removed);
            }
            Value named = modelAt;
            return own || !changed.isEmpty() || !removed.isEmpty() || named == null
                    ? rewritten(renamed, changed, removed)
                    : renamed(renamed, named);
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    private static void put(String name, @Nullable Json value, Map<String, Json> changed, Set<String> removed) {
        if (value == null) {
            removed.add(name);
        } else {
            changed.put(name, value);
        }
    }

    /** The fields of sampling that are in the request and that the model refuses. */
    private Set<String> sampling(ModelTraits traits) throws JsonException {
        if (traits.list(Trait.SAMPLING) == null) {
            return new TreeSet<>();
        }
        Map<String, Value> members = root.members();
        Set<String> refused = new TreeSet<>();
        boolean either = traits.takes(Trait.SAMPLING, "temperature/top_p");
        for (String field : SAMPLING) {
            boolean one = either && (field.equals("temperature") || !members.containsKey("temperature"));
            boolean taken = traits.takes(Trait.SAMPLING, field) || (one && !field.equals("top_k"));
            if (members.get(field) != null && !taken) {
                refused.add(field);
            }
        }
        return refused;
    }

    /** What {@link #relay} leaves out or leaves to the model, by the names of the fields. */
    Set<String> dropped(ModelTraits traits) {
        try {
            Set<String> dropped = new TreeSet<>(sampling(traits));
            if (forces(traits)) {
                dropped.add(CHOICE);
            }
            RelayThinking thinking = RelayThinking.of(root, traits);
            if (thinking != null && thinking.dropped()) {
                dropped.add("reasoning_effort");
            }
            return dropped;
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
    }

    /** The messages that the model takes; null = as they are. */
    private @Nullable Json messages(ModelTraits traits) throws JsonException {
        Json signed = Unsigned.without(bytes, root, Unsigned.taken(traits));
        Value messages =
                traits.flag(Trait.PREFILL, true) ? null : root.members().get("messages");
        return messages != null && TrailingTurn.is(bytes, messages)
                ? TrailingTurn.continued(signed == null ? messages.json() : signed)
                : signed;
    }

    private byte[] renamed(String renamed, Value at) {
        if (renamed.equals(model)) {
            return bytes;
        }
        byte[] name = new JsonOut().value(renamed).toBytes();
        byte[] edited = new byte[bytes.length - (at.to() - at.from()) + name.length];
        System.arraycopy(bytes, 0, edited, 0, at.from());
        System.arraycopy(name, 0, edited, at.from(), name.length);
        int tail = at.from() + name.length;
        System.arraycopy(bytes, at.to(), edited, tail, edited.length - tail);
        return edited;
    }

    /** The same choice, left to the model. */
    private static Json free(Value choice) throws JsonException {
        JsonOut out = new JsonOut().beginObject().name("type").value("auto");
        choice.walk((name, value) -> {
            if (!name.equals("type") && !name.equals("name")) {
                out.name(name).value(value.json());
            }
        });
        return new Json(out.endObject().toString());
    }

    /**
     * The members that stay, each value byte for byte but for those that change, and those that are new.
     *
     * @param changed is emptied
     */
    private byte[] rewritten(String renamed, Map<String, Json> changed, Set<String> removed) throws JsonException {
        JsonOut out = new JsonOut().beginObject();
        if (modelAt == null) {
            out.name("model").value(renamed);
        }
        root.walk((name, value) -> {
            if (name.equals("model")) {
                if (modelAt != null) {
                    out.name(name).value(renamed);
                }
            } else if (!isOwn(name, value) && !removed.contains(name)) {
                Json other = changed.remove(name);
                out.name(name).value(other == null ? value.json() : other);
            }
        });
        new TreeMap<>(changed).forEach((name, value) -> out.name(name).value(value));
        return out.endObject().toBytes();
    }
}
