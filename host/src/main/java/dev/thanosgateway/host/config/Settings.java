package dev.thanosgateway.host.config;

import dev.thanosgateway.api.provider.Model;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the configuration says, checked. Immutable.
 *
 * @param file where it came from; null = the built-in defaults
 * @param timeouts of providers without limits of their own, found ones included
 * @param providers by id, in the file's order
 * @param discover whether providers nobody configured may be found: only without a {@code [providers]} table
 * @param aliases name to targets in order, each the id of a provider, or that, a slash and a model
 * @param modelFacts by {@code provider/model}: what goes before all that is known otherwise; 0, null, empty = not said
 * @param warnings one sentence each, to be logged once
 */
public record Settings(
        @Nullable Path file,
        Server server,
        Access access,
        Timeouts timeouts,
        RateLimits rateLimits,
        Map<String, ProviderSettings> providers,
        boolean discover,
        Routing routing,
        Map<String, List<String>> aliases,
        Map<String, Model> modelFacts,
        List<String> warnings) {
    public Settings {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        warnings = List.copyOf(warnings);
    }

    /** The same settings for listeners that stay where they are. */
    public Settings withBinds(HostPort http, HostPort grpc) {
        Server same = new Server(
                http,
                grpc,
                server.maxBodyBytes(),
                server.bodyBudgetBytes(),
                server.answerBudgetBytes(),
                server.maxStreams(),
                server.drainMillis(),
                server.earlyKeepAliveMillis(),
                server.logLevel(),
                server.allowedHosts(),
                server.allowedOrigins(),
                server.grpcReflection(),
                server.sockets());
        return new Settings(
                file, same, access, timeouts, rateLimits, providers, discover, routing, aliases, modelFacts, warnings);
    }

    /** The same settings with other providers. */
    public Settings withProviders(Map<String, ProviderSettings> others) {
        return new Settings(
                file, server, access, timeouts, rateLimits, others, discover, routing, aliases, modelFacts, warnings);
    }

    /**
     * @param maxBodyBytes of one request
     * @param bodyBudgetBytes of all requests being read or served together
     * @param answerBudgetBytes of all answers together that their clients have not taken yet
     * @param maxStreams chats served at once, whole ones included
     * @param drainMillis how long calls in flight may go on when the gateway stops, or a plugin is taken away
     * @param earlyKeepAliveMillis when a stream begins with a keep-alive, should its first event be late; 0 = never
     * @param logLevel of the gateway's own log: trace, debug, info, warn or error
     * @param allowedHosts further {@code Host} names an open gateway answers to
     * @param allowedOrigins web origins that may call; empty = none
     * @param grpcReflection whether gRPC tells its services where others than this machine can ask
     * @param sockets limits of WebSockets
     */
    public record Server(
            HostPort http,
            HostPort grpc,
            long maxBodyBytes,
            long bodyBudgetBytes,
            long answerBudgetBytes,
            int maxStreams,
            long drainMillis,
            long earlyKeepAliveMillis,
            String logLevel,
            List<String> allowedHosts,
            List<String> allowedOrigins,
            boolean grpcReflection,
            Sockets sockets) {}

    /**
     * Limits of WebSockets.
     *
     * @param most that are open at once
     * @param idleMillis without a message or an answer before one closes
     * @param pingMillis of silence before one is pinged; after as long again without a sign of life it closes
     * @param maxAgeMillis after which one closes when it has answered
     */
    public record Sockets(int most, long idleMillis, long pingMillis, long maxAgeMillis) {}

    /**
     * @param enabled null = a key is needed if there are keys here or a listener is not on loopback
     * @param keys from the file, plain or hashed
     */
    public record Access(@Nullable Boolean enabled, List<Secret> keys) {}

    /**
     * @param strategy the name of the strategy in force
     * @param fallbackChain provider ids or {@code provider/model}; empty = none
     * @param all every key of the table for strategies: String, Long, Double, Boolean, List or Map of these
     * @param aliases those of {@link Settings#aliases} whose targets a strategy orders, and which one
     * @param breaker when a target is set aside, whatever the strategy
     * @param retry when a target is asked again, whatever the strategy
     * @param probes when providers are asked how they are
     */
    public record Routing(
            String strategy,
            List<String> fallbackChain,
            Map<String, Object> all,
            Map<String, OfAlias> aliases,
            BreakerSettings breaker,
            RetrySettings retry,
            ProbeSettings probes) {
        private static final int DECISIONS = 10_000;

        public Routing(String strategy, List<String> fallbackChain, Map<String, Object> all) {
            this(
                    strategy,
                    fallbackChain,
                    all,
                    Map.of(),
                    BreakerSettings.DEFAULT,
                    RetrySettings.DEFAULT,
                    ProbeSettings.DEFAULT);
        }

        /**
         * @param strategy the name of the strategy that orders the alias's targets
         * @param all what that strategy is told, as in {@link Routing#all}
         */
        public record OfAlias(String strategy, Map<String, Object> all) {}

        /** How many requests' decisions are kept; 0 = none. */
        public int decisions() {
            return all.get("decisions") instanceof Long kept ? kept.intValue() : DECISIONS;
        }

        /** How old what providers signal may get before they are asked again. */
        public long signalsMillis() {
            return all.get(RoutingReader.SIGNALS) instanceof Long millis ? millis : RoutingReader.SIGNALS_MILLIS;
        }

        Routing with(Map<String, OfAlias> others) {
            return new Routing(strategy, fallbackChain, all, others, breaker, retry, probes);
        }

        Routing with(BreakerSettings setAside, RetrySettings again, ProbeSettings idle) {
            return new Routing(strategy, fallbackChain, all, aliases, setAside, again, idle);
        }
    }
}
