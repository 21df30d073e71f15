package dev.thanosgateway.host.grpc;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a message that hold JSON text. */
final class JsonFields {
    /** Deeper than any schema anyone writes, and far from a stack's end. */
    private static final int MAX_DEPTH = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            // A number keeps the digits the caller wrote.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonFields() {}

    /** @throws GatewayException INVALID_REQUEST that names {@code field} when {@code text} is not one JSON value */
    static Json value(String field, String text) throws GatewayException {
        parse(field, text);
        return new Json(text);
    }

    /** @throws GatewayException INVALID_REQUEST that names {@code field} when {@code text} is no JSON object */
    static Json object(String field, String text) throws GatewayException {
        members(field, text);
        return new Json(text);
    }

    /**
     * The members of an object.
     *
     * @throws GatewayException INVALID_REQUEST that names {@code field} when {@code text} is no JSON object
     */
    static Map<String, Json> members(String field, String text) throws GatewayException {
        JsonNode node = parse(field, text);
        if (!node.isObject()) {
            throw invalid(field, field + " must be a JSON object.");
        }
        Map<String, Json> members = new LinkedHashMap<>();
        node.properties().forEach(e -> members.put(e.getKey(), new Json(write(e.getValue()))));
        return members;
    }

    /** One object of {@code members}. */
    static String object(Map<String, Json> members) {
        StringBuilder text = new StringBuilder("{");
        members.forEach((name, json) -> text.append(text.length() > 1 ? "," : "")
                .append(write(MAPPER.getNodeFactory().stringNode(name)))
                .append(':')
                .append(json.text()));
        return text.append('}').toString();
    }

    static GatewayException invalid(String field, String message) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, message).withParameter(field);
    }

    private static JsonNode parse(String field, String text) throws GatewayException {
        try {
            JsonNode node = MAPPER.readTree(text);
            // As on every HTTP path: half of a surrogate pair is no text.
            if (text.contains("\\u") && !StandardCharsets.UTF_8.newEncoder().canEncode(write(node))) {
                throw invalid(field, field + " has half of a surrogate pair.");
            }
            if (!node.isMissingNode()) {
                return node;
            }
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            // Only what is over a limit has no place.
            throw invalid(
                    field,
                    at == null
                            ? field + " nests deeper than " + MAX_DEPTH + " levels, or has a number or name too long."
                            : field + " is not valid JSON, or repeats a name, at line " + at.getLineNr() + ", column "
                                    + at.getColumnNr() + ".");
        }
        throw invalid(field, field + " is empty; it must hold JSON.");
    }

    private static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }
}
