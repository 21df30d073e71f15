package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
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
        return List.of(
                Route.of("POST", EventLane.PATH, new MessagesEndpoint()),
                Route.of("POST", CountExchange.PATH, new CountEndpoint()));
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
