package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which route is meant by a path that nothing is at. */
final class NearPathTest {
    private static final List<String> ROUTES = List.of(
            "/v1/chat/completions",
            "/v1/chat",
            "/v1/responses",
            "/v1/completions",
            "/v1/embeddings",
            "/v1/models",
            "/v1/models/{model*}",
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1/models/{model*}:generateContent",
            "/v1beta/models/{model*}:generateContent",
            "/v1beta/models/{model*}:streamGenerateContent",
            "/v1beta/models",
            "/v1beta/models/{model*}",
            "/api/chat",
            "/api/generate",
            "/api/tags",
            "/api/show",
            "/api/embed",
            "/",
            "/health",
            "/metrics",
            "/v1/providers",
            "/openapi.json");

    @ParameterizedTest
    @CsvSource({
        // Slips.
        "/v1/chat/completion, /v1/chat/completions",
        "/v1/chat/completionss, /v1/chat/completions",
        "/v1/chat/compeltions, /v1/chat/completions",
        "/v1/chat_completions, /v1/chat/completions",
        "/v1/chat/completions/, /v1/chat/completions",
        "/v1//chat/completions, /v1/chat/completions",
        "/V1/Chat/Completions, /v1/chat/completions",
        "/v1/model, /v1/models",
        "/v1/message, /v1/messages",
        "/v1/response, /v1/responses",
        "/v1/embedding, /v1/embeddings",
        "/v2/chat/completions, /v1/chat/completions",
        "/v1/messages/count-tokens, /v1/messages/count_tokens",
        "/api/tag, /api/tags",
        "/healthz, /health",
        "/metric, /metrics",
        "/v1/provider, /v1/providers",
        // A prefix too little, with a slip or without.
        "/chat/completions, /v1/chat/completions",
        "/chat/completion, /v1/chat/completions",
        "/completions, /v1/completions",
        "/models, /v1/models",
        "/messages, /v1/messages",
        "/responses, /v1/responses",
        "/tags, /api/tags",
        "/generate, /api/generate",
        // One too much.
        "/v1/v1/chat/completions, /v1/chat/completions",
        "/openai/v1/chat/completions, /v1/chat/completions",
        "/v1/api/chat, /api/chat",
        "/anthropic/v1/messages, /v1/messages",
        // With a model's name in it.
        "/v1beta/models/a/b:generateContents, /v1beta/models/a/b:generateContent",
        "/models/m:generateContent, /v1/models/m:generateContent",
        "/v1beta/models/m:streamGenerateConten, /v1beta/models/m:streamGenerateContent",
        "/v1beta/model/m:generateContent,",
        // Nothing near.
        "/nowhere,",
        "/vho,",
        "/v1/nowhere,",
        "/index.html,",
        "/favicon.ico,",
        "/,",
        "/x,",
        "/v1/images/generations,",
    })
    void aPathThatIsNearOneIsTakenForIt(String path, String meant) {
        assertThat(NearPath.of(path, ROUTES)).isEqualTo(meant);
    }

    @Test
    void aPathThatWasAskedForIsNotSuggestedAndMissingDialectsAreNamed() {
        NearPath near = new NearPath(List::of);
        RouteTable table = new RouteTable(List.of(
                RouteTableTest.dialect("marked", "GET /v1/models x-version", "POST /v1/messages"),
                RouteTableTest.dialect("plain", "POST /v1/models/{model*}:generate", "GET /v1beta/models")));
        List<String> missing = List.of("'words' (bundle test.words)");

        assertThat(near.sentence("/v1/models", table, List.of()))
                .isEqualTo("Nothing is at /v1/models. Only requests with the header x-version are answered there.");
        assertThat(near.sentence("/v1/message", table, missing))
                .isEqualTo("Nothing is at /v1/message. Did you mean /v1/messages? It may be a path of a dialect that is"
                        + " not deployed any more: 'words' (bundle test.words).");
        assertThat(near.family("/v1/models", table, List.of())).isNotNull();
        assertThat(near.family("/v1/models", table, missing)).isNull();
        assertThat(near.family("/v1/words", table, missing)).isNull();
        assertThat(near.family("/v1beta/words", table, missing)).isNotNull();
    }
}
