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
    private final int upstreamStatus;
    private final boolean permanent;

    public GatewayException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    /** @param cause for the log only; never shown to a caller */
    public GatewayException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, message, null, null, null, 0, !kind.retryMayHelp(), cause);
    }

    private GatewayException(
            ErrorKind kind,
            String message,
            @Nullable String parameter,
            @Nullable String code,
            @Nullable String retryAfter,
            int upstreamStatus,
            boolean permanent,
            @Nullable Throwable cause) {
        // Failures of a caller or an upstream are ordinary answers: a stack trace would cost more than the call.
        super(message, cause, false, kind == ErrorKind.INTERNAL);
        this.kind = kind;
        this.parameter = parameter;
        this.code = code;
        this.retryAfter = retryAfter;
        this.upstreamStatus = upstreamStatus;
        this.permanent = permanent;
    }

    private GatewayException with(
            String message,
            @Nullable String name,
            @Nullable String vendorCode,
            @Nullable String header,
            int status,
            boolean stays) {
        return new GatewayException(kind, message, name, vendorCode, header, status, stays, getCause());
    }

    /** @param name the request field at fault, as the caller wrote it, such as {@code messages[0].content} */
    public GatewayException withParameter(@Nullable String name) {
        return with(message(), name, code, retryAfter, upstreamStatus, permanent);
    }

    /** @param vendorCode the upstream's own code for this error, where it says more than the kind */
    public GatewayException withCode(@Nullable String vendorCode) {
        return with(message(), parameter, vendorCode, retryAfter, upstreamStatus, permanent);
    }

    /** @param header a {@code retry-after} value, seconds or an HTTP date, passed on unchanged */
    public GatewayException withRetryAfter(@Nullable String header) {
        return with(message(), parameter, code, header, upstreamStatus, permanent);
    }

    /** The same failure in other words. */
    public GatewayException withMessage(String message) {
        return with(message, parameter, code, retryAfter, upstreamStatus, permanent);
    }

    /** @param status the HTTP status the upstream answered with, 200 for an error within a good answer; 0 = none */
    public GatewayException withUpstreamStatus(int status) {
        return with(message(), parameter, code, retryAfter, status, permanent);
    }

    /** The same failure, marked as one that stays until a configuration or an account changes. */
    public GatewayException asPermanent() {
        return with(message(), parameter, code, retryAfter, upstreamStatus, true);
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

    /** The HTTP status of the upstream; 0 = it gave none, or did not answer. */
    public int upstreamStatus() {
        return upstreamStatus;
    }

    /** Whether the same request may succeed when it is repeated. */
    public boolean retryMayHelp() {
        return !permanent;
    }
}
