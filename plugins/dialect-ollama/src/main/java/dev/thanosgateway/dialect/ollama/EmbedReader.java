package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the canonical request of a request for embeddings. */
final class EmbedReader {
    private EmbedReader() {}

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED for what only a model server can do */
    static EmbeddingsRequest.Builder read(Operation operation, RequestScan scan) throws GatewayException {
        try {
            return read(operation, scan.model(), scan.root().members());
        } catch (JsonException e) {
            throw Requests.invalid(e);
        }
    }

    private static EmbeddingsRequest.Builder read(Operation operation, String model, Map<String, Value> members)
            throws JsonException, GatewayException {
        EmbeddingsRequest.Builder request = EmbeddingsRequest.builder(model);
        Value said = members.remove(operation.input());
        List<EmbeddingInput> inputs = new ArrayList<>();
        if (said != null && said.isArray() && operation == Operation.EMBED) {
            for (Value one : said.elements()) {
                inputs.add(new EmbeddingInput.Text(one.text()));
            }
        } else if (said != null && !said.text().isEmpty()) {
            inputs.add(new EmbeddingInput.Text(said.text()));
        }
        if (inputs.isEmpty()) {
            throw Requests.unsupported(
                    operation.input(),
                    "is empty: that loads a model, which is not done from here. Send at least one text.");
        }
        members.keySet().removeIf(name -> name.equals("model") || RequestScan.isOwn(name));
        if (operation == Operation.EMBED) {
            Value truncate = members.remove("truncate");
            request.truncate(truncate == null ? null : Boolean.valueOf(truncate.bool()));
            Value dimensions = members.remove("dimensions");
            long wanted = dimensions == null ? 0 : dimensions.integer();
            if (wanted < 0 || wanted > Integer.MAX_VALUE) {
                throw Requests.invalid("dimensions", "must be a number of dimensions, not " + wanted);
            }
            request.dimensions((int) wanted);
        }
        return request.inputs(inputs).hints(List.copyOf(members.keySet()));
    }
}
