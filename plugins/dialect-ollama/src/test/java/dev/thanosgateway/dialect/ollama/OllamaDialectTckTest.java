package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.tck.DialectTck;
import java.util.Map;

class OllamaDialectTckTest extends DialectTck {
    @Override
    protected Dialect dialect() {
        return new OllamaDialect();
    }

    @Override
    protected Map<String, String> requests() {
        return Map.of(
                "/api/chat",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "/api/generate",
                "{\"model\":\"m\",\"prompt\":\"hi\"}",
                "/api/embed",
                "{\"model\":\"m\",\"input\":[\"hi\"]}",
                "/api/embeddings",
                "{\"model\":\"m\",\"prompt\":\"hi\"}");
    }
}
