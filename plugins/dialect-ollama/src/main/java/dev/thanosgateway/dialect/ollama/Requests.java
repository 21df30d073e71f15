package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;

/** What is wrong with a caller's request, said so that the caller can mend it. */
final class Requests {
    private Requests() {}

    /**
     * The JSON object a body holds.
     *
     * @throws GatewayException INVALID_REQUEST
     */
    static Value object(byte[] bytes, String wanted) throws GatewayException {
        if (bytes.length == 0) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body is empty. Send a JSON object with " + wanted + ".");
        }
        Value root;
        try {
            root = Value.strict(bytes);
        } catch (JsonException e) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body is not valid JSON: " + e.clause() + ".");
        }
        if (!root.isObject()) {
            throw new GatewayException(
                    ErrorKind.INVALID_REQUEST, "The request body must be a JSON object with " + wanted + ".");
        }
        return root;
    }

    static GatewayException invalid(JsonException cause) {
        return invalid(cause.path(), String.valueOf(cause.getMessage()));
    }

    /** @param what the rest of the sentence behind the field's name */
    static GatewayException invalid(String field, String what) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, "\"" + field + "\" " + what + ".").withParameter(field);
    }

    /** A request that needs what no other language has a word for. */
    static GatewayException unsupported(String field, String why) {
        return new GatewayException(ErrorKind.UNSUPPORTED, "\"" + field + "\" " + why).withParameter(field);
    }

    /** The bytes from position to limit, copied. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
