package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.wire.answer.EffortRefusal;
import dev.thanosgateway.wire.answer.ErrorText;
import dev.thanosgateway.wire.answer.RetryAfter;
import dev.thanosgateway.wire.answer.UpstreamKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's error in any of the shapes that endpoints of this language use: {@code {"error":{message,type,param,
 * code}}}, {@code {"error":"…"}}, {@code {"code":"…","error":"…"}}, {@code {"detail":…}}, {@code {"message":"…"}},
 * plain text, HTML.
 */
final class UpstreamError {
    /** What OpenAI says of a model it has not at chat completions. */
    private static final String RESPONSES_ONLY = "only supported in v1/responses";

    /** How vendors say it that name no code for it: OpenAI, xAI, vLLM, Moonshot, llama.cpp. */
    private static final List<String> TOO_LONG = List.of(
            "maximum context length",
            "context window",
            "maximum prompt length",
            "maximum model length",
            "model token limit",
            "context size");

    /** Limits of an account, which stay until somebody pays. */
    private static final Set<String> QUOTAS = Set.of("insufficient_quota", "billing_hard_limit_reached");

    private static final int UNAVAILABLE = 503;
    private static final int OVERLOADED = 529;

    private String message = "";
    private String type = "";
    private @Nullable String param;
    private @Nullable String code;

    private UpstreamError() {}

    /** The error status {@code status} and its body. */
    static GatewayException of(int status, Headers headers, ByteBuffer body) {
        UpstreamError error = new UpstreamError();
        byte[] bytes = ChatOriginal.copy(body);
        try {
            JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
            error.body(json);
        } catch (JsonException e) {
            error.message = ErrorText.plain(bytes);
        }
        return EffortRefusal.marked(error.exception(status)).withRetryAfter(RetryAfter.of(status, headers));
    }

    /** The error that {@code json} stands before, which came in an answer with a good status. */
    static GatewayException within(JsonReader json) throws JsonException {
        UpstreamError error = new UpstreamError();
        error.value(json);
        return error.exception(0);
    }

    /**
     * The error that {@code json} stands before, beside an answer or one of its choices.
     *
     * @return null = it is empty, and so says that all is well
     */
    static @Nullable GatewayException beside(JsonReader json) throws JsonException {
        int c = json.peek();
        if (c == 'f' || c == 'n' || (c >= '0' && c <= '9')) {
            json.skip();
            return null;
        }
        UpstreamError error = new UpstreamError();
        error.value(json);
        boolean says = !error.message.isEmpty() || !error.type.isEmpty() || error.code != null;
        return says || c == 't' ? error.exception(0) : null;
    }

