package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The Gemini wire language facing clients. */
@Component
public final class GeminiDialect implements Dialect {
    private static final String KEY = "x-goog-api-key";

    @Override
    public String name() {
        return GeminiOriginal.DIALECT;
    }

    /** {@code /v1} is the same; the list of models there is another's too, and Google's clients are told by their key. */
    @Override
    public List<Route> routes() {
        ChatEndpoint whole = new GenerateContent(false);
        ChatEndpoint stream = new GenerateContent(true);
        EmbeddingsEndpoint embed = new EmbedContent(Operation.EMBED);
        EmbeddingsEndpoint batch = new EmbedContent(Operation.EMBED_BATCH);
        TokenCountEndpoint count = new CountTokens();
        ModelsEndpoint list = ModelJson::list;
        ModelEndpoint one = ModelJson::one;
        return List.of(
                Route.of("POST", "/v1beta/models/{model*}:generateContent", whole),
                Route.of("POST", "/v1beta/models/{model*}:streamGenerateContent", stream),
                Route.of("POST", "/v1beta/models/{model*}:embedContent", embed),
                Route.of("POST", "/v1beta/models/{model*}:batchEmbedContents", batch),
                Route.of("POST", "/v1beta/models/{model*}:countTokens", count),
                Route.of("GET", "/v1beta/models", list),
                Route.of("GET", "/v1beta/models/{model*}", one),
                Route.of("POST", "/v1/models/{model*}:generateContent", whole),
                Route.of("POST", "/v1/models/{model*}:streamGenerateContent", stream),
                Route.of("POST", "/v1/models/{model*}:embedContent", embed),
                Route.of("POST", "/v1/models/{model*}:batchEmbedContents", batch),
                Route.of("POST", "/v1/models/{model*}:countTokens", count),
                Route.of("GET", "/v1/models", list).withHeader(KEY),
                Route.of("GET", "/v1/models/{model*}", one).withHeader(KEY));
    }

    @Override
    public HttpBody error(GatewayException error, String requestId) {
        return HttpBody.json(error.kind().httpStatus(), ErrorJson.write(error));
    }
}
