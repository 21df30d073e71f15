package dev.thanosgateway.host.config;

/**
 * {@code [probes]}: whether providers that nobody asks are asked for their models to see how they are.
 *
 * @param idleMillis how long nobody must have asked before
 */
public record ProbeSettings(boolean enabled, long idleMillis) {
    static final ProbeSettings DEFAULT = new ProbeSettings(true, 30_000);

    static ProbeSettings read(Section table) {
        Boolean enabled = table.bool("enabled");
        ProbeSettings read = new ProbeSettings(
                enabled == null || enabled, table.whole("idle_ms", 100, 86_400_000, DEFAULT.idleMillis));
        table.refuseOthers();
        return read;
    }
}
