package dev.thanosgateway.api;

import org.jspecify.annotations.Nullable;

/**
 * The one failure that crosses a bundle boundary. Its message is a plain sentence for the caller that says what to
 * do next; it holds no secret and no body of an upstream beyond its own error message.
 */
public final class GatewayException extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;
    private final @Nullable String parameter;
    private final @Nullable String code;
    private final @Nullable String retryAfter;

    public GatewayException(ErrorKind kind, String message) {
        this(kind, message, null, null, null, null);
    }

    /** @param cause for the log only; never shown to a caller */
    public GatewayException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, message, null, null, null, cause);
    }

    private GatewayException(
            ErrorKind kind,
            String message,
            @Nullable String parameter,
            @Nullable String code,
            @Nullable String retryAfter,
            @Nullable Throwable cause) {
        // Failures of a caller or an upstream are ordinary answers: a stack trace would cost more than the call.
        super(message, cause, false, kind == ErrorKind.INTERNAL);
        this.kind = kind;
        this.parameter = parameter;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** @param name the request field at fault, as the caller wrote it, such as {@code messages[0].content} */
    public GatewayException withParameter(@Nullable String name) {
        return new GatewayException(kind, message(), name, code, retryAfter, getCause());
    }

    /** @param vendorCode the upstream's own code for this error, where it says more than the kind */
    public GatewayException withCode(@Nullable String vendorCode) {
        return new GatewayException(kind, message(), parameter, vendorCode, retryAfter, getCause());
    }

    /** @param header a {@code retry-after} value, seconds or an HTTP date, passed on unchanged */
    public GatewayException withRetryAfter(@Nullable String header) {
        return new GatewayException(kind, message(), parameter, code, header, getCause());
    }

    /** The same failure in other words. */
    public GatewayException withMessage(String message) {
        return new GatewayException(kind, message, parameter, code, retryAfter, getCause());
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The message; never null, unlike {@link #getMessage()} by its type. */
    public String message() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }

    public @Nullable String parameter() {
        return parameter;
    }

    public @Nullable String code() {
        return code;
    }

    public @Nullable String retryAfter() {
        return retryAfter;
    }
}
