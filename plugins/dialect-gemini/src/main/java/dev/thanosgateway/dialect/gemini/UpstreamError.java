package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.wire.answer.EffortRefusal;
import dev.thanosgateway.wire.answer.ErrorText;
import dev.thanosgateway.wire.answer.RetryAfter;
import dev.thanosgateway.wire.answer.UpstreamKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An upstream's error: Google's {@code {"error":{code,message,status,details}}}, also as the element of an array, with
 * {@code google.rpc.ErrorInfo}, {@code RetryInfo} and {@code BadRequest} among its details; plain text; HTML.
 */
final class UpstreamError {
    private static final Pattern DELAY = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)s");

    private static final int CANCELLED = 499;
    private static final int UNAVAILABLE = 503;

    private final String message;
    private final String status;
    private final int code;
    private String reason = "";
    private @Nullable String field;
    private @Nullable String retryAfter;

    private UpstreamError(JsonNode error, String otherwise) {
        message = error.isString() ? error.stringValue() : error.path("message").asString(otherwise);
        status = error.path("status").asString("");
        code = error.path("code").asInt(0);
        for (JsonNode detail : error.path("details")) {
            String type = detail.path("@type").asString("");
            if (type.endsWith("ErrorInfo")) {
                reason = detail.path("reason").asString("");
            } else if (type.endsWith("RetryInfo")) {
                retryAfter = seconds(detail.path("retryDelay").asString(""));
            } else if (type.endsWith("BadRequest")) {
                field = detail.path("fieldViolations").path(0).path("field").stringValue(null);
            }
        }
    }

    /** The error status {@code status} and its body. */
    static GatewayException of(int status, Headers headers, ByteBuffer body) {
        byte[] bytes = Trees.copy(body);
        JsonNode error;
        String text = "";
        try {
            JsonNode root = Trees.read(bytes, 0, bytes.length);
            error = (root.isArray() ? root.path(0) : root).path("error");
        } catch (JacksonException e) {
            error = Trees.object();
            text = ErrorText.plain(bytes);
        }
        GatewayException failure = EffortRefusal.marked(new UpstreamError(error, text).exception(status));
        String header = RetryAfter.of(status, headers);
        return header == null ? failure : failure.withRetryAfter(header);
    }

    /** The error in an answer with a good status. */
    static GatewayException within(JsonNode answer) {
        return new UpstreamError(answer.path("error"), "").exception(0);
    }

    /** A duration as protocol buffers write it, {@code 7.5s}, in whole seconds; null = it is none. */
    private static @Nullable String seconds(String delay) {
        Matcher matcher = DELAY.matcher(delay);
        return matcher.matches()
                ? new BigDecimal(matcher.group(1))
                        .setScale(0, RoundingMode.CEILING)
                        .toPlainString()
                : null;
    }

    private GatewayException exception(int httpStatus) {
        int known = httpStatus == 0 ? code : httpStatus;
        GatewayException failure = ErrorText.failure(byMessage(UpstreamKind.of(known, named())), httpStatus, message)
                .withParameter(field)
                .withCode(status.isEmpty() ? null : ErrorText.clean(status))
                .withRetryAfter(retryAfter);
        return known == UNAVAILABLE ? failure.withUpstreamStatus(known) : failure;
    }

    private @Nullable ErrorKind named() {
        return switch (status) {
            // Such as a place or a billing state that Google does not serve: ours to mend, not the caller's.
            case "UNAUTHENTICATED", "PERMISSION_DENIED", "FAILED_PRECONDITION" -> ErrorKind.UPSTREAM_AUTH;
            case "RESOURCE_EXHAUSTED" -> ErrorKind.UPSTREAM_LIMITED;
            case "NOT_FOUND" -> ErrorKind.MODEL_NOT_FOUND;
            case "DEADLINE_EXCEEDED" -> ErrorKind.UPSTREAM_TIMEOUT;
            case "UNAVAILABLE", "INTERNAL", "ABORTED", "CANCELLED", "UNKNOWN", "DATA_LOSS" ->
                ErrorKind.UPSTREAM_UNAVAILABLE;
            case "INVALID_ARGUMENT", "OUT_OF_RANGE" -> ErrorKind.INVALID_REQUEST;
            default -> code == CANCELLED ? ErrorKind.UPSTREAM_UNAVAILABLE : null;
        };
    }

    /** A 400 says in words only whose doing it is. */
    private ErrorKind byMessage(ErrorKind kind) {
        if (kind != ErrorKind.INVALID_REQUEST) {
            return kind;
        }
        String text = message.toLowerCase(Locale.ROOT);
        if (reason.startsWith("API_KEY") || text.contains("api key not valid") || text.contains("api key expired")) {
            return ErrorKind.UPSTREAM_AUTH;
        }
        // Google's words, and those of others whom a gateway of this language stands in front of.
        boolean tooLong = text.contains("exceeds the maximum number of tokens")
                || text.contains("context window")
                || text.contains("context length")
                || text.contains("prompt is too long");
        return tooLong ? ErrorKind.CONTEXT_EXCEEDED : kind;
    }
}
