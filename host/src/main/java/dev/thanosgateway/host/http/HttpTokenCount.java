package dev.thanosgateway.host.http;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.host.dispatch.Begun;
import dev.thanosgateway.host.plugins.Lane;
import java.nio.ByteBuffer;

/** A count of tokens on HTTP. One that is a guess says so in a header, since no dialect has a word for it. */
final class HttpTokenCount extends HttpWhole<TokenCount> {
    private final ChatRequest request;
    private final TokenCountEndpoint endpoint;

    HttpTokenCount(HttpExchange exchange, ChatRequest request, TokenCountEndpoint endpoint, Lane.Factory lanes) {
        super(exchange, lanes);
        this.request = request;
        this.endpoint = endpoint;
    }

    @Override
    HttpBody body(Begun begun, TokenCount count) {
        if (count.estimated()) {
            exchange.estimated();
        }
        return endpoint.whole(request, begun, count);
    }

    @Override
    HttpBody body(Begun begun, ByteBuffer relayed) {
        return endpoint.whole(request, begun, relayed);
    }
}
