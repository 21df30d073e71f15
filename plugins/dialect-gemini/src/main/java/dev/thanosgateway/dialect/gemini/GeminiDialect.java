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
import java.util.ArrayList;
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

    /**
     * The same paths below {@code /v1beta} and {@code /v1}. The list of models at {@code /v1} is another dialect's too;
     * Google's clients are recognised by the header of their key. {@code models/} may be missing: the AI SDK's
     * {@code @ai-sdk/google} leaves it out of a name with a slash.
     */
    @Override
    public List<Route> routes() {
        ChatEndpoint whole = new GenerateContent(false);
        ChatEndpoint stream = new GenerateContent(true);
        EmbeddingsEndpoint embed = new EmbedContent(Operation.EMBED);
        EmbeddingsEndpoint batch = new EmbedContent(Operation.EMBED_BATCH);
        TokenCountEndpoint count = new CountTokens();
        ModelsEndpoint list = ModelJson::list;
        ModelEndpoint one = ModelJson::one;
        List<Route> routes = new ArrayList<>();
        for (String models :
                List.of("/v1beta/models/{model*}", "/v1/models/{model*}", "/v1beta/{model*}", "/v1/{model*}")) {
            routes.add(Route.of("POST", models + ":generateContent", whole));
            routes.add(Route.of("POST", models + ":streamGenerateContent", stream));
            routes.add(Route.of("POST", models + ":embedContent", embed));
            routes.add(Route.of("POST", models + ":batchEmbedContents", batch));
            routes.add(Route.of("POST", models + ":countTokens", count));
        }
        routes.add(Route.of("GET", "/v1beta/models", list));
        routes.add(Route.of("GET", "/v1beta/models/{model*}", one));
        routes.add(Route.of("GET", "/v1beta/{model*}", one));
        routes.add(Route.of("GET", "/v1/models", list).withHeader(KEY));
        routes.add(Route.of("GET", "/v1/models/{model*}", one).withHeader(KEY));
        return List.copyOf(routes);
    }

    @Override
    public HttpBody error(GatewayException error, String requestId) {
        return HttpBody.json(error.kind().httpStatus(), ErrorJson.write(error));
    }
}
