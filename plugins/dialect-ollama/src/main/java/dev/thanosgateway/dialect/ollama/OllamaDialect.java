package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.FixedEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The Ollama wire language facing clients. */
@Component
public final class OllamaDialect implements Dialect {
    /**
     * The newest release of Ollama known when this was written: clients refuse servers that are too old for them, as
     * Codex does below 0.13.4. Source: github.com/otwld/ollama-helm, chart 1.72.0 of 6 August 2026.
     */
    private static final String VERSION = "0.32.6";

    private static final byte[] RUNNING = "Ollama is running".getBytes(StandardCharsets.UTF_8);

    @Override
    public String name() {
        return OllamaOriginal.DIALECT;
    }

    @Override
    public List<Route> routes() {
        ModelsEndpoint tags = ModelJson::list;
        // What a gateway asks for is loaded elsewhere, so nothing is loaded here.
        FixedEndpoint loaded = () -> HttpBody.json(200, "{\"models\":[]}");
        FixedEndpoint version = () -> HttpBody.json(200, "{\"version\":\"" + VERSION + "\"}");
        FixedEndpoint running = () -> new HttpBody(200, "text/plain; charset=utf-8", ByteBuffer.wrap(RUNNING));
        return List.of(
                Route.of("POST", Operation.CHAT.path(), new TextEndpoint(Operation.CHAT)),
                Route.of("POST", Operation.GENERATE.path(), new TextEndpoint(Operation.GENERATE)),
                Route.of("POST", Operation.EMBED.path(), new EmbedEndpoint(Operation.EMBED)),
                Route.of("POST", Operation.EMBEDDINGS.path(), new EmbedEndpoint(Operation.EMBEDDINGS)),
                Route.of("GET", "/api/tags", tags),
                Route.of("POST", "/api/show", new ShowEndpoint()),
                Route.of("POST", "/api/pull", new PullEndpoint()),
                Route.of("GET", "/api/ps", loaded),
                Route.of("GET", "/api/version", version),
                Route.of("GET", "/", running));
    }

    @Override
    public HttpBody error(GatewayException error, String requestId) {
        return AnswerJson.error(error);
    }
}
