package dev.thanosgateway.host.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.javalin.router.EndpointMetadata;

/**
 * What a route of the gateway's own gives.
 *
 * @param summary one sentence
 */
record OwnRoute(String summary, String contentType) implements EndpointMetadata {
    static OwnRoute json(String summary) {
        return new OwnRoute(summary, "application/json");
    }

    /** HEAD like GET: a probe that asks for the status only must not get another one. */
    void mount(RoutesConfig routes, String path, Handler handler) {
        routes.addEndpoint(
                Endpoint.create(HandlerType.GET, path).addMetadata(this).handler(handler));
        routes.head(path, handler);
    }
}
