package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty itself refuses, before a handler sees it: bad HTTP, in JSON like every other error. */
final class PlainErrors extends ErrorHandler {
    private final HotPath hotPath;

    PlainErrors(HotPath hotPath) {
        this.hotPath = hotPath;
    }

    /** Every method's error has a body: who sends PUT reads it as well. */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        ErrorKind kind = switch (code) {
            case 404 -> ErrorKind.NOT_FOUND;
            case 405 -> ErrorKind.METHOD_NOT_ALLOWED;
            case 413, 414, 431 -> ErrorKind.TOO_LARGE;
            // A version or a transfer coding nobody knows: the request's doing, whatever its number.
            case 501, 505 -> ErrorKind.INVALID_REQUEST;
            default -> code >= 500 ? ErrorKind.INTERNAL : ErrorKind.INVALID_REQUEST;
        };
        String said = message == null || kind == ErrorKind.INTERNAL
                ? "The request failed."
                : "Not acceptable HTTP: " + plain(message);
        String requestId = RequestIds.of(request.getHeaders().get("x-request-id"));
        GatewayException error = new GatewayException(kind, said);
        if (!(cause instanceof EofException)) {
            // Else an exchange that was abandoned: what became of it is noted.
            hotPath.refused(requestId, error);
        }
        HttpBody body = body(request, error, requestId);
        response.setStatus(code);
        response.getHeaders().put("x-request-id", requestId).put(HttpHeader.CONTENT_TYPE, body.contentType());
        // Whatever of the request is still to come, nobody reads it.
        ClientEndPoint.of(request).lingers();
        response.write(true, body.bytes(), callback);
    }

    private HttpBody body(Request request, GatewayException error, String requestId) {
        LiveDialect family = hotPath.routes().family(HotPath.path(request));
        if (family == null || !family.acquire()) {
            return ErrorShapes.of(null, error, requestId);
        }
        try {
            return ErrorShapes.of(family, error, requestId);
        } finally {
            family.release();
        }
    }

    private static String plain(String message) {
        String printable = message.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.toLowerCase(Locale.ROOT).contains("exception") ? "it cannot be read." : printable + ".";
    }
}