    private void body(JsonReader json) throws JsonException {
        if (json.peek() != '{') {
            // Some wrap the error into an array of one.
            json.enterArray();
            json.nextElement();
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "error", "detail" -> value(json);
                default -> member(json);
            }
        }
    }

    private void value(JsonReader json) throws JsonException {
        switch (json.peek()) {
            case '"' -> message = json.string();
            case '{' -> {
                json.enterObject();
                while (json.nextMember()) {
                    member(json);
                }
            }
            case '[' -> {
                // FastAPI's list of what is wrong: the first says enough.
                json.enterArray();
                while (json.nextElement()) {
                    if (message.isEmpty()) {
                        value(json);
                    } else {
                        json.skip();
                    }
                }
            }
            default -> json.skip();
        }
    }

    private void member(JsonReader json) throws JsonException {
        String name = json.name();
        int c = json.peek();
        if ((c == '{' || c == '[') && (name.equals("message") || name.equals("detail"))) {
            // Mistral has FastAPI's list below the message.
            value(json);
            return;
        }
        boolean number = c >= '0' && c <= '9';
        if (c != '"' && !(number && name.equals("code"))) {
            json.skip();
            return;
        }
        switch (name) {
            case "message", "msg" -> message = json.string();
            case "type", "status" -> type = json.string();
            case "param" -> param = json.string();
            case "code" -> code = number ? json.json().text() : json.string();
            default -> json.skip();
        }
    }

    private GatewayException exception(int httpStatus) {
        int status = httpStatus == 0 ? numeric() : httpStatus;
        GatewayException failure = ErrorText.failure(byMessage(UpstreamKind.of(status, named())), httpStatus, message)
                .withParameter(param)
                .withCode(code == null ? null : ErrorText.clean(code));
        if (status == UNAVAILABLE || status == OVERLOADED) {
            failure = failure.withUpstreamStatus(status);
        }
        if (isQuota()) {
            return failure.asPermanent();
        }
        return failure.message().contains(RESPONSES_ONLY)
                ? failure.withMessage(failure.message() + " Name the model in responses_only in this provider's table.")
                : failure;
    }

    private boolean isQuota() {
        return QUOTAS.contains(word(code)) || QUOTAS.contains(word(type));
    }

    private static String word(@Nullable String said) {
        return said == null ? "" : said.toLowerCase(Locale.ROOT);
    }

    /** What the error calls itself; null = nothing that is known. */
    private @Nullable ErrorKind named() {
        ErrorKind named = named(word(code));
        return named == null ? named(word(type)) : named;
    }

    private @Nullable ErrorKind named(String word) {
        return switch (word) {
            case "context_length_exceeded", "exceed_context_size_error" -> ErrorKind.CONTEXT_EXCEEDED;
            case "content_filter", "content_policy_violation", "image_content_policy_violation" ->
                ErrorKind.CONTENT_FILTERED;
            case "invalid_prompt",
                    "invalid_image",
                    "invalid_image_format",
                    "invalid_image_url",
                    "invalid_base64_image" -> ErrorKind.INVALID_REQUEST;
            case "model_not_found", "unknown_model", "deploymentnotfound" -> ErrorKind.MODEL_NOT_FOUND;
            case "insufficient_quota", "billing_hard_limit_reached", "rate_limit_exceeded", "rate_limit_error" ->
                ErrorKind.UPSTREAM_LIMITED;
            case "invalid_api_key", "authentication_error", "permission_error" -> ErrorKind.UPSTREAM_AUTH;
            case "server_error", "internal_error", "internal_server_error", "overloaded_error", "service_unavailable" ->
                ErrorKind.UPSTREAM_UNAVAILABLE;
            case "timeout", "timeout_error" -> ErrorKind.UPSTREAM_TIMEOUT;
            default -> rpc(word);
        };
    }

    /** xAI's codes: gRPC's, formerly as the sentence each stands for. */
    private static @Nullable ErrorKind rpc(String word) {
        return switch (word) {
            case "client specified an invalid argument", "invalid-argument" -> ErrorKind.INVALID_REQUEST;
            case "some requested entity was not found", "not-found" -> ErrorKind.MODEL_NOT_FOUND;
            case "some resource has been exhausted", "resource-exhausted" -> ErrorKind.UPSTREAM_LIMITED;
            case "the service is currently unavailable", "unavailable" -> ErrorKind.UPSTREAM_UNAVAILABLE;
            case "deadline expired before operation could complete", "deadline-exceeded" -> ErrorKind.UPSTREAM_TIMEOUT;
            case "the caller does not have permission to execute the specified operation", "permission-denied" ->
                ErrorKind.UPSTREAM_AUTH;
            default -> null;
        };
    }

    private ErrorKind byMessage(ErrorKind kind) {
        String text = message.toLowerCase(Locale.ROOT);
        boolean mendable = kind == ErrorKind.INVALID_REQUEST || kind == ErrorKind.TOO_LARGE;
        // xAI answers 403, as if the key were to blame.
        boolean policy = text.contains("violates usage guidelines") || text.contains("violating our usage policy");
        if (policy && (mendable || kind == ErrorKind.UPSTREAM_AUTH)) {
            return ErrorKind.CONTENT_FILTERED;
        }
        if (!mendable) {
            return kind;
        }
        if (TOO_LONG.stream().anyMatch(text::contains)) {
            return ErrorKind.CONTEXT_EXCEEDED;
        }
        if (text.contains("api key not valid") || text.contains("incorrect api key")) {
            return ErrorKind.UPSTREAM_AUTH;
        }
        if (isQuota()) {
            // OpenAI answers 400 where an account is at its limit.
            return ErrorKind.UPSTREAM_LIMITED;
        }
        return kind;
    }

    /** Some put a status where the code should be; 0 = the error names none. */
    private int numeric() {
        String word = word(code);
        if (word.matches("[45]\\d\\d")) {
            return Integer.parseInt(word);
        }
        return switch (type) {
            case "invalid_request_error" -> named() == null ? 400 : 0;
            case "overloaded_error" -> OVERLOADED;
            default -> 0;
        };
    }
}
