package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** How errors look in a family of paths, by one that its dialect writes: an OpenAPI response with schema and example. */
final class ErrorExample {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ErrorExample() {}

    /** @param family null = the gateway's own shape */
    static ObjectNode response(@Nullable LiveDialect family) {
        GatewayException sample = new GatewayException(
                        ErrorKind.MODEL_NOT_FOUND, "A sentence that says what is wrong and what to do next.")
                .withParameter("model");
        boolean leased = family != null && family.acquire();
        HttpBody body;
        try {
            body = ErrorShapes.of(leased ? family : null, sample, "req_0");
        } finally {
            if (leased && family != null) {
                family.release();
            }
        }
        String text = StandardCharsets.UTF_8.decode(body.bytes()).toString();
        ObjectNode response = JSON.createObjectNode().put("description", "An error, with the HTTP status of its kind.");
        ObjectNode media = response.putObject("content").putObject(body.contentType());
        try {
            JsonNode example = JSON.readTree(text);
            media.set("schema", schema(example));
            media.set("example", example);
        } catch (JacksonException e) {
            media.putObject("schema").put("type", "string");
            media.put("example", text);
        }
        return response;
    }

    /** What a value looks like; what is null in the example may be a string. */
    private static ObjectNode schema(JsonNode value) {
        ObjectNode schema = JSON.createObjectNode();
        switch (value.getNodeType()) {
            case OBJECT -> {
                schema.put("type", "object");
                ObjectNode properties = schema.putObject("properties");
                value.properties().forEach(field -> properties.set(field.getKey(), schema(field.getValue())));
            }
            case ARRAY -> {
                schema.put("type", "array");
                schema.set("items", value.isEmpty() ? JSON.createObjectNode() : schema(value.get(0)));
            }
            case NUMBER -> schema.put("type", value.isIntegralNumber() ? "integer" : "number");
            case BOOLEAN -> schema.put("type", "boolean");
            case STRING -> schema.put("type", "string");
            default -> schema.putArray("type").add("string").add("null");
        }
        return schema;
    }
}
