package dev.thanosgateway.dialect.gemini;

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

/** {@code POST /v1beta/models/<model>:embedContent} and {@code :batchEmbedContents}. */
final class EmbedContent implements EmbeddingsEndpoint {
    private final Operation operation;

    EmbedContent(Operation operation) {
        this.operation = operation;
    }

    @Override
    public EmbeddingsRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        byte[] bytes = Trees.copy(body);
        RequestScan scan = RequestScan.of(operation, bytes);
        String model = incoming.pathParameters().getOrDefault("model", "");
        return EmbedReader.read(operation, model, Field.root(bytes))
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new GeminiOriginal(operation, body, scan))
                .build();
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, EmbeddingsResponse response) {
        JsonOut out = new JsonOut().beginObject();
        if (operation == Operation.EMBED) {
            vector(out.name("embedding"), response.vectors().get(0));
        } else {
            out.name("embeddings").beginArray();
            response.vectors().forEach(vector -> vector(out, vector));
            out.endArray();
        }
        Usage usage = response.usage();
        if (usage != null && usage.inputTokens() >= 0) {
            out.name("usageMetadata").beginObject();
            out.name("promptTokenCount").value(usage.inputTokens()).endObject();
        }
        return new HttpBody(
                200, GenerateContent.JSON, ByteBuffer.wrap(out.endObject().toBytes()));
    }

    private static void vector(JsonOut out, float[] vector) {
        out.beginObject().name("values").value(vector).endObject();
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, GenerateContent.JSON, body);
    }
}
