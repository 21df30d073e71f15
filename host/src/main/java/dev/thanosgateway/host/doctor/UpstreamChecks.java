package dev.thanosgateway.host.doctor;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.host.config.Nearest;
import dev.thanosgateway.host.dispatch.Listed;
import dev.thanosgateway.host.dispatch.ModelProbe;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.transport.Origin;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Whether providers answer, with their keys, what their types expect. Only models are listed: that costs nothing. */
final class UpstreamChecks {
    /** Vendors' signatures and tokens are refused beyond it. */
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private UpstreamChecks() {}

    /** Asks all at once; blocks some seconds at most. */
    static List<Finding> look(List<LiveProvider> providers, ModelProbe probe) {
        Map<LiveProvider, CompletableFuture<Listed>> asked = new LinkedHashMap<>();
        providers.forEach(provider -> asked.put(provider, probe.ask(provider)));
        List<Finding> findings = new ArrayList<>();
        asked.forEach((provider, answer) -> {
            Listed listed = answer.join();
            GatewayException failure = listed.failure();
            if (failure != null) {
                findings.add(failed(provider, failure));
            }
            findings.addAll(model(provider, listed.models()));
            findings.addAll(clock(provider, listed.date(), Instant.now()));
        });
        return findings;
    }

    private static Finding failed(LiveProvider provider, GatewayException failure) {
        String id = "providers." + provider.id();
        URI endpoint = provider.endpoint();
        String message = endpoint == null
                ? failure.message()
                : new Origin(provider.settings(), endpoint).redacted(failure.message());
        return new Finding(id + " at " + shown(endpoint) + ": " + message, mend(provider, failure));
    }

    /** Without a user name or a query, which may hold a credential. */
    private static String shown(@Nullable URI endpoint) {
        return endpoint == null
                ? "its own address"
                : endpoint.getScheme() + "://" + endpoint.getHost()
                        + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort()) + endpoint.getPath();
    }

    private static String mend(LiveProvider provider, GatewayException failure) {
        String table = "[providers." + provider.id() + "]";
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "Correct the host in the endpoint of " + table + ", or mend this machine's name resolution.";
            }
            if (cause instanceof SSLException) {
                return "Use http:// in the endpoint of " + table + " if the server has no TLS; else have it send the"
                        + " full chain of a certificate this JDK trusts (keytool -importcert -cacerts adds one).";
            }
            if (cause instanceof ConnectException) {
                return "Start the server at that address, or correct the endpoint of " + table + ".";
            }
        }
        return switch (failure.kind()) {
            case UPSTREAM_AUTH, UNAUTHENTICATED, FORBIDDEN ->
                provider.settings().keys().isEmpty()
                        ? "Set api_key in " + table + "."
                        : "Set a valid api_key in " + table + "; the one there is refused.";
            case UPSTREAM_LIMITED, RATE_LIMITED, BUDGET_EXCEEDED ->
                "Wait, or raise the limits or the credit of this account with the vendor.";
            case UPSTREAM_TIMEOUT ->
                "Check that the endpoint of " + table + " is right and that no firewall is between.";
            case UPSTREAM_UNAVAILABLE ->
                "Look at the server's own state; if it is well, correct the endpoint of " + table + ".";
            default ->
                "Correct endpoint or type of " + table + ": what answers there does not speak the API of type '"
                        + provider.type() + "'.";
        };
    }

    private static List<Finding> model(LiveProvider provider, @Nullable ModelList listed) {
        String model = provider.settings().model();
        if (model == null || listed == null || listed.models().isEmpty()) {
            return List.of();
        }
        List<String> ids = listed.models().stream().map(Model::id).toList();
        return ids.contains(model)
                ? List.of()
                : List.of(new Finding(
                        "providers." + provider.id() + ": model = \"" + model + "\" is not among the " + ids.size()
                                + " models it lists." + Nearest.question(model, ids),
                        "Take one of its list: thanos models shows it. It begins with "
                                + String.join(", ", ids.subList(0, Math.min(3, ids.size()))) + "."));
    }

    static List<Finding> clock(LiveProvider provider, @Nullable String date, Instant now) {
        Duration skew = skew(date, now);
        return skew.abs().compareTo(MOST_SKEW) <= 0
                ? List.of()
                : List.of(new Finding(
                        "This machine's clock is " + skew.abs().toMinutes() + " minutes "
                                + (skew.isNegative() ? "behind" : "ahead of") + " that of providers." + provider.id()
                                + ".",
                        "Set the clock (timedatectl set-ntp true); certificates and tokens are refused otherwise."));
    }

    private static Duration skew(@Nullable String date, Instant now) {
        if (date == null) {
            return Duration.ZERO;
        }
        try {
            return Duration.between(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), now);
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
