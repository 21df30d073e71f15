package dev.thanosgateway.api;

/**
 * Every way a call can fail, grouped by whose doing it is. The one table that decides the HTTP status, the gRPC
 * status and whether another target may be asked.
 *
 * <p>Two pairs are kept apart on purpose. {@link #RATE_LIMITED} is our caller's own bucket, {@link
 * #UPSTREAM_LIMITED} is our quota at a vendor. {@link #UNAUTHENTICATED} is the caller's key, {@link
 * #UPSTREAM_AUTH} is ours. Mixing them sends people after the wrong key.
 */
public enum ErrorKind {
    /** The request cannot be understood, or the upstream said the caller's request is wrong. */
    INVALID_REQUEST(400, 3, Fault.CALLER),
    /** No key, or one that is not known. */
    UNAUTHENTICATED(401, 16, Fault.CALLER),
    /** The key is known and may not do this; or a web page tried to use an open gateway. */
    FORBIDDEN(403, 7, Fault.CALLER),
    /** Nothing is at this path. For a model that nobody serves see {@link #MODEL_NOT_FOUND}. */
    NOT_FOUND(404, 5, Fault.CALLER),
    /** The path is there, the method is not. */
    METHOD_NOT_ALLOWED(405, 12, Fault.CALLER),
    /** The path is served over another protocol, to which the connection can be upgraded. */
    UPGRADE_REQUIRED(426, 12, Fault.CALLER),
    /** The body, or a part of it, is over a limit. */
    TOO_LARGE(413, 8, Fault.CALLER),
    /** The body has a content coding that is not decoded here. */
    UNSUPPORTED_CODING(415, 3, Fault.CALLER),
    /** The caller used up its own rate. */
    RATE_LIMITED(429, 8, Fault.CALLER),
    /** The caller used up its own budget. */
    BUDGET_EXCEEDED(429, 8, Fault.CALLER),
    /** The prompt was refused. A filtered answer is no error: it is a finish reason. */
    CONTENT_FILTERED(400, 3, Fault.CALLER),
    /** The caller went away. */
    CANCELLED(499, 1, Fault.CALLER),

    /** This target does not know the model. */
    MODEL_NOT_FOUND(404, 5, Fault.TARGET),
    /** The conversation is too long for this target. */
    CONTEXT_EXCEEDED(400, 3, Fault.TARGET),
    /** The request needs something this target has no counterpart for. */
    UNSUPPORTED(400, 12, Fault.TARGET),
    /** The upstream refused our credential, or our account there. */
    UPSTREAM_AUTH(502, 13, Fault.TARGET),
    /** The upstream refused us for rate or quota. */
    UPSTREAM_LIMITED(429, 8, Fault.TARGET),
    /** The upstream was silent for longer than a limit. */
    UPSTREAM_TIMEOUT(504, 4, Fault.TARGET),
    /** The upstream refused, reset, or said it is broken. */
    UPSTREAM_UNAVAILABLE(503, 14, Fault.TARGET),
    /** The upstream answered what its protocol does not allow: HTML, nothing, a wrong shape, a cut answer. */
    UPSTREAM_PROTOCOL(502, 13, Fault.TARGET),

    /** No target can be asked. */
    NO_ROUTE(503, 14, Fault.GATEWAY),
    /** The gateway is at a limit of its own. */
    OVERLOADED(503, 14, Fault.GATEWAY),
    /** The gateway is stopping. */
    DRAINING(503, 14, Fault.GATEWAY),
    /** The call's total time is over. */
    DEADLINE(504, 4, Fault.GATEWAY),
    /** A defect of the gateway. */
    INTERNAL(500, 13, Fault.GATEWAY);

    /** Whose doing a failure is. */
    public enum Fault {
        /** Another target would answer the same. */
        CALLER,
        /** Another target may do better. */
        TARGET,
        /** Nobody can be asked, or asking again would not help. */
        GATEWAY
    }

    private final int httpStatus;
    private final int grpcCode;
    private final Fault fault;

    ErrorKind(int httpStatus, int grpcCode, Fault fault) {
        this.httpStatus = httpStatus;
        this.grpcCode = grpcCode;
        this.fault = fault;
    }

    /** The HTTP status; a dialect may answer another one where its own API does. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The number of the gRPC status code. */
    public int grpcCode() {
        return grpcCode;
    }

    public Fault fault() {
        return fault;
    }

    /** Whether another target may be asked, as long as no event of the answer has been sent. */
    public boolean mayTryNextTarget() {
        return fault == Fault.TARGET;
    }

    /**
     * Whether the same request may succeed when it is repeated and nothing else changes. A wrong request stays wrong,
     * and so does a credential that the upstream refused.
     */
    public boolean retryMayHelp() {
        return switch (this) {
            case RATE_LIMITED, CANCELLED -> true;
            case MODEL_NOT_FOUND, CONTEXT_EXCEEDED, UNSUPPORTED, UPSTREAM_AUTH -> false;
            default -> fault != Fault.CALLER;
        };
    }

    /**
     * The kind of an upstream's error status, when its body says nothing more telling. The one table from status to
     * kind.
     */
    public static ErrorKind ofUpstreamStatus(int status) {
        return switch (status) {
            case 401, 402, 403 -> UPSTREAM_AUTH;
            case 404, 410 -> MODEL_NOT_FOUND;
            case 408 -> UPSTREAM_TIMEOUT;
            case 413 -> TOO_LARGE;
            case 429 -> UPSTREAM_LIMITED;
            default -> status >= 500 ? UPSTREAM_UNAVAILABLE : status >= 400 ? INVALID_REQUEST : UPSTREAM_PROTOCOL;
        };
    }
}
