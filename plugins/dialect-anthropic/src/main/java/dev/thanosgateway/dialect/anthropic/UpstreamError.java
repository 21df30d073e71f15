package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.wire.answer.EffortRefusal;
import dev.thanosgateway.wire.answer.ErrorText;
import dev.thanosgateway.wire.answer.RetryAfter;
import dev.thanosgateway.wire.answer.UpstreamKind;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's error: {@code {"type":"error","error":{type,message}}} with a status, as an event of a stream, or in an
 * answer with a good status; other shapes, plain text or HTML, as what stands before an API does.
 */
final class UpstreamError {
    /** A status that is not known: the error came in an answer that had begun well. */
    private static final int NO_STATUS = 0;

    private static final int OVERLOADED = 529;

    private UpstreamError() {}

    /** The error status {@code status} and its body. */
    static GatewayException of(int status, Headers headers, ByteBuffer body) {
        byte[] bytes = MessagesOriginal.copy(body);
        String type = "";
        String message;
        try {
            Map<String, Value> members = Value.lenient(bytes, 0, bytes.length).members();
            type = type(members);
            message = message(members);
        } catch (JsonException e) {
            message = ErrorText.plain(bytes);
        }
        return EffortRefusal.marked(failure(status, type, message)).withRetryAfter(RetryAfter.of(status, headers));
    }

    /** The error in an event of a stream, or in an answer with a good status. */
    static GatewayException within(Map<String, Value> members) throws JsonException {
        return failure(NO_STATUS, type(members), message(members));
    }

    private static String type(Map<String, Value> members) throws JsonException {
        Value error = members.get("error");
        Value type = error == null || !error.isObject() ? null : error.members().get("type");
        return type == null || !type.isString() ? "" : type.text();
    }

    private static String message(Map<String, Value> members) throws JsonException {
        Value error = members.get("error");
        if (error != null && error.isObject()) {
            error = error.members().get("message");
        }
        Value said = error == null ? members.get("message") : error;
        return said == null || !said.isString() ? "" : said.text();
    }

    private static GatewayException failure(int status, String type, String message) {
        ErrorKind kind = UpstreamKind.of(status, kind(type));
        ErrorKind telling = kind == ErrorKind.INVALID_REQUEST ? byMessage(message.toLowerCase(Locale.ROOT)) : null;
        ErrorKind known = telling == null ? kind : telling;
        GatewayException failure = ErrorText.failure(known, status, message)
                .withParameter(known == ErrorKind.MODEL_NOT_FOUND ? "model" : null)
                .withCode(type.isEmpty() ? null : type);
        return status == NO_STATUS && type.equals("overloaded_error")
                ? failure.withUpstreamStatus(OVERLOADED)
                : failure;
    }

    private static @Nullable ErrorKind kind(String type) {
        return switch (type) {
            case "invalid_request_error", "conflict_error" -> ErrorKind.INVALID_REQUEST;
            case "authentication_error", "permission_error", "billing_error" -> ErrorKind.UPSTREAM_AUTH;
            case "not_found_error" -> ErrorKind.MODEL_NOT_FOUND;
            case "request_too_large" -> ErrorKind.TOO_LARGE;
            case "rate_limit_error" -> ErrorKind.UPSTREAM_LIMITED;
            case "timeout_error" -> ErrorKind.UPSTREAM_TIMEOUT;
            case "api_error", "overloaded_error" -> ErrorKind.UPSTREAM_UNAVAILABLE;
            default -> null;
        };
    }

    /** A 400 says in words only whose doing it is; null = the request's. */
    private static @Nullable ErrorKind byMessage(String words) {
        if (words.contains("prompt is too long")
                || words.contains("exceed context limit")
                || words.contains("context window")) {
            return ErrorKind.CONTEXT_EXCEEDED;
        }
        if (words.contains("credit balance is too low")) {
            return ErrorKind.UPSTREAM_AUTH;
        }
        if (words.contains("usage limits") || words.contains("spend limit")) {
            return ErrorKind.UPSTREAM_LIMITED;
        }
        return words.contains("content filtering policy") ? ErrorKind.CONTENT_FILTERED : null;
    }
}
