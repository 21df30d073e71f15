package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.wire.json.JsonOut;
import java.nio.ByteBuffer;

/** {@code POST /api/embed}, and {@code POST /api/embeddings}, which knows one text and tells nothing but its vector. */
final class EmbedEndpoint implements EmbeddingsEndpoint {
    private final Operation operation;

    EmbedEndpoint(Operation operation) {
        this.operation = operation;
    }

    @Override
    public EmbeddingsRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        RequestScan scan = RequestScan.of(operation, Requests.copy(body));
        return EmbedReader.read(operation, scan)
                .spellings(ModelNames.spellings(scan.model()))
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new OllamaOriginal(operation, body, scan))
                .build();
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, EmbeddingsResponse response) {
        JsonOut out = new JsonOut().beginObject();
        if (operation == Operation.EMBEDDINGS) {
            out.name("embedding").value(response.vectors().get(0));
        } else {
            String model = response.model();
            out.name("model").value(model == null || model.isEmpty() ? served.model() : model);
            out.name("embeddings").beginArray();
            response.vectors().forEach(out::value);
            out.endArray();
            Usage usage = response.usage();
            new Stopwatch(request.original()).write(out, usage == null ? -1 : usage.inputTokens());
        }
        return whole(request, served, ByteBuffer.wrap(out.endObject().toBytes()));
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, "application/json", body);
    }
}
