package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What routing needs of a request's bytes, all of which are checked to be strict JSON. Immutable once made. */
final class RequestScan {
    /** Request fields of the gateway; the vendor never sees them. */
    static final Set<String> EXTENSIONS = Set.of("tags", "omen", "echo");

    private static final String FALLBACKS = "fallbacks";
    private static final String MODEL = "model";

    private final byte[] bytes;
    private final Value root;
    private final List<String> fallbacks = new ArrayList<>();
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private int candidates = 1;
    private boolean own;

    private RequestScan(Operation operation, byte[] bytes) throws GatewayException, JsonException {
        this.bytes = bytes;
        root = root(bytes, wanted(operation));
        root.walk((name, value) -> {
            own |= elsewhere(name);
            if (EXTENSIONS.contains(name)) {
                extensions.put(name, value.json());
            } else if (name.equals(FALLBACKS) && !value.isNull()) {
                for (Value one : value.elements()) {
                    fallbacks.add(one.text());
                }
            } else if (Field.camel(name).equals("generationConfig") && value.isObject()) {
                value.walk((field, count) -> {
                    if (Field.camel(field).equals("candidateCount") && !count.isNull() && !count.isString()) {
                        candidates = (int) Math.max(1, Math.min(Integer.MAX_VALUE, count.number()));
                    }
                });
            }
        });
    }

    /** @throws GatewayException INVALID_REQUEST saying what is wrong with the body, or with a field of the gateway's */
    static RequestScan of(Operation operation, byte[] bytes) throws GatewayException {
        try {
            return new RequestScan(operation, bytes);
        } catch (JsonException e) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, e.clause() + ".").withParameter(e.path());
        }
    }

    private static String wanted(Operation operation) {
        return switch (operation) {
            case EMBED -> "\"content\"";
            case EMBED_BATCH -> "\"requests\"";
            default -> "\"contents\"";
        };
    }

    private static Value root(byte[] bytes, String wanted) throws GatewayException {
        if (bytes.length == 0) {
            throw invalid("The request body is empty. Send a JSON object with " + wanted + ".");
        }
        Value root;
        try {
            root = Value.strict(bytes);
        } catch (JsonException e) {
            throw invalid("The request body is not valid JSON: " + e.clause() + ".");
        }
        if (!root.isObject()) {
            throw invalid("The request body must be a JSON object with " + wanted + ".");
        }
        return root;
    }

    private static GatewayException invalid(String message) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, message);
    }

    /** Where JSON begins: behind a byte order mark, which some send. */
    static int start(byte[] bytes) {
        boolean mark =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return mark ? 3 : 0;
    }

    List<String> fallbacks() {
        return fallbacks;
    }

    Map<String, Json> extensions() {
        return extensions;
    }

    /** How many candidates are asked for. */
    int candidates() {
        return candidates;
    }

    /** Whether a member is the gateway's, or says again what the path says. */
    static boolean elsewhere(String name) {
        return name.equals(FALLBACKS) || name.equals(MODEL) || EXTENSIONS.contains(name);
    }

    /** The request as it goes on to Gemini: as it came, unless something in it is not Gemini's. */
    byte[] relay() {
        return RepeatedResults.without(Signatures.withoutForeign(own ? others() : bytes));
    }

    /** The members that stay, each value byte for byte. */
    private byte[] others() {
        JsonOut out = new JsonOut().beginObject();
        try {
            root.walk((name, value) -> {
                if (!elsewhere(name)) {
                    out.name(name).value(value.json());
                }
            });
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
        return out.endObject().toBytes();
    }
}
