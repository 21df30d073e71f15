package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.JsonOut;

/** An error as Anthropic's clients know it: {@code {"type":"error","error":{type,message},"request_id"}}. */
final class ErrorJson {
    private static final int OVERLOADED = 529;
    private static final int UNAVAILABLE = 503;
    private static final int SERVER_ERROR = 500;
    private static final int PAYMENT_REQUIRED = 402;

    private ErrorJson() {}

    static byte[] write(GatewayException error, String requestId) {
        JsonOut json = new JsonOut().beginObject().name("type").value("error");
        json.name("error").beginObject().name("type").value(type(error));
        json.name("message").value(error.message()).endObject();
        json.name("request_id").value(requestId);
        return json.endObject().toBytes();
    }

    /**
     * Statuses of this API's own: its clients wait and try again on 529, which is an upstream that says it is overloaded,
     * and never on 402. Another upstream that is not available is a 500. A failure within an answer of status 200 is no
     * upstream that answered 5xx: it is a 503 here too, as clients reported that need it (damianvtran/local-operator#223,
     * diegosouzapw/OmniRoute#8210).
     */
    static int status(GatewayException error) {
        return switch (error.kind()) {
            case UPSTREAM_UNAVAILABLE -> unavailable(error);
            case BUDGET_EXCEEDED -> PAYMENT_REQUIRED;
            default -> error.kind().httpStatus();
        };
    }

    private static int unavailable(GatewayException error) {
        if (overloaded(error)) {
            return OVERLOADED;
        }
        boolean within = error.upstreamStatus() >= 200 && error.upstreamStatus() < 300;
        return within ? UNAVAILABLE : SERVER_ERROR;
    }

    private static boolean overloaded(GatewayException error) {
        int status = error.upstreamStatus();
        return status == UNAVAILABLE || status == OVERLOADED;
    }

    private static String type(GatewayException error) {
        ErrorKind kind = error.kind();
        return switch (kind) {
            case UNAUTHENTICATED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMITED, UPSTREAM_LIMITED -> "rate_limit_error";
            case BUDGET_EXCEEDED -> "billing_error";
            case UPSTREAM_TIMEOUT, DEADLINE -> "timeout_error";
            case UPSTREAM_UNAVAILABLE -> overloaded(error) ? "overloaded_error" : "api_error";
            case OVERLOADED, DRAINING -> "overloaded_error";
            default -> kind.httpStatus() < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
