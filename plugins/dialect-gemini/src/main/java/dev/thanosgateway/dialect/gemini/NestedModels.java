package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The model's name in requests within a request, which must say again what the path says. */
final class NestedModels {
    private NestedModels() {}

    /** A place in the bytes and what goes there. */
    private record Edit(int from, int to, String text) {}

    /** @param body of {@code batchEmbedContents} or {@code countTokens}, known to be JSON */
    static byte[] renamed(byte[] body, String resource) {
        List<Edit> edits = new ArrayList<>();
        String name = new JsonOut().value(resource).toString();
        try {
            Value.lenient(body, RequestScan.start(body), body.length).walk((field, value) -> {
                for (Value inner : requests(field, value)) {
                    Value model = inner.members().get("model");
                    if (model == null) {
                        edits.add(new Edit(inner.from(), inner.from() + 1, "{\"model\":" + name + ','));
                    } else if (!model.isString() || !model.text().equals(resource)) {
                        edits.add(new Edit(model.from(), model.to(), name));
                    }
                }
            });
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
        return edits.isEmpty() ? body : edited(body, edits);
    }

    private static List<Value> requests(String field, Value value) throws JsonException {
        return switch (Field.camel(field)) {
            case "requests" -> value.isArray() ? value.elements() : value.isNull() ? List.of() : List.of(value);
            case "generateContentRequest" -> value.isNull() ? List.of() : List.of(value);
            default -> List.of();
        };
    }

    private static byte[] edited(byte[] body, List<Edit> edits) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 64 * edits.size());
        int kept = 0;
        for (Edit edit : edits) {
            out.write(body, kept, edit.from() - kept);
            out.writeBytes(edit.text().getBytes(StandardCharsets.UTF_8));
            kept = edit.to();
        }
        out.write(body, kept, body.length - kept);
        return out.toByteArray();
    }
}
