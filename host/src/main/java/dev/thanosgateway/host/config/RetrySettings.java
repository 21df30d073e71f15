package dev.thanosgateway.host.config;

/**
 * {@code [retry]}: when a target is asked again for the same call because nobody can stand in for it.
 *
 * @param enabled false = every target is asked once for a call
 * @param maxAttempts of one call at one target, the first included
 * @param initialDelayMillis the longest wait before the second attempt; twice that before the third, and so on
 * @param maxDelayMillis the longest wait of all
 * @param budgetPercent how many calls in a hundred that were served earn a further attempt each
 */
public record RetrySettings(
        boolean enabled, int maxAttempts, long initialDelayMillis, long maxDelayMillis, int budgetPercent) {
    public static final RetrySettings DEFAULT = new RetrySettings(true, 3, 100, 5_000, 10);

    static RetrySettings read(Section table) {
        Boolean enabled = table.bool("enabled");
        RetrySettings read = new RetrySettings(
                enabled == null || enabled,
                (int) table.whole("max_attempts", 1, 10, DEFAULT.maxAttempts),
                table.whole("initial_delay", 1, 600_000, DEFAULT.initialDelayMillis),
                table.whole("max_delay", 1, 600_000, DEFAULT.maxDelayMillis),
                (int) table.whole("budget_percent", 0, 100, DEFAULT.budgetPercent));
        OriginalKeys.inRetry(table);
        table.refuseOthers();
        return read;
    }
}
