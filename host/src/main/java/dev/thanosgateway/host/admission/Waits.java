package dev.thanosgateway.host.admission;

/** How long to wait, in words that clients read. Always rounded up: who comes back then is not too early. */
final class Waits {
    private static final long NANOS = 1_000_000_000;

    private Waits() {}

    /** Whole seconds, at least 1, as {@code retry-after} has them. */
    static String seconds(long nanos) {
        return Long.toString(Math.max(1, ceil(nanos)));
    }

    /** As OpenAI writes it: {@code 0s}, {@code 1s}, {@code 6m0s}, {@code 1h0m30s}. */
    static String written(long nanos) {
        long seconds = ceil(nanos);
        StringBuilder text = new StringBuilder();
        if (seconds >= 3600) {
            text.append(seconds / 3600).append('h');
        }
        if (seconds >= 60) {
            text.append(seconds / 60 % 60).append('m');
        }
        return text.append(seconds % 60).append('s').toString();
    }

    private static long ceil(long nanos) {
        return (nanos + NANOS - 1) / NANOS;
    }
}
