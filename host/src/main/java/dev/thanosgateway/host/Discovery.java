package dev.thanosgateway.host;

import dev.thanosgateway.host.config.HostPort;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Secret;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.ProviderType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds providers nobody configured, when nothing is configured at all: a type whose key is in the environment, a type
 * that needs none and answers on its usual port of this machine, and one that answers by itself. Which variables and
 * ports, the plugins say.
 */
final class Discovery {
    private static final int PROBE_MILLIS = 300;

    private final Map<String, String> environment;

    Discovery(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The settings with what was found: upstreams before what is built in, what answers by itself behind it. Blocks for
     * some hundred milliseconds at most.
     *
     * @param before what was found earlier and stays: a server that restarts is not forgotten
     */
    Settings addTo(Settings settings, List<ProviderType> types, Map<String, ProviderSettings> before) {
        if (!settings.discover()) {
            return settings;
        }
        Map<String, ProviderSettings> providers = new LinkedHashMap<>();
        Map<String, ProviderSettings> local = new LinkedHashMap<>();
        for (ProviderType type : types) {
            if (settings.providers().containsKey(type.type())) {
                continue;
            }
            ProviderSettings known = before.get(type.type());
            ProviderSettings found = known == null || known.adopted() == null
                    ? found(type, settings)
                    : table(type, settings, known.keys(), known.adopted());
            if (found != null) {
                (type.endpoint() == null ? local : providers).put(found.id(), found);
            }
        }
        providers.putAll(settings.providers());
        providers.putAll(local);
        return settings.withProviders(providers);
    }

    private @Nullable ProviderSettings found(ProviderType type, Settings settings) {
        for (String name : type.env()) {
            String key = environment.get(name);
            if (key != null && !key.isBlank()) {
                return table(type, settings, List.of(new Secret(key.strip())), name + " is set");
            }
        }
        URI endpoint = type.endpoint();
        if (type.key() || (endpoint != null && !type.probe())) {
            return null;
        }
        if (endpoint == null) {
            return table(type, settings, List.of(), null);
        }
        String answers = answers(endpoint);
        return answers == null ? null : table(type, settings, List.of(), type.type() + " answers on " + answers);
    }

    private static ProviderSettings table(
            ProviderType type, Settings settings, List<Secret> keys, @Nullable String adopted) {
        return new ProviderSettings(
                type.type(),
                type.type(),
                true,
                null,
                keys,
                null,
                null,
                Map.of(),
                settings.timeouts(),
                Map.of(),
                adopted);
    }

    /** The address that takes connections; null = there is none. */
    private static @Nullable String answers(URI endpoint) {
        if (endpoint.getHost() == null || endpoint.getPort() < 0) {
            return null;
        }
        InetSocketAddress address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            return null;
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, PROBE_MILLIS);
            return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
        } catch (IOException e) {
            return null;
        }
    }
}
