package dev.thanosgateway.host.http;

import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.Endpoint;
import dev.thanosgateway.api.dialect.FixedEndpoint;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelLookupEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.SocketEndpoint;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.host.plugins.LiveDialect;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /openapi.json}: every route of the instance at this moment as OpenAPI 3.1, those of the dialects from the
 * live table, the gateway's own from its router. What a body holds is its vendor's to document; how an error looks is
 * shown by one that the dialect writes.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.1.html">OpenAPI 3.1</a>
 */
final class OpenApi {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern PARAMETER = Pattern.compile("[{<]([a-zA-Z]+)(\\*?)[}>]");
    private static final String OWN = "gateway";
    private static final String PLAIN = "application/json";
    /** Where a credential may be; any one will do. */
    private static final List<String> SCHEMES = List.of("bearer", "xApiKey", "xGoogApiKey", "keyParameter");

    private final Supplier<RouteTable> table;
    private final Supplier<List<io.javalin.router.Endpoint>> own;
    private final BooleanSupplier keyRequired;
    private final String version;

    /** @param own the routes of the gateway itself, those of methods that are not HTTP's included */
    OpenApi(
            Supplier<RouteTable> table,
            Supplier<List<io.javalin.router.Endpoint>> own,
            BooleanSupplier keyRequired,
            String version) {
        this.table = table;
        this.own = own;
        this.keyRequired = keyRequired;
        this.version = version;
    }

    void mount(RoutesConfig routes) {
        OwnRoute.json("This document.")
                .mount(
                        routes,
                        "/openapi.json",
                        ctx -> ctx.contentType(PLAIN)
                                .result(JSON.writeValueAsBytes(new Writing(table.get()).document())));
    }

    /** One document being written. */
    private final class Writing {
        private final RouteTable routes;
        private final ObjectNode root = JSON.createObjectNode();
        private final Map<String, Map<String, ObjectNode>> paths = new TreeMap<>();
        private final Map<String, ObjectNode> errors = new TreeMap<>();

        Writing(RouteTable routes) {
            this.routes = routes;
        }

        ObjectNode document() {
            routes.mounted().forEach(this::dialect);
            own.get().forEach(this::own);
            root.put("openapi", "3.1.0");
            root.putObject("info")
                    .put("title", "Thanos")
                    .put("version", version)
                    .put(
                            "description",
                            "Every route of this gateway now; they come and go with the dialects that are deployed. HEAD is"
                                    + " answered wherever GET is.");
            ArrayNode security = root.putArray("security");
            if (!keyRequired.getAsBoolean()) {
                security.addObject();
            }
            SCHEMES.forEach(scheme -> security.addObject().putArray(scheme));
            tags(root.putArray("tags"));
            ObjectNode all = root.putObject("paths");
            paths.forEach((path, methods) -> {
                ObjectNode item = all.putObject(path);
                methods.forEach(item::set);
            });
            components(root.putObject("components"));
            return root;
        }

        private void tags(ArrayNode tags) {
            Map<String, String> names = new TreeMap<>();
            routes.mounted()
                    .forEach(one -> names.put(
                            one.dialect().name(),
                            "The language of " + one.dialect().name() + ", from "
                                    + one.dialect().bundle() + "."));
            names.put(OWN, "What the gateway says of itself.");
            names.forEach((name, words) -> tags.addObject().put("name", name).put("description", words));
        }

        private void components(ObjectNode components) {
            ObjectNode responses = components.putObject("responses");
            errors.forEach(responses::set);
            ObjectNode schemes = components.putObject("securitySchemes");
            schemes.putObject(SCHEMES.get(0)).put("type", "http").put("scheme", "bearer");
            key(schemes, SCHEMES.get(1), "header", "x-api-key");
            key(schemes, SCHEMES.get(2), "header", "x-goog-api-key");
            key(schemes, SCHEMES.get(3), "query", "key");
        }

        private void key(ObjectNode schemes, String scheme, String in, String name) {
            schemes.putObject(scheme).put("type", "apiKey").put("in", in).put("name", name);
        }

        private void dialect(RouteTable.Mounted route) {
            String language = route.dialect().name();
            String header = route.header();
            Map<String, ObjectNode> item = paths.computeIfAbsent(template(route.path()), p -> new TreeMap<>());
            String method = route.method().toLowerCase(Locale.ROOT);
            ObjectNode known = item.get(method);
            if (known != null) {
                // A path that dialects share by a header is one operation here: OpenAPI knows no such thing.
                known.put(
                        "description",
                        known.path("description").asString("") + "Requests with the header " + header
                                + " are answered in the language of " + language + ". ");
                ((ArrayNode) known.get("tags")).add(language);
                return;
            }
            ObjectNode operation = operation(route.method(), route.path(), language);
            operation.put("summary", summary(route.endpoint()) + ", in the language of " + language + ".");
            if (header != null) {
                parameters(operation)
                        .addObject()
                        .put("name", header)
                        .put("in", "header")
                        .put("required", true)
                        .set("schema", string());
            }
            if (hasBody(route.endpoint())) {
                ObjectNode body = operation.putObject("requestBody").put("required", true);
                content(body, PLAIN, JSON.createObjectNode().put("type", "object"));
            }
            answers(operation, success(route.endpoint()), PLAIN, route.dialect());
            item.put(method, operation);
        }

