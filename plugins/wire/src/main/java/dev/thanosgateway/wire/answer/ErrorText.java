package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** An upstream's own words for its failure, made fit to be shown to a caller. */
public final class ErrorText {
    private static final int LONGEST_MESSAGE = 2000;
    /** The status of an answer that an error came in. */
    private static final int GOOD = 200;

    private static final int LONGEST_BODY = 16_384;
    private static final Pattern SECRET = Pattern.compile(
            "(?i)\\b(?:sk|pk|rk|xai|gsk|key|api)[-_][\\w*.-]{8,}|AIza[\\w-]{16,}|\\bkey[=:]\\s?[\\w-]{8,}"
                    + "|(?<=\\bbearer )[^\\s\"',;]+");

    private ErrorText() {}

    /**
     * The failure as a sentence that says what to do next.
     *
     * @param status 0 = the error came in an answer with a good status
     * @param reason the upstream's message, as it came; empty = none
     */
    public static GatewayException failure(ErrorKind kind, int status, String reason) {
        String shown = clean(reason);
        String answered = status == 0 ? "" : " with status " + status;
        String said = shown.isEmpty() ? "." : ": " + shown;
        String sentence = switch (kind) {
            case UPSTREAM_AUTH ->
                "The upstream refused the gateway's credential" + answered + said + (said.endsWith(".") ? "" : ".")
                        + " Check the key configured for this provider.";
            case UPSTREAM_LIMITED -> "The upstream limits the gateway's use of it" + answered + said;
            case UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_PROTOCOL -> "The upstream failed" + answered + said;
            default ->
                shown.isEmpty()
                        ? "The upstream refused the request" + answered
                                + " and gave no reason. Check the model's name and the provider's endpoint."
                        : shown;
        };
        return new GatewayException(kind, sentence).withUpstreamStatus(status == 0 ? GOOD : status);
    }

    /** A body that is no JSON is its own message, unless it is a page made for eyes. */
    public static String plain(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, LONGEST_BODY), StandardCharsets.UTF_8).strip();
        return text.startsWith("<") || text.startsWith("{") || text.startsWith("[") ? "" : text;
    }

    /** Without what looks like a key, on one line, not too long. */
    public static String clean(String text) {
        String bounded = text.length() > LONGEST_BODY ? text.substring(0, LONGEST_BODY) : text;
        String masked = SECRET.matcher(bounded).replaceAll("***").replaceAll("[\\p{Cntrl}\\s]+", " ");
        return masked.length() > LONGEST_MESSAGE ? masked.substring(0, LONGEST_MESSAGE - 1) + '…' : masked.strip();
    }
}
