package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.access.GuardedAccess;
import dev.thanosgateway.host.config.CallerKey;
import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Secret;
import dev.thanosgateway.host.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a configuration without a mistake in it may still get wrong. */
final class ConfigChecks {
    /** Names of headers whose values are credentials. */
    private static final Pattern CREDENTIAL = Pattern.compile("(?i)auth|key|token|secret");

    private ConfigChecks() {}

    /** @param warning as thanos config check shows it; most say themselves what to write */
    static Finding warning(String warning) {
        return new Finding(
                warning,
                warning.contains("environment variable")
                        ? "Set it where the gateway is started (export NAME=…), write ${NAME:-default}, or say enabled ="
                                + " false."
                        : "Correct that line, or leave it: the gateway starts with it.");
    }

    static List<Finding> providers(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        for (ProviderSettings provider : settings.providers().values()) {
            findings.addAll(endpoint(provider, settings.server().http()));
        }
        if (settings.warnings().isEmpty()
                && settings.providers().values().stream().noneMatch(ProviderSettings::enabled)) {
            findings.add(new Finding(
                    "No provider is enabled: no call can be served.",
                    "Enable one in [providers], or remove the whole table: then what is there is found."));
        }
        return findings;
    }

    private static List<Finding> endpoint(ProviderSettings provider, HostPort own) {
        URI endpoint = provider.endpoint();
        if (!provider.enabled() || endpoint == null || endpoint.getHost() == null) {
            return List.of();
        }
        String host = endpoint.getHost().replaceAll("[\\[\\]]", "");
        boolean here = new HostPort(host, 0).loopback();
        if (here && endpoint.getPort() == own.port() && own.port() != 0) {
            return List.of(new Finding(
                    "providers." + provider.id() + ": endpoint is this gateway's own address, so it would ask itself.",
                    "Set endpoint to the provider's address, or listen on another port."));
        }
        if ("http".equalsIgnoreCase(endpoint.getScheme())
                && !here
                && !provider.keys().isEmpty()) {
            return List.of(new Finding(
                    "providers." + provider.id() + ": its key goes to " + host + " unencrypted.",
                    "Write https:// in endpoint, or put a tunnel in between."));
        }
        return List.of();
    }

    static List<Finding> callerKeys(Site site) {
        try {
            GuardedAccess.checkStored(site.state());
            return List.of();
        } catch (IOException e) {
            return List.of(new Finding("Stored keys of callers cannot be used.", String.valueOf(e.getMessage())));
        }
    }

    /** Credentials written out in a file that others may read. */
    static List<Finding> secrets(Path file, String text, Settings settings) {
        Set<PosixFilePermission> allowed = Permissions.of(file);
        boolean others = allowed.contains(PosixFilePermission.OTHERS_READ);
        if (!others && !allowed.contains(PosixFilePermission.GROUP_READ)) {
            return List.of();
        }
        Stream<Secret> callers = settings.access().keys().stream()
                .filter(key -> CallerKey.digest(key).isEmpty());
        Stream<Secret> providers = settings.providers().values().stream()
                .flatMap(provider -> Stream.concat(
                        provider.keys().stream(),
                        provider.headers().entrySet().stream()
                                .filter(header ->
                                        CREDENTIAL.matcher(header.getKey()).find())
                                .map(Map.Entry::getValue)));
        boolean written = Stream.concat(callers, providers)
                .map(Secret::reveal)
                .anyMatch(secret -> secret.length() >= 8 && text.contains(secret));
        return written
                ? List.of(new Finding(
                        file + " holds keys, and " + (others ? "everybody" : "its group") + " may read it.",
                        "chmod 600 " + file + ", or keep the keys in the environment: api_key = \"${NAME}\"."))
                : List.of();
    }
}
