package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.tck.DialectTck;
import java.util.Map;

class OpenAiDialectTckTest extends DialectTck {
    private static final String REQUEST = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static final String RESPONSE = "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }

    @Override
    protected Map<String, String> requests() {
        return Map.of(
                "/v1/chat/completions",
                REQUEST,
                "/v1/chat",
                REQUEST,
                "/v1/responses",
                RESPONSE,
                "/v1/responses/input_tokens",
                RESPONSE,
                "/v1/responses/compact",
                RESPONSE,
                "/v1/completions",
                "{\"model\":\"m\",\"prompt\":\"hi\"}",
                "/v1/embeddings",
                "{\"model\":\"m\",\"input\":\"hi\"}");
    }
}
