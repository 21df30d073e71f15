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
        Usage usage = response.usage();
        if (usage != null) {
            json.name("usage").beginObject();
            json.name("prompt_tokens").value(usage.inputTokens() < 0 ? usage.totalTokens() : usage.inputTokens());
            json.name("total_tokens").value(usage.totalTokens()).endObject();
        }
        return new HttpBody(200, "application/json", json.endObject().toBuffer());
    }

    @Override
    public HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, "application/json", body);
    }
}
