package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.dispatch.EndingModels;
import dev.thanosgateway.host.plugins.Deployed;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.plugins.ProviderStatus;
import dev.thanosgateway.host.plugins.ProviderType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of the jars and of the tables that need them. */
final class PluginChecks {
    private PluginChecks() {}

    static List<Finding> jars(PluginHost plugins) {
        List<Finding> findings = new ArrayList<>();
        for (Deployed jar : plugins.deployed()) {
            boolean bad = jar.state().equals("refused") || jar.state().equals("waiting");
            if (bad && jar.path() != null) {
                findings.add(new Finding(
                        "The plugin " + jar.path().getFileName() + " does not serve: " + jar.reason() + ".",
                        mend(jar)));
            }
        }
        return findings;
    }

    private static String mend(Deployed jar) {
        String reason = String.valueOf(jar.reason());
        if (reason.endsWith("of it serves")) {
            return "Delete the jar that should not serve; one of a name is enough.";
        }
        if (reason.contains("unresolved import")) {
            return "Put the jar that provides what is missing into plugins/, or take a build of this plugin for this"
                    + " gateway.";
        }
        if (reason.contains("quarantined")) {
            return "Take the jar away or replace it; until then the gateway starts without it.";
        }
        if (reason.contains("thanos plugins switch")) {
            return "Take the jar away, or give it what it waits for with the command above.";
        }
        if (reason.contains("plugins.lock")) {
            return "Allow what is in plugins/ now with thanos plugins lock, or delete the jar.";
        }
        return "Copy the jar again, whole and built for this gateway, or delete it.";
    }

    static List<Finding> tables(PluginHost plugins, Settings settings) {
        List<Finding> findings = new ArrayList<>();
        Map<String, ProviderType> types = types(plugins);
        for (ProviderStatus status : plugins.registry().statuses()) {
            ProviderSettings table = settings.providers().get(status.id());
            if (table == null || !table.enabled()) {
                continue;
            }
            ProviderType type = types.get(status.type());
            if (type != null && type.needsEndpoint() && table.endpoint() == null) {
                continue; // the check of the configuration has found it
            }
            if (status.state().equals("failed")) {
                findings.add(new Finding(
                        "providers." + status.id() + " failed: " + status.reason() + ".",
                        "Correct its table; thanos config check says whether it can be read."));
            }
        }
        return findings;
    }

    /** At an endpoint of one's own there may be no key to be had. */
    private static boolean lacksKey(ProviderSettings table, ProviderType type) {
        return type.key() && table.keys().isEmpty() && table.endpoint() == null;
    }

    /** Those worth asking: not the ones whose missing key is a finding already. */
    static List<LiveProvider> askable(PluginHost plugins) {
        Map<String, ProviderType> types = types(plugins);
        return plugins.registry().providers().stream()
                .filter(provider -> {
                    ProviderType type = types.get(provider.type());
                    return type == null || !lacksKey(provider.settings(), type);
                })
                .toList();
    }

    private static Map<String, ProviderType> types(PluginHost plugins) {
        return plugins.providerTypes().stream()
                .collect(Collectors.toMap(ProviderType::type, Function.identity(), (one, other) -> one));
    }

    /** @param today in UTC */
    static List<Finding> shutdowns(PluginHost plugins, Settings settings, LocalDate today) {
        return EndingModels.of(settings, plugins.registry(), today).stream()
                .map(shutdown -> new Finding(shutdown.what(), shutdown.mend()))
                .toList();
    }
}
