package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/embeddings}. */
final class EmbeddingsPath implements EmbeddingsEndpoint {
    static final String PATH = "/v1/embeddings";

    @Override
    public EmbeddingsRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        byte[] bytes = ChatOriginal.copy(body);
        EmbeddingsScan scan = EmbeddingsScan.of(bytes, ChatOriginal.bodyStart(bytes));
        return scan.request().original(new EmbeddingsOriginal(body, scan)).build();
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, EmbeddingsResponse response) {
        JsonWriter json = new JsonWriter(4096).beginObject().name("object").value("list");
        json.name("data").beginArray();
        int index = 0;
        for (float[] vector : response.vectors()) {
            json.beginObject().name("object").value("embedding").name("index").value(index++);
            json.name("embedding");
            if (request.base64()) {
                json.value(Floats.base64(vector));
            } else {
                json.value(vector);
            }
            json.endObject();
        }
        String model = response.model();
        json.endArray().name("model").value(model == null || model.isEmpty() ? served.model() : model);
        usage(json.name("usage"), response.usage());
        return new HttpBody(200, "application/json", json.endObject().toBuffer());
    }

    /** The shape requires it: what the vendor did not count is 0. */
    private static void usage(JsonWriter json, @Nullable Usage counted) {
        Usage usage = counted == null ? Usage.of(0, 0) : counted;
        long total = Math.max(0, usage.totalTokens());
        json.beginObject().name("prompt_tokens").value(usage.inputTokens() < 0 ? total : usage.inputTokens());
        json.name("total_tokens").value(total).endObject();
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, "application/json", body);
    }
}
