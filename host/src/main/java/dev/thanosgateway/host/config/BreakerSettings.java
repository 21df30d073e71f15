package dev.thanosgateway.host.config;

/**
 * {@code [circuit_breaker]}: when a target that fails is set aside.
 *
 * @param enabled false = failures set no target aside; one that says itself that it takes no more calls is all the same
 * @param failureThreshold failures in a row
 * @param timeoutSeconds how long until one call tries it again
 * @param successThreshold how many calls, one after the other, must then be served
 */
public record BreakerSettings(boolean enabled, int failureThreshold, long timeoutSeconds, int successThreshold) {
    static final BreakerSettings DEFAULT = new BreakerSettings(true, 10, 30, 1);

    static BreakerSettings read(Section table) {
        Boolean enabled = table.bool("enabled");
        BreakerSettings read = new BreakerSettings(
                enabled == null || enabled,
                (int) table.whole("failure_threshold", 1, 1_000, DEFAULT.failureThreshold),
                table.whole("timeout", 1, 86_400, DEFAULT.timeoutSeconds),
                (int) table.whole("success_threshold", 1, 1_000, DEFAULT.successThreshold));
        table.refuseOthers();
        return read;
    }
}
