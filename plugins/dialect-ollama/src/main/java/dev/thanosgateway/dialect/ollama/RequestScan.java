package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What routing needs of a request's bytes, all of which are checked to be strict JSON. Immutable once made. */
final class RequestScan {
    /** Request fields of the gateway; a model server never sees them. */
    static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");

    /** What a request without a model asks for. */
    private static final String AUTO = "auto";

    private static final String THINK = "think";

    private final byte[] bytes;
    private final Value root;
    /** null = none is named. */
    private final @Nullable Value modelAt;

    private final String model;
    private final boolean stream;
    private final @Nullable WarmUp warmUp;
    private final List<String> fallbacks;
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    /** null = it is not said. */
    private final @Nullable Value think;

    private final boolean asksToThink;
    private final boolean foreign;
    private boolean own;

    private RequestScan(Operation operation, byte[] bytes) throws GatewayException, JsonException {
        this.bytes = bytes;
        this.root = Requests.object(bytes, '"' + operation.input() + '"');
        Map<String, Value> members = root.members();
        modelAt = members.get("model");
        if (modelAt == null && !operation.isChat()) {
            throw Requests.invalid(
                    "model",
                    "is required: embeddings have no default. Name one that makes them; GET /api/tags lists them");
        }
        model = modelAt == null ? AUTO : ModelNames.checked("model", modelAt.text());
        Value streams = members.get("stream");
        // Here, unlike elsewhere, an answer is a stream unless the caller says otherwise.
        stream = streams == null || streams.bool();
        warmUp = WarmUp.of(operation, members);
        fallbacks = fallbacks(members.get("fallbacks"));
        think = members.get(THINK);
        asksToThink = think != null && !think.json().text().equals("false");
        foreign = operation.isChat() && ForeignThoughts.mayBeIn(bytes);
        root.walk((name, value) -> {
            if (EXTENSIONS.contains(name)) {
                extensions.put(name, value.json());
            }
            own |= isOwn(name);
        });
    }

    /** @throws GatewayException INVALID_REQUEST naming the field */
    static RequestScan of(Operation operation, byte[] bytes) throws GatewayException {
        try {
            return new RequestScan(operation, bytes);
        } catch (JsonException e) {
            throw Requests.invalid(e);
        }
    }

    private static List<String> fallbacks(@Nullable Value value) throws JsonException, GatewayException {
        List<String> names = new ArrayList<>();
        if (value != null) {
            for (Value one : value.elements()) {
                names.add(ModelNames.checked(one.path(), one.text()));
            }
        }
        return List.copyOf(names);
    }

    /** Whether a member is the gateway's and goes no further. */
    static boolean isOwn(String name) {
        return name.equals("fallbacks") || EXTENSIONS.contains(name);
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

    /** What it asks for in place of an answer; null = it asks for an answer. */
    @Nullable
    WarmUp warmUp() {
        return warmUp;
    }

    List<String> fallbacks() {
        return fallbacks;
    }

    Map<String, Json> extensions() {
        return extensions;
    }

    /**
     * The request as it goes on to a server of this language: the model renamed, the gateway's own fields and other
     * vendors' signed thoughts gone, and {@code think} where the model is known not to reason.
     */
    byte[] relay(ChatRequest request) {
        return relay(request.model(), think != null && lacksThought(request.traits()));
    }

    /** What {@link #relay(ChatRequest)} leaves out that asked for something. */
    Set<String> dropped(ModelTraits traits) {
        return asksToThink && lacksThought(traits) ? Set.of("think") : Set.of();
    }

    private static boolean lacksThought(ModelTraits traits) {
        List<String> efforts = traits.list(Trait.EFFORT);
        return efforts != null && efforts.isEmpty();
    }

    /** The same where nothing is known of the model. */
    byte[] relay(String renamed) {
        return relay(renamed, false);
    }

    private byte[] relay(String renamed, boolean thoughtless) {
        Value at = modelAt;
        if (own || foreign || at == null || thoughtless) {
            return without(renamed, thoughtless);
        }
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

    /** The members that stay, each value byte for byte. */
    private byte[] without(String renamed, boolean thoughtless) {
        JsonOut out = new JsonOut().beginObject();
        if (modelAt == null) {
            out.name("model").value(renamed);
        }
        try {
            root.walk((name, value) -> {
                if (name.equals("model")) {
                    if (modelAt != null) {
                        out.name(name).value(renamed);
                    }
                } else if (foreign && name.equals("messages")) {
                    out.name(name).value(ForeignThoughts.without(value));
                } else if (!isOwn(name) && !(thoughtless && name.equals(THINK))) {
                    out.name(name).value(value.json());
                }
            });
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
        return out.endObject().toBytes();
    }
}
