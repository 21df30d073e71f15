package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.dialect.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running gateway says of its routes is what it serves, and is OpenAPI 3.1. */
final class OpenApiTest {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final Set<String> OWN = Set.of(
            "get /health",
            "get /health/live",
            "get /health/ready",
            "get /metrics",
            "get /openapi.json",
            "get /v1/decisions",
            "get /v1/decisions/{id}",
            "get /v1/providers");

    private static JsonNode document(Rig rig) throws Exception {
        try (Client client = rig.client()) {
            client.get("/openapi.json", "");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("content-type")).isEqualTo("application/json");
            return JsonMapper.shared().readTree(client.body(head));
        }
    }

    private static Set<String> operations(JsonNode document) {
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> operations.add(method + " " + path.getKey())));
        return operations;
    }

    @Test
    void everyRouteIsThereAndNothingElse() throws Exception {
        try (Rig rig = new Rig("")) {
            Set<String> routes = new TreeSet<>(OWN);
            for (Route route : new Toy.Language().routes()) {
                routes.add(route.method().toLowerCase(Locale.ROOT) + " "
                        + route.path().replace("*", ""));
            }
            assertThat(operations(document(rig))).isEqualTo(routes);
        }
    }

    @Test
    void whatIsSaidOfAnOperationIsTrue() throws Exception {
        try (Rig rig = new Rig("")) {
            JsonNode all = document(rig);
            JsonNode chat = all.at("/paths/~1toy/post");
            assertThat(chat.path("tags").path(0).asString()).isEqualTo("toy");
            assertThat(chat.path("operationId").asString()).isEqualTo("postToy");
            assertThat(chat.at("/requestBody/content/application~1json").isObject())
                    .isTrue();
            assertThat(chat.at("/responses/default/$ref").asString()).isEqualTo("#/components/responses/toyError");
            assertThat(all.at("/components/responses/toyError/content/text~1toy/example")
                            .asString())
                    .startsWith("MODEL_NOT_FOUND ");
            assertThat(all.at("/paths/~1toy~1embed/post/summary").asString())
                    .isEqualTo("Makes embeddings, in the language of toy.");
            assertThat(all.at("/paths/~1toy~1models~1{model}/get/parameters/0/description")
                            .asString())
                    .contains("slashes");
            assertThat(all.at("/paths/~1metrics/get/responses/200/content").propertyNames())
                    .containsExactly("text/plain; version=0.0.4; charset=utf-8");
            assertThat(all.path("security").path(0).isEmpty())
                    .as("an open gateway asks for no key")
                    .isTrue();
        }
    }

    @Test
    void whereAKeyIsNeededItIsSaidAndTheDocumentNeedsOneToo() throws Exception {
        try (Rig rig = new Rig("[auth]\nenabled = true\napi_keys = [\"a-key-of-twenty-letters\"]\n");
                Client client = rig.client()) {
            client.get("/openapi.json", "");
            Client.Head refused = client.head();
            assertThat(refused.status()).isEqualTo(401);
            client.body(refused);
            client.get("/openapi.json", "x-api-key: a-key-of-twenty-letters\r\n");
            JsonNode all = JsonMapper.shared().readTree(client.body(client.head()));
            assertThat(all.path("security"))
                    .allSatisfy(one -> assertThat(one.size()).isEqualTo(1));
            assertThat(all.at("/components/securitySchemes/bearer/scheme").asString())
                    .isEqualTo("bearer");
            assertThat(all.at("/paths/~1health/get/security").isEmpty()).isTrue();
            assertThat(all.at("/paths/~1toy/post").has("security")).isFalse();
        }
    }

    @Test
    void aRouteThatGoesIsNoLongerThereAndOneThatIsSharedIsThereOnce() throws Exception {
        try (Rig rig = new Rig("")) {
            ((Toy.Language) rig.language.service()).routes = List.of(
                    Route.of("GET", "/one/{id}:verb", new ToyResults.Embedding()),
                    Route.of("GET", "/shared", new ToyResults.Embedding()),
                    Route.of("GET", "/shared", new ToyResults.Embedding()).withHeader("x-other"),
                    Route.of("POST", "/only", new ToyResults.Embedding()).withHeader("x-only"));
            rig.changed();
            JsonNode all = document(rig);
            Set<String> expected = new TreeSet<>(OWN);
            expected.addAll(Set.of("get /one/{id}:verb", "get /shared", "post /only"));
            assertThat(operations(all)).isEqualTo(expected);
            assertThat(all.at("/paths/~1shared/get/description").asString()).contains("x-other");
            assertThat(all.at("/paths/~1only/post/parameters/0/name").asString())
                    .isEqualTo("x-only");
            assertThat(mistakes(all)).isEmpty();
        }
    }

    @Test
    void theDocumentIsWellFormed() throws Exception {
        try (Rig rig = new Rig("")) {
            assertThat(mistakes(document(rig))).isEmpty();
        }
    }

    /** What the OpenAPI specification asks of the parts that are used here. */
    private static List<String> mistakes(JsonNode all) {
        List<String> mistakes = new ArrayList<>();
        if (!all.path("openapi").asString().equals("3.1.0")
                || !all.at("/info/version").isString()) {
            mistakes.add("its head");
        }
        Set<String> tags = new HashSet<>();
        all.path("tags").forEach(tag -> tags.add(tag.path("name").asString()));
        Set<String> ids = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : all.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                String where = method.getKey() + " " + path.getKey();
                JsonNode operation = method.getValue();
                if (!ids.add(operation.path("operationId").asString())) {
                    mistakes.add(where + ": its id is another's");
                }
                if (!inPath(operation).equals(templated(path.getKey()))) {
                    mistakes.add(where + ": its parameters are not those of its path");
                }
                if (operation.path("tags").isEmpty()
                        || !operation.path("summary").isString()) {
                    mistakes.add(where + ": says nothing");
                }
                operation.path("tags").forEach(tag -> {
                    if (!tags.contains(tag.asString())) {
                        mistakes.add(where + ": its tag is not there");
                    }
                });
                operation.path("responses").properties().forEach(response -> {
                    String ref = response.getValue().path("$ref").asString("");
                    boolean found = ref.isEmpty()
                            ? response.getValue().path("description").isString()
                            : all.at(ref.substring(1)).path("description").isString();
                    if (!found) {
                        mistakes.add(where + ": " + response.getKey() + " is not described");
                    }
                });
            }
        }
        for (JsonNode one : all.path("security")) {
            one.propertyNames().forEach(name -> {
                if (!all.at("/components/securitySchemes/" + name).has("type")) {
                    mistakes.add(name + " is no scheme");
                }
            });
        }
        return mistakes;
    }

    private static Set<String> inPath(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asString().equals("path")
                    && parameter.path("required").asBoolean()) {
                names.add(parameter.path("name").asString());
            }
        }
        return names;
    }

    private static Set<String> templated(String path) {
        Set<String> names = new TreeSet<>();
        Matcher parameter = PARAMETER.matcher(path);
        while (parameter.find()) {
            names.add(parameter.group(1));
        }
        return names;
    }
}
