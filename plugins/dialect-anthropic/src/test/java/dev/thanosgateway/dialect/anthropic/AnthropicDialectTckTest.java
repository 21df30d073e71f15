package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.tck.DialectTck;
import java.util.Map;

class AnthropicDialectTckTest extends DialectTck {
    @Override
    protected Dialect dialect() {
        return new AnthropicDialect();
    }

    @Override
    protected Map<String, String> requests() {
        return Map.of(
                "/v1/messages",
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "/v1/messages/count_tokens",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }
}
