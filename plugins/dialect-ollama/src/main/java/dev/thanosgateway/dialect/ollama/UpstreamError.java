package dev.thanosgateway.dialect.ollama;

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
 * An upstream's error: {@code {"error":"…"}} as Ollama says it, with a status or as a line of a stream; an object in its
 * place, plain text or HTML, as what stands before an Ollama does.
 */
final class UpstreamError {
    /** A status that is not known: the error came as a line. */
    private static final int NO_STATUS = 0;

    private static final int NOT_FOUND = 404;

    private UpstreamError() {}

    /** The error status {@code status} and its body. */
    static GatewayException of(int status, Headers headers, ByteBuffer body) {
        byte[] bytes = Requests.copy(body);
        String said;
        try {
            said = message(Value.lenient(bytes, 0, bytes.length).members());
        } catch (JsonException e) {
            said = ErrorText.plain(bytes);
        }
        return exception(status, said).withRetryAfter(RetryAfter.of(status, headers));
    }

    /** The error in a line of a stream, or in an answer with a good status. */
    static GatewayException within(Map<String, Value> members) throws JsonException {
        Value status = members.get("status");
        if (status == null || !status.json().text().matches("[45]\\d\\d")) {
            return exception(NO_STATUS, message(members));
        }
        return exception((int) status.integer(), message(members));
    }

    private static String message(Map<String, Value> members) throws JsonException {
        Value error = members.get("error");
        if (error != null && error.isObject()) {
            error = error.members().get("message");
        }
        Value said = error == null ? members.get("message") : error;
        return said == null || !said.isString() ? "" : said.text();
    }

    private static GatewayException exception(int status, String message) {
        String words = ErrorText.clean(message).toLowerCase(Locale.ROOT);
        ErrorKind named = named(words);
        // A proxy's page stands where the API should be, whatever its status.
        boolean elsewhere = named == ErrorKind.UPSTREAM_PROTOCOL && (status == NO_STATUS || status == NOT_FOUND);
        ErrorKind kind = elsewhere ? ErrorKind.UPSTREAM_PROTOCOL : UpstreamKind.of(status, named);
        GatewayException failure =
                EffortRefusal.marked(ErrorText.failure(kind, status, message).withParameter(parameter(kind, words)));
        return kind == ErrorKind.UPSTREAM_PROTOCOL
                ? failure.withMessage(failure.message() + " Check the provider's endpoint.")
                : failure;
    }

    /** The message says more than the status where it speaks of the model; null = the status decides. */
    private static @Nullable ErrorKind named(String words) {
        if (words.contains("page not found")) {
            return ErrorKind.UPSTREAM_PROTOCOL;
        }
        if (words.contains("does not support ")) {
            return ErrorKind.UNSUPPORTED;
        }
        if (words.contains("context length")
                || words.contains("context size")
                || words.contains("context window")
                || words.contains("prompt is too long")) {
            return ErrorKind.CONTEXT_EXCEEDED;
        }
        return words.startsWith("model ") && words.contains("not found") ? ErrorKind.MODEL_NOT_FOUND : null;
    }

    private static @Nullable String parameter(ErrorKind kind, String words) {
        if (kind == ErrorKind.MODEL_NOT_FOUND) {
            return "model";
        }
        return kind == ErrorKind.UNSUPPORTED && words.contains("does not support tools") ? "tools" : null;
    }
}
