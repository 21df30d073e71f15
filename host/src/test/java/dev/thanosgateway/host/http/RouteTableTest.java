package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.host.plugins.Lane;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RouteTableTest {
    private static final ModelEndpoint NOTHING = model -> HttpBody.json(200, "{}");

    static LiveDialect dialect(String name, String... routes) {
        return new LiveDialect() {
            @Override
            public Dialect service() {
                return new Named(name, routes);
            }

            @Override
            public String bundle() {
                return name;
            }

            @Override
            public Lane.Factory lanes() {
                return Lane.Factory.INLINE;
            }

            @Override
            public boolean acquire() {
                return true;
            }

            @Override
            public void release() {
                // Nothing is counted here.
            }
        };
    }

    private record Named(String name, String... paths) implements Dialect {
        @Override
        public List<Route> routes() {
            if (name.equals("broken")) {
                throw new IllegalStateException("no routes today");
            }
            return java.util.Arrays.stream(paths).map(Named::route).toList();
        }

        /** Method, path, and perhaps the header it is only for. */
        private static Route route(String words) {
            String[] all = words.split(" ");
            Route route = Route.of(all[0], all[1], NOTHING);
            return all.length < 3 ? route : route.withHeader(all[2]);
        }

        @Override
        public HttpBody error(GatewayException error, String requestId) {
            return HttpBody.json(500, "{}");
        }
    }

    private final RouteTable table = new RouteTable(List.of(
            dialect("broken"),
            dialect("openai", "POST /v1/chat/completions", "GET /v1/models", "GET /v1/models/{model*}"),
            dialect("anthropic", "POST /v1/messages", "POST /v1/messages/count_tokens"),
            dialect("gemini", "POST /v1beta/models/{model*}:generateContent", "GET /v1beta/one/{model}")));

    private String model(String method, String path) {
        RouteTable.Match match = table.match(method, path, header -> false);
        return match == null ? "none" : match.parameters().getOrDefault("model", "");
    }

    @Test
    void aModelMayHoldSlashesPlainOrEncodedWhereTheRouteSaysSo() {
        assertThat(model("GET", "/v1/models/a/b/c")).isEqualTo("a/b/c");
        assertThat(model("GET", "/v1/models/a%2Fb")).isEqualTo("a/b");
        assertThat(model("GET", "/v1/models/a+b%20c")).isEqualTo("a+b c");
        assertThat(model("POST", "/v1beta/models/x/y:z:generateContent")).isEqualTo("x/y:z");
        assertThat(model("GET", "/v1beta/one/a%2Fb")).isEqualTo("none");
        assertThat(model("GET", "/v1/models/")).isEqualTo("none");
        assertThat(model("GET", "/v1/models/%zz")).isEqualTo("none");
    }

    @Test
    void onlyThePathAsItIsWrittenMatches() {
        assertThat(table.match("POST", "/v1/chat/completions", header -> false)).isNotNull();
        for (String path : List.of(
                "/v1/chat%2Fcompletions", "/v1//chat/completions", "/v1/chat/completions/", "/V1/chat/completions")) {
            assertThat(table.match("POST", path, header -> false)).as(path).isNull();
        }
    }

    @Test
    void headGoesWhereGetGoesAndMethodsAreListed() {
        assertThat(table.match("HEAD", "/v1/models", header -> false)).isNotNull();
        assertThat(table.match("HEAD", "/v1/messages", header -> false)).isNull();
        assertThat(table.methods("/v1/models")).containsExactly("GET", "HEAD");
        assertThat(table.methods("/v1/messages")).containsExactly("POST");
        assertThat(table.methods("/v1/nothing")).isEmpty();
    }

    @Test
    void aVerbThatNobodyKnowsIsNowhereRatherThanAModelForAnotherMethod() {
        RouteTable verbs = new RouteTable(List.of(
                dialect("gemini", "POST /v1beta/models/{model*}:generateContent", "GET /v1beta/models/{model*}"),
                dialect("ollama", "GET /api/models/{model*}")));

        assertThat(verbs.methods("/v1beta/models/a/x:foo")).isEmpty();
        assertThat(verbs.methods("/v1beta/models/a/x:generateContent")).containsExactly("POST");
        assertThat(verbs.match("GET", "/v1beta/models/a/x:generateContent", header -> false))
                .as("a verb's path is no model's")
                .isNull();
        assertThat(verbs.match("POST", "/v1beta/models/a/x:generateContent", header -> false))
                .isNotNull();
        assertThat(verbs.methods("/v1beta/models/a/x")).containsExactly("GET", "HEAD");
        assertThat(verbs.match("GET", "/v1beta/models/llama:8b", header -> false))
                .isNotNull();
        assertThat(verbs.methods("/api/models/llama:8b"))
                .as("nothing here has a verb")
                .containsExactly("GET", "HEAD");
    }

    @Test
    void anErrorHasTheShapeOfTheNearestFamily() {
        assertThat(family("/v1/messages/nothing")).isEqualTo("anthropic");
        assertThat(family("/v1beta/nothing")).isEqualTo("gemini");
        assertThat(family("/v1/chat/nothing")).isEqualTo("openai");
        assertThat(new RouteTable(List.of()).family("/v1")).isNull();
    }

    @Test
    void theRootIsAPathLikeAnyOtherAndNobodysFamily() {
        RouteTable rooted =
                new RouteTable(List.of(dialect("one", "GET /", "POST /api/chat"), dialect("two", "GET /v1/x")));

        assertThat(rooted.match("HEAD", "/", none -> false)).isNotNull();
        assertThat(rooted.match("POST", "/", none -> false)).isNull();
        assertThat(rooted.methods("/")).containsExactly("GET", "HEAD");
        assertThat(rooted.family("/")).extracting(LiveDialect::bundle).isEqualTo("one");
        assertThat(rooted.family("/api/nothing"))
                .extracting(LiveDialect::bundle)
                .isEqualTo("one");
        assertThat(rooted.family("/nothing")).isNull();
    }

    @Test
    void thePathsOfSeveralDialectsBelongToTheOneThatHasMostThere() {
        List<LiveDialect> both = List.of(
                dialect("gemini", "POST /v1/models/{model*}:generateContent", "POST /v1beta/models/{model*}:x"),
                dialect("openai", "POST /v1/chat/completions", "GET /v1/models"));
        for (List<LiveDialect> order : List.of(both, List.of(both.get(1), both.get(0)))) {
            RouteTable mixed = new RouteTable(order);
            assertThat(mixed.family("/v1/nothing"))
                    .extracting(LiveDialect::bundle)
                    .isEqualTo("openai");
            assertThat(mixed.family("/v1/models"))
                    .extracting(LiveDialect::bundle)
                    .isEqualTo("openai");
            assertThat(mixed.family("/v1beta/models/x"))
                    .extracting(LiveDialect::bundle)
                    .isEqualTo("gemini");
        }
    }

    @Test
    void aPathTwoDialectsShareIsToldByAHeader() {
        RouteTable shared = new RouteTable(List.of(
                dialect("gemini", "GET /v1/models x-goog-api-key", "GET /v1/models/{model*} x-goog-api-key"),
                dialect("openai", "GET /v1/models", "GET /v1/models/{model*}")));
        for (String path : List.of("/v1/models", "/v1/models/a/b")) {
            for (String method : List.of("GET", "HEAD")) {
                assertThat(shared.match(method, path, "x-goog-api-key"::equals))
                        .extracting(match -> match.dialect().bundle())
                        .isEqualTo("gemini");
                assertThat(shared.match(method, path, "anthropic-version"::equals))
                        .extracting(match -> match.dialect().bundle())
                        .isEqualTo("openai");
            }
        }
        assertThat(shared.family("/v1/models")).extracting(LiveDialect::bundle).isEqualTo("openai");
    }

    @Test
    void aPathOfAnyWordMakesTheFolderBeforeItNobodys() {
        RouteTable mixed = new RouteTable(List.of(
                dialect("gemini", "POST /v1/{model*}:a", "POST /v1/{model*}:b", "POST /v1/{model*}:c"),
                dialect("openai", "POST /v1/chat/completions", "POST /v1/responses")));

        assertThat(mixed.family("/v1/nothing")).extracting(LiveDialect::bundle).isEqualTo("openai");
        assertThat(mixed.family("/v1/{model*}:a"))
                .extracting(LiveDialect::bundle)
                .isEqualTo("gemini");
    }

    private String family(String path) {
        LiveDialect family = table.family(path);
        return family == null ? "none" : family.bundle();
    }
}
