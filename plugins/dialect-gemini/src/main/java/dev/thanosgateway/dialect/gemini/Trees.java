package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.JsonString;
import dev.thanosgateway.wire.json.JsonText;
import dev.thanosgateway.wire.json.ParserFault;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** JSON as trees: numbers keep their value exactly, nesting is limited, names may repeat and then the last one counts. */
final class Trees {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(128)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    private static final JsonMapper JSON = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Trees() {}

    /** @throws JacksonException when these bytes are not one JSON value */
    static JsonNode read(byte[] bytes, int from, int to) {
        return JSON.readTree(bytes, from, to - from);
    }

    /**
     * An upstream's document.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is no JSON
     */
    static JsonNode answered(byte[] bytes, int from, int to) throws GatewayException {
        try {
            return read(bytes, from, to);
        } catch (JacksonException e) {
            throw Protocol.bad(ParserFault.clause(e, from, to));
        }
    }

    /** @throws JacksonException when {@code text} is not one JSON value */
    static JsonNode read(String text) {
        return JSON.readTree(text);
    }

    /**
     * The object that a tool call's arguments are; null when they are none, such as some that were cut. It is one node, however
     * many values it has.
     */
    static @Nullable JsonNode object(String text) {
        if (text.isBlank()) {
            return object();
        }
        String compact = JsonString.compact(text);
        return compact == null ? null : raw(compact);
    }

    /** @param json valid and on one line; it is written as it is */
    static JsonNode raw(String json) {
        return JsonNodeFactory.instance.rawValueNode(new RawValue(json));
    }

    /** What {@code json} holds; nothing, which has no members, if it is null or broken. */
    static JsonNode readable(@Nullable Json json) {
        try {
            return json == null ? MissingNode.getInstance() : read(json.text());
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static Json json(JsonNode node) {
        return new Json(text(node));
    }

    static String text(JsonNode node) {
        return written(node).toString();
    }

    private static JsonText written(JsonNode node) {
        JsonText text = new JsonText();
        JSON.writeValue(text, node);
        return text;
    }

    /** In UTF-8; half a character, which that cannot carry, becomes a question mark. */
    static byte[] bytes(JsonNode node) {
        return written(node).toBytes();
    }

    /** A piece of a stream, in UTF-8, in which half a character stays as its escape. */
    static byte[] piece(JsonNode node) {
        return JsonOut.piece(text(node));
    }

    /** The bytes from position to limit, copied. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
