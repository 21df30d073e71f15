package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.host.decision.Decision;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.decision.Reader;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why requests were answered as they were: {@code GET /v1/decisions}, {@code GET /v1/decisions/{request-id}}. */
final class DecisionRoutes {
    private static final int LINES = 20;
    private static final int LINES_LIMIT = 1_000;

    private final Decisions decisions;

    DecisionRoutes(Decisions decisions) {
        this.decisions = decisions;
    }

    void mount(RoutesConfig routes) {
        OwnRoute.json("How the newest requests were answered, and why so.").mount(routes, "/v1/decisions", this::list);
        OwnRoute.json("Why a request was answered as it was.").mount(routes, "/v1/decisions/{id}", this::one);
    }

    private void list(Context ctx) {
        int limit = limit(ctx.queryParam("limit"));
        if (limit == 0) {
            String why = "limit must be a whole number from 1 to " + LINES_LIMIT + ".";
            AdminRoutes.refuse(ctx, ErrorKind.INVALID_REQUEST, why);
            return;
        }
        List<Map<String, @Nullable Object>> lines = decisions.newest(limit, reader(ctx)).stream()
                .map(Decision::line)
                .toList();
        AdminRoutes.json(ctx, 200, Map.of("object", "list", "data", lines));
    }

    /** Who has a key reads what was asked with it; where none is needed, all that was let in. */
    private static Reader reader(Context ctx) {
        HttpExchange exchange = ctx.attribute(HttpExchange.class.getName());
        return exchange == null
                ? new Reader(false, "")
                : Reader.caller(exchange.arrival().key());
    }

    /** 0 = it makes no sense. */
    private static int limit(@Nullable String said) {
        if (said == null) {
            return LINES;
        }
        int limit = said.matches("\\d{1,4}") ? Integer.parseInt(said) : 0;
        return limit <= LINES_LIMIT ? limit : 0;
    }

    private void one(Context ctx) {
        String id = ctx.pathParam("id");
        Decision found = decisions.find(id, reader(ctx));
        if (found == null) {
            AdminRoutes.notFound(ctx, decisions.missing(id));
        } else {
            AdminRoutes.json(ctx, 200, found.told());
        }
    }
}
