package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kind of an upstream's failure. The HTTP status decides; the error's own code or message may only make it more
 * exact: a 429 is a limit, whatever its body says, and a 400 may be a conversation that is too long.
 */
public final class UpstreamKind {
    /** What vendors have statuses of their own for: a status that blames the request does not say it. */
    private static final Set<ErrorKind> HAS_A_STATUS =
            Set.of(ErrorKind.UPSTREAM_LIMITED, ErrorKind.UPSTREAM_TIMEOUT, ErrorKind.UPSTREAM_UNAVAILABLE);

    private UpstreamKind() {}

    /**
     * @param status the HTTP status, or the one that the error in an answer with a good status names; 0 = none
     * @param named what the error's code, type or message says; null = nothing
     */
    public static ErrorKind of(int status, @Nullable ErrorKind named) {
        if (status == 0) {
            return named == null ? ErrorKind.UPSTREAM_UNAVAILABLE : named;
        }
        ErrorKind known = ErrorKind.ofUpstreamStatus(status);
        return named != null && refines(known, status, named) ? named : known;
    }

    private static boolean refines(ErrorKind known, int status, ErrorKind named) {
        return switch (known) {
            // OpenAI answers 403 for a model the project may not use, xAI for a prompt against its policy.
            case UPSTREAM_AUTH -> named == ErrorKind.MODEL_NOT_FOUND || named == ErrorKind.CONTENT_FILTERED;
            case UPSTREAM_LIMITED, UPSTREAM_TIMEOUT, UPSTREAM_PROTOCOL -> false;
            case UPSTREAM_UNAVAILABLE ->
                named == ErrorKind.UPSTREAM_TIMEOUT
                        || named == ErrorKind.CONTEXT_EXCEEDED
                        || named == ErrorKind.CONTENT_FILTERED;
            // Google's ABORTED and CANCELLED: nobody is to blame, and another try may work.
            // Groq answers 413 for more tokens than its limit of a minute.
            default ->
                status == 409
                        || status == 499
                        || (status == 413 && named == ErrorKind.UPSTREAM_LIMITED)
                        || !HAS_A_STATUS.contains(named);
        };
    }
}
