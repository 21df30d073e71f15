package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.provider.Headers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When an upstream says it may be asked again, as a {@code retry-after} header has it (RFC 9110, 10.2.3). In this order:
 * its own {@code retry-after}, unchanged; {@code retry-after-ms}, as OpenAI and Azure send it; of its limits that are used
 * up, {@code remaining} being 0, the one that is back last.
 */
public final class RetryAfter {
    private static final int TOO_MANY = 429;

    /** Names of limits, and of what is left of each. OpenAI's and its compatibles', then Anthropic's. */
    private static final List<String[]> LIMITS = List.of(
            limit("x-ratelimit-reset", "x-ratelimit-remaining"),
            limit("x-ratelimit-reset-requests", "x-ratelimit-remaining-requests"),
            limit("x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"),
            limit("anthropic-ratelimit-requests-reset", "anthropic-ratelimit-requests-remaining"),
            limit("anthropic-ratelimit-tokens-reset", "anthropic-ratelimit-tokens-remaining"),
            limit("anthropic-ratelimit-input-tokens-reset", "anthropic-ratelimit-input-tokens-remaining"),
            limit("anthropic-ratelimit-output-tokens-reset", "anthropic-ratelimit-output-tokens-remaining"));

    /** {@code 1s}, {@code 6m0s}, {@code 12ms}, {@code 2m59.56s}; a number alone is seconds. */
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|s|m|h|d))+|\\d{1,9}");

    private static final Pattern PIECE = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d|$)");
    private static final Pattern EPOCH = Pattern.compile("\\d{10,13}");
    private static final int MILLIS_DIGITS = 13;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private RetryAfter() {}

    private static String[] limit(String reset, String remaining) {
        return new String[] {reset, remaining};
    }

    /** Null = it does not say. */
    public static @Nullable String of(int status, Headers headers) {
        String said = headers.first("retry-after");
        if (said != null) {
            return said;
        }
        String millis = headers.first("retry-after-ms");
        if (millis != null && millis.strip().matches("\\d{1,12}(?:\\.\\d{1,9})?")) {
            return seconds(Double.parseDouble(millis.strip()));
        }
        return status == TOO_MANY ? limits(headers) : null;
    }

    private static @Nullable String limits(Headers headers) {
        double longest = -1;
        List<Instant> dates = new ArrayList<>();
        for (String[] limit : LIMITS) {
            String reset = headers.first(limit[0]);
            String remaining = headers.first(limit[1]);
            if (reset == null || remaining == null || !remaining.strip().equals("0")) {
                continue;
            }
            String text = reset.strip();
            if (DURATION.matcher(text).matches()) {
                longest = Math.max(longest, millis(text));
            } else {
                Instant date = date(text);
                if (date != null) {
                    dates.add(date);
                }
            }
        }
        if (longest >= 0) {
            return seconds(longest);
        }
        return dates.stream().max(Instant::compareTo).map(DATE::format).orElse(null);
    }

    private static double millis(String duration) {
        double millis = 0;
        for (Matcher piece = PIECE.matcher(duration); piece.find(); ) {
            millis += Double.parseDouble(piece.group(1))
                    * switch (piece.group(2)) {
                        case "ms" -> 1;
                        case "m" -> 60_000;
                        case "h" -> 3_600_000;
                        case "d" -> 86_400_000;
                        default -> 1_000;
                    };
        }
        return millis;
    }

    /** In seconds or milliseconds since 1970, or as RFC 3339 has it; null = in neither. */
    private static @Nullable Instant date(String text) {
        if (EPOCH.matcher(text).matches()) {
            long count = Long.parseLong(text);
            return text.length() == MILLIS_DIGITS ? Instant.ofEpochMilli(count) : Instant.ofEpochSecond(count);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whole seconds, never too few. */
    private static String seconds(double millis) {
        return Long.toString((long) Math.ceil(millis / 1_000));
    }
}
