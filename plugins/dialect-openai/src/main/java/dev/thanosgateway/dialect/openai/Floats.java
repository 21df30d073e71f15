package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** A vector as numbers, or as base64 of little-endian 32-bit floats. */
final class Floats {
    private Floats() {}

    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return StandardCharsets.ISO_8859_1
                .decode(Base64.getEncoder().encode(bytes))
                .toString();
    }

    /** Reads the next value; what is no number a 32-bit float can hold, or nothing, is no vector. */
    static float[] read(JsonReader json) throws JsonException, GatewayException {
        float[] vector = json.peek() == '"' ? decoded(json.string()) : numbers(json);
        for (float one : vector) {
            if (!Float.isFinite(one)) {
                throw Protocol.noVectors();
            }
        }
        if (vector.length == 0) {
            throw Protocol.noVectors();
        }
        return vector;
    }

    private static float[] decoded(String base64) throws GatewayException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Protocol.noVectors();
        }
        if (bytes.length % Float.BYTES != 0) {
            throw Protocol.noVectors();
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    private static float[] numbers(JsonReader json) throws JsonException {
        float[] vector = new float[256];
        int size = 0;
        json.enterArray();
        while (json.nextElement()) {
            if (size == vector.length) {
                vector = Arrays.copyOf(vector, size * 2);
            }
            vector[size++] = (float) json.number();
        }
        return Arrays.copyOf(vector, size);
    }
}
