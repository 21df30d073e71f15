package dev.thanosgateway.e2e;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.googleai.GoogleAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client library for the JVM that makes vectors, unmodified, pointed at the gateway.
 *
 * @param counts whether it tells what the vectors took
 */
record EmbeddingClient(String name, boolean counts, Embedder embedder) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** @param tokens of all texts; 0 where the library does not tell */
    record Vectors(List<List<Float>> vectors, long tokens) {}

    /** Asks once, for vectors of so many dimensions; null = as many as the model makes. */
    @FunctionalInterface
    interface Embedder {
        Vectors embed(String model, List<String> texts, @Nullable Integer dimensions);
    }

    static List<EmbeddingClient> all(String gateway) {
        String v1 = gateway + "/v1";
        return List.of(
                openAi("openai-java", v1, null),
                openAi("openai-java for floats", v1, EmbeddingCreateParams.EncodingFormat.FLOAT),
                openAi("openai-java for base64", v1, EmbeddingCreateParams.EncodingFormat.BASE64),
                langChain(
                        "langchain4j-open-ai",
                        true,
                        (model, dimensions) -> OpenAiEmbeddingModel.builder()
                                .baseUrl(v1)
                                .apiKey("any")
                                .modelName(model)
                                .dimensions(dimensions)
                                .maxRetries(0)
                                .timeout(PATIENCE)
                                .build()),
                langChain("langchain4j-google-ai-gemini", false, (model, dimensions) -> {
                    GoogleAiEmbeddingModel.GoogleAiEmbeddingModelBuilder builder = GoogleAiEmbeddingModel.builder();
                    builder.baseUrl(gateway + "/v1beta").apiKey("any").modelName(model);
                    builder.outputDimensionality(dimensions).maxRetries(0).timeout(PATIENCE);
                    return builder.build();
                }));
    }

    private static EmbeddingClient openAi(
            String name, String v1, EmbeddingCreateParams.@Nullable EncodingFormat format) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(v1)
                .apiKey("any")
                .maxRetries(0)
                .timeout(PATIENCE)
                .build();
        return new EmbeddingClient(name, true, (model, texts, dimensions) -> {
            EmbeddingCreateParams.Builder request =
                    EmbeddingCreateParams.builder().model(model).inputOfArrayOfStrings(texts);
            if (dimensions != null) {
                request.dimensions(dimensions);
            }
            if (format != null) {
                request.encodingFormat(format);
            }
            CreateEmbeddingResponse answer = client.embeddings().create(request.build());
            return new Vectors(
                    answer.data().stream()
                            .map(com.openai.models.embeddings.Embedding::embedding)
                            .toList(),
                    answer.usage().promptTokens());
        });
    }

    @FunctionalInterface
    private interface Models {
        EmbeddingModel of(String model, @Nullable Integer dimensions);
    }

    private static EmbeddingClient langChain(String name, boolean counts, Models models) {
        return new EmbeddingClient(name, counts, (model, texts, dimensions) -> {
            Response<List<Embedding>> answer = models.of(model, dimensions)
                    .embedAll(texts.stream().map(TextSegment::from).toList());
            return new Vectors(
                    answer.content().stream().map(Embedding::vectorAsList).toList(),
                    counts ? answer.tokenUsage().inputTokenCount() : 0);
        });
    }
}
