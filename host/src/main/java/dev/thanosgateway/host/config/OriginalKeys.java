package dev.thanosgateway.host.config;

import java.util.Map;
import java.util.Set;

/**
 * Settings of the original gateway, its documents and its older files that nothing needs here. A file with them runs;
 * each is answered with one warning that says why, and a slip in one is refused as anywhere.
 */
final class OriginalKeys {
    /**
     * @param why one clause for every key of the table
     * @param keys empty = any
     */
    private record Table(String why, Set<String> keys) {}

    private static final String ZIG = "it belongs to the first edition of the original, which had no server.";

    private static final Map<String, Table> TABLES = Map.ofEntries(
            Map.entry("models_dev", table("what models can do comes with the plugins.", "enabled", "url", "cache_ttl")),
            Map.entry("cache", table("answers are not cached.", "enabled", "ttl", "max_size", "backend", "redis")),
            Map.entry(
                    "metrics",
                    table("/metrics is always there, on the port of the API.", "enabled", "prometheus_port")),
            Map.entry(
                    "oauth",
                    table(
                            "nobody signs in with OAuth; give providers an api_key.",
                            "auto_refresh",
                            "refresh_warning_hours",
                            "keyring_service")),
            Map.entry("telemetry", table("the gateway sends none.", "enabled")),
            Map.entry(
                    "performance",
                    table(
                            "connections are pooled without it; limits of time are in [timeouts].",
                            "http_pool_size",
                            "http_pool_idle_timeout",
                            "provider_pools",
                            "timeout_seconds",
                            "retry_attempts",
                            "connection_pool_size",
                            "enable_caching",
                            "cache_ttl_minutes")),
            Map.entry(
                    "logging",
                    table("the log goes to stderr; set server.log_level.", "level", "format", "output", "file")),
            Map.entry(
                    "http",
                    table(
                            "connections are pooled without it; limits of time are in [timeouts].",
                            "pool_size",
                            "keep_alive",
                            "timeout")),
            Map.entry("general", table(ZIG)),
            Map.entry("endpoints", table("set endpoint in the provider's table.")),
            Map.entry("discovery", table("set endpoint in the provider's table.")),
            Map.entry("conversation", table(ZIG)),
            Map.entry("ui", table(ZIG)),
            Map.entry("ai", table("set strategy and preferred in [routing].")),
            Map.entry("budget", table("what is spent is not limited.")));

    private static final Map<String, String> SERVER = Map.of(
            "uds_enabled", "there is no Unix socket.",
            "uds_path", "there is no Unix socket.",
            "uds_permissions", "there is no Unix socket.",
            "uds_group", "there is no Unix socket.",
            "http3_enabled", "HTTP/3 is not served.",
            "http3_bind", "HTTP/3 is not served.",
            "http3_cert", "HTTP/3 is not served.",
            "http3_key", "HTTP/3 is not served.");

    private static final Map<String, String> PROVIDER = Map.of(
            "auth_method", "a provider knows how it sends its key.",
            "max_tokens", "callers say it in their requests.",
            "temperature", "callers say it in their requests.",
            "client_id", "nobody signs in with OAuth; give the provider an api_key.");

    private static final Map<String, String> ROUTING = Map.of(
            "code_completion", "requests name no task; make it a name in [models.aliases].",
            "code_generation", "requests name no task; make it a name in [models.aliases].",
            "chat", "requests name no task; make it a name in [models.aliases].",
            "documentation", "requests name no task; make it a name in [models.aliases].");

    private static final Map<String, String> RETRY = Map.of(
            "multiplier", "each wait may be twice as long as the one before.",
            "jitter", "each wait is drawn at random up to its longest.");

    private OriginalKeys() {}

    private static Table table(String why, String... keys) {
        return new Table(why, Set.of(keys));
    }

    /** Answers the tables of a file that have no effect. */
    static void inTop(Section top) {
        TABLES.forEach((name, known) -> {
            Section table = top.section(name);
            if (table == null) {
                return;
            }
            for (String key : table.keys()) {
                if (known.keys().isEmpty() || known.keys().contains(key)) {
                    table.ignored(key, known.why());
                } else {
                    table.refuse(key, known.keys().stream().sorted().toList());
                }
            }
        });
    }

    static boolean isTable(String name) {
        return TABLES.containsKey(name);
    }

    static void inServer(Section server) {
        SERVER.forEach(server::ignored);
    }

    static void inRetry(Section retry) {
        RETRY.forEach(retry::ignored);
    }

    /** @return whether the key is one, and has been answered */
    static boolean inProvider(Section provider, String key) {
        return answered(provider, key, PROVIDER);
    }

    /** @return whether the key is one, and has been answered */
    static boolean inRouting(Section routing, String key) {
        return answered(routing, key, ROUTING);
    }

    private static boolean answered(Section table, String key, Map<String, String> known) {
        String why = known.get(key);
        if (why == null) {
            return false;
        }
        table.ignored(key, why);
        return true;
    }
}
