package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.access.Access;
import dev.thanosgateway.host.dispatch.Health;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.metrics.Metrics;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.Registry;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the gateway says of itself: health, providers, metrics; and every path that nobody serves. */
final class AdminRoutes {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String WHY_NOT_FOUND = "why-not-found";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Registry registry;
    private final ModelCatalog models;
    private final Health.Source health;
    private final Metrics metrics;
    private final Access access;
    private final String version;
    private final UnaryOperator<String> nowhere;

    AdminRoutes(
            Registry registry,
            ModelCatalog models,
            Health.Source health,
            Metrics metrics,
            Access access,
            String version,
            UnaryOperator<String> nowhere) {
        this.registry = registry;
        this.models = models;
        this.health = health;
        this.metrics = metrics;
        this.access = access;
        this.version = version;
        this.nowhere = nowhere;
    }

    void mount(RoutesConfig routes) {
        OwnRoute.json("How the gateway and its providers are.")
                .mount(routes, "/health", ctx -> json(ctx, 200, health(ctx)));
        OwnRoute.json("Whether the process lives.")
                .mount(routes, "/health/live", ctx -> json(ctx, 200, Map.of("status", "live")));
        OwnRoute.json("Whether a provider can serve: 503 if not, and while the gateway stops.")
                .mount(routes, "/health/ready", this::ready);
        OwnRoute.json("What serves, which bundle does, and why something does not.")
                .mount(routes, "/v1/providers", ctx -> json(ctx, 200, providers()));
        new OwnRoute("Counters and timings for Prometheus.", METRICS_TYPE)
                .mount(routes, "/metrics", ctx -> ctx.contentType(METRICS_TYPE).result(metrics.text()));
        routes.error(404, ctx -> {
            String why = ctx.attribute(WHY_NOT_FOUND);
            refuse(ctx, ErrorKind.NOT_FOUND, why == null ? nowhere.apply(ctx.path()) : why);
        });
        routes.error(
                405,
                ctx -> refuse(
                        ctx,
                        ErrorKind.METHOD_NOT_ALLOWED,
                        "The method " + ctx.req().getMethod() + " is not used at " + ctx.path() + "; use GET."));
        routes.exception(Exception.class, (failure, ctx) -> {
            org.slf4j.LoggerFactory.getLogger(AdminRoutes.class).error("{} failed.", ctx.path(), failure);
            refuse(ctx, ErrorKind.INTERNAL, "The gateway failed; its log has the details.");
        });
    }

    private void ready(Context ctx) {
        Health now = health.now();
        if (!now.ready()) {
            ctx.header("retry-after", "1");
        }
        json(ctx, now.ready() ? 200 : 503, Map.of("status", now.ready() ? "ready" : "not ready"));
    }

    private Map<String, @Nullable Object> health(Context ctx) {
        Health now = health.now();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("status", now.status());
        body.put("version", version);
        body.put("uptime", now.uptimeSeconds());
        if (now.routing() != null) {
            body.put("routing", now.routing());
        }
        boolean detailed = detailed(ctx);
        Map<String, Object> providers = new LinkedHashMap<>();
        now.providers().forEach((id, provider) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("status", provider.status());
            if (detailed) {
                one.put("latency_ms", provider.latencyMillis());
                one.put("last_check", provider.lastCheck() == 0 ? null : provider.lastCheck());
                one.put("error", provider.error());
                one.put("circuit_breaker", provider.breaker());
                one.put("set_aside", provider.aside());
                one.put("resting_keys", provider.restingKeys());
            }
            providers.put(id, one);
        });
        body.put("providers", providers);
        return body;
    }

    /** Who has no key where one is needed learns that the gateway is well, not what its providers said. */
    private boolean detailed(Context ctx) {
        if (!access.keyRequired()) {
            return true;
        }
        try {
            String bearer = ctx.header("authorization");
            boolean isBearer = bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7);
            access.checkKey(isBearer ? bearer.substring(7).trim() : ctx.header("x-api-key"));
            return true;
        } catch (GatewayException e) {
            return false;
        }
    }

    private Map<String, Object> providers() {
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        Map<String, Health.OfProvider> seen = health.now().providers();
        for (ProviderStatus status : registry.statuses()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("id", status.id());
            one.put("name", status.id());
            one.put("type", status.type());
            one.put("bundle", status.bundle());
            one.put("version", status.version());
            one.put("state", status.state());
            one.put("enabled", status.enabled());
            one.put("auth_method", status.authMethod());
            one.put("reason", status.reason());
            Health.OfProvider of = seen.get(status.id());
            if (of != null) {
                one.put("health", of.status());
                one.put("circuit_breaker", of.breaker());
                one.put("set_aside", of.aside());
                one.put("resting_keys", of.restingKeys());
            }
            String model = status.model();
            one.put("model", model == null ? models.defaultModel(status.id()) : model);
            one.put("endpoint", status.endpoint());
            data.add(one);
        }
        return Map.of("object", "list", "data", data, "count", data.size());
    }

    /** @param why a sentence for the caller */
    static void notFound(Context ctx, String why) {
        ctx.status(404).attribute(WHY_NOT_FOUND, why);
    }

    static void json(Context ctx, int status, Object body) {
        ctx.status(status).contentType("application/json").result(JSON.writeValueAsBytes(body));
    }

    static void refuse(Context ctx, ErrorKind kind, String message) {
        HttpExchange exchange = ctx.attribute(HttpExchange.class.getName());
        GatewayException error = new GatewayException(kind, message);
        if (exchange != null && ctx.method() == HandlerType.POST) {
            // It was meant to ask for something, at a path or in a way that nobody serves.
            exchange.refused(error);
        }
        HttpBody body = exchange == null ? ErrorShapes.of(null, error, "") : exchange.error(error);
        byte[] bytes = new byte[body.bytes().remaining()];
        body.bytes().get(bytes);
        ctx.status(HttpStatus.forStatus(body.status()))
                .contentType(body.contentType())
                .result(bytes);
    }
}
