package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.Route;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The OpenAI wire language facing clients. */
@Component
public final class OpenAiDialect implements Dialect {
    @Override
    public String name() {
        return ChatOriginal.DIALECT;
    }

    @Override
    public List<Route> routes() {
        ModelsEndpoint list = ModelJson::list;
        ModelEndpoint one = ModelJson::one;
        ResponsesEndpoint responses = new ResponsesEndpoint();
        return List.of(
                Route.of("POST", "/v1/chat/completions", new ChatCompletions(false)),
                Route.of("POST", "/v1/chat", new ChatCompletions(true)),
                Route.of("POST", "/v1/responses", responses),
                Route.of("GET", "/v1/responses", new ResponsesSocket(responses)),
                Route.of("POST", InputTokensEndpoint.PATH, new InputTokensEndpoint()),
                Route.of("POST", CompactEndpoint.PATH, new CompactEndpoint()),
                Route.of("POST", "/v1/completions", new CompletionsEndpoint()),
                Route.of("POST", EmbeddingsPath.PATH, new EmbeddingsPath()),
                Route.of("GET", "/v1/models", list),
                Route.of("GET", "/v1/models/{model*}", one));
    }

    @Override
    public HttpBody error(GatewayException error, String requestId) {
        return new HttpBody(error.kind().httpStatus(), "application/json", ByteBuffer.wrap(ErrorJson.write(error)));
    }

    @Override
    public List<String> forwardedHeaders() {
        return List.of("openai-beta");
    }
}