        private void own(io.javalin.router.Endpoint route) {
            if (!route.method.isHttpMethod() || route.method.name().equals("HEAD")) {
                return;
            }
            OwnRoute said = route.metadata(OwnRoute.class);
            ObjectNode operation = operation(route.method.name(), route.path, OWN);
            if (said != null) {
                operation.put("summary", said.summary());
            }
            if (HotPath.KEYLESS.contains(route.path)) {
                operation.putArray("security");
            }
            answers(operation, "The answer.", said == null ? PLAIN : said.contentType(), routes.family(route.path));
            paths.computeIfAbsent(template(route.path), p -> new TreeMap<>())
                    .putIfAbsent(route.method.name().toLowerCase(Locale.ROOT), operation);
        }

        private ObjectNode operation(String method, String path, String tag) {
            ObjectNode operation = JSON.createObjectNode();
            operation.put("operationId", id(method, path));
            operation.putArray("tags").add(tag);
            Matcher parameter = PARAMETER.matcher(path);
            while (parameter.find()) {
                boolean slashes =
                        !parameter.group(2).isEmpty() || parameter.group().startsWith("<");
                parameters(operation)
                        .addObject()
                        .put("name", parameter.group(1))
                        .put("in", "path")
                        .put("required", true)
                        .put("description", slashes ? "May hold slashes, plain or as %2F." : "One segment.")
                        .set("schema", string());
            }
            return operation;
        }

        private ArrayNode parameters(ObjectNode operation) {
            return operation.withArray("parameters");
        }

        /** @param family whose errors are answered there; null = those of the gateway itself */
        private void answers(ObjectNode operation, String words, String contentType, @Nullable LiveDialect family) {
            ObjectNode responses = operation.putObject("responses");
            ObjectNode success = responses.putObject("200").put("description", words);
            content(
                    success,
                    contentType,
                    contentType.equals(PLAIN) ? JSON.createObjectNode().put("type", "object") : string());
            String name = (family == null ? OWN : family.name()).replaceAll("[^a-zA-Z0-9._-]", "_") + "Error";
            errors.computeIfAbsent(name, n -> ErrorExample.response(family));
            responses.putObject("default").put("$ref", "#/components/responses/" + name);
        }

        private void content(ObjectNode holder, String contentType, ObjectNode schema) {
            holder.putObject("content").putObject(contentType).set("schema", schema);
        }
    }

    private static ObjectNode string() {
        return JSON.createObjectNode().put("type", "string");
    }

    private static String template(String path) {
        return PARAMETER.matcher(path).replaceAll("{$1}");
    }

    /** Such as {@code postV1ChatCompletions}; paths that differ in nothing but signs do not occur. */
    private static String id(String method, String path) {
        StringBuilder id = new StringBuilder(method.toLowerCase(Locale.ROOT));
        for (String word : path.split("[^a-zA-Z0-9]+")) {
            if (!word.isEmpty()) {
                id.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
            }
        }
        return id.toString();
    }

    private static String summary(Endpoint endpoint) {
        return switch (endpoint) {
            case ChatEndpoint chat -> "Chats";
            case EmbeddingsEndpoint embeddings -> "Makes embeddings";
            case TokenCountEndpoint count -> "Counts a chat's tokens";
            case SocketEndpoint socket -> "Chats over a WebSocket";
            case ModelsEndpoint list -> "Lists the models";
            case ModelEndpoint one -> "Shows one model";
            case ModelLookupEndpoint named -> "Shows the model that the body names";
            case FixedEndpoint fixed -> "Answers the same to everybody";
            default -> "Needs a newer gateway";
        };
    }

    private static String success(Endpoint endpoint) {
        return endpoint instanceof ChatEndpoint
                ? "The answer; a stream in the format of this language if one is asked for."
                : "The answer.";
    }

    private static boolean hasBody(Endpoint endpoint) {
        return endpoint instanceof ChatEndpoint
                || endpoint instanceof EmbeddingsEndpoint
                || endpoint instanceof TokenCountEndpoint
                || endpoint instanceof ModelLookupEndpoint;
    }
}
