package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import org.jspecify.annotations.Nullable;

/** An error as OpenAI's clients know it: {@code {"error":{message,type,param,code}}}. */
final class ErrorJson {
    private ErrorJson() {}

    static byte[] write(GatewayException error) {
        JsonWriter json = new JsonWriter(256);
        json.beginObject().name("error").beginObject();
        members(json, error, true);
        return json.endObject().endObject().toBytes();
    }

    /** @param typed whether the error's type is among its members */
    static void members(JsonWriter json, GatewayException error, boolean typed) {
        ErrorKind kind = error.kind();
        json.name("message").value(error.message());
        if (typed) {
            json.name("type").value(type(kind));
        }
        string(json, "param", error.parameter());
        // An upstream's own code is told only where the caller can mend the request by it.
        string(json, "code", kind == ErrorKind.INVALID_REQUEST ? error.code() : code(kind));
    }

    /**
     * The error of a response that failed, by the codes that OpenAI's API reference has for it and those that Codex tells
     * apart: the context, the quota and the limit. A limit's message says when to come back, as Codex reads it.
     */
    static void ofResponse(JsonWriter json, GatewayException error) {
        String code = switch (error.kind()) {
            case CONTEXT_EXCEEDED, BUDGET_EXCEEDED, RATE_LIMITED, UPSTREAM_LIMITED -> code(error.kind());
            case INVALID_REQUEST, CONTENT_FILTERED, UNSUPPORTED, TOO_LARGE -> "invalid_prompt";
            default -> "server_error";
        };
        String wait = error.retryAfter();
        boolean limited = "rate_limit_exceeded".equals(code) && wait != null && wait.matches("[0-9]{1,9}");
        String again = limited ? " Please try again in " + wait + "s." : "";
        json.beginObject().name("code").value(String.valueOf(code));
        json.name("message").value(error.message() + again).endObject();
    }

    private static void string(JsonWriter json, String name, @Nullable String value) {
        json.name(name);
        if (value == null) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case RATE_LIMITED, UPSTREAM_LIMITED -> "rate_limit_error";
            case BUDGET_EXCEEDED -> "insufficient_quota";
            case UPSTREAM_TIMEOUT, DEADLINE -> "timeout_error";
            default ->
                kind.fault() == ErrorKind.Fault.CALLER || kind.httpStatus() < 500
                        ? "invalid_request_error"
                        : "server_error";
        };
    }

    private static @Nullable String code(ErrorKind kind) {
        return switch (kind) {
            case UNAUTHENTICATED -> "invalid_api_key";
            case FORBIDDEN -> "permission_denied";
            case NOT_FOUND -> "not_found";
            case METHOD_NOT_ALLOWED -> "method_not_allowed";
            case UPGRADE_REQUIRED -> "upgrade_required";
            case TOO_LARGE -> "request_too_large";
            case UNSUPPORTED_CODING -> "unsupported_content_encoding";
            case RATE_LIMITED, UPSTREAM_LIMITED -> "rate_limit_exceeded";
            case BUDGET_EXCEEDED -> "insufficient_quota";
            case CONTENT_FILTERED -> "content_filter";
            case CANCELLED -> "cancelled";
            case MODEL_NOT_FOUND -> "model_not_found";
            case CONTEXT_EXCEEDED -> "context_length_exceeded";
            case UNSUPPORTED -> "unsupported";
            case UPSTREAM_AUTH -> "upstream_auth";
            case UPSTREAM_TIMEOUT, DEADLINE -> "timeout";
            case UPSTREAM_UNAVAILABLE -> "upstream_unavailable";
            case UPSTREAM_PROTOCOL -> "upstream_error";
            case NO_ROUTE -> "no_route";
            case OVERLOADED -> "overloaded";
            case DRAINING -> "draining";
            case INTERNAL -> "internal_error";
            default -> null;
        };
    }
}
