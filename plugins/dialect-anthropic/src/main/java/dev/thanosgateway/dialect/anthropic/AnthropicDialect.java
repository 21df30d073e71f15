package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.Route;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The Anthropic wire language facing clients. */
@Component
public final class AnthropicDialect implements Dialect {
    @Override
    public String name() {
        return MessagesOriginal.DIALECT;
    }

    @Override
    public List<Route> routes() {
        // The lists of models are another language's too; Anthropic's clients are told by their header.
        ModelEndpoint one = ModelPages::one;
        return List.of(
                Route.of("POST", EventLane.PATH, new MessagesEndpoint()),
                Route.of("POST", CountExchange.PATH, new CountEndpoint()),
                Route.of("GET", "/v1/models", new ModelPages()).withHeader(MessagesOriginal.VERSION_HEADER),
                Route.of("GET", "/v1/models/{model*}", one).withHeader(MessagesOriginal.VERSION_HEADER));
    }

    @Override
    public HttpBody error(GatewayException error, String requestId) {
        byte[] body = ErrorJson.write(error, requestId);
        return new HttpBody(ErrorJson.status(error), "application/json", ByteBuffer.wrap(body));
    }

    @Override
    public List<String> forwardedHeaders() {
        return List.of("anthropic-beta", MessagesOriginal.VERSION_HEADER);
    }
}
