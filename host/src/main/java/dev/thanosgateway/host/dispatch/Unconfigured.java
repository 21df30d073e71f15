package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.ProviderType;
import dev.thanosgateway.host.plugins.Registry;
import java.util.Optional;
import java.util.function.Supplier;

/** What to do about a name of a provider that a deployed bundle could serve, but that nobody has configured. */
final class Unconfigured {
    private final Registry registry;
    private final Supplier<Settings> settings;
    private final ModelFacts facts;

    Unconfigured(Registry registry, Supplier<Settings> settings, ModelFacts facts) {
        this.registry = registry;
        this.settings = settings;
        this.facts = facts;
    }

    /**
     * @param name {@code provider/model}, a provider's id, or a model's name that the catalogues know
     * @return one sentence; empty = no bundle declares such a provider, or it is configured
     */
    Optional<String> advice(String name) {
        int slash = name.indexOf('/');
        String id = slash < 0 ? name : name.substring(0, slash);
        for (ProviderType type : registry.providerTypes()) {
            if (type.type().equals(id) && !settings.get().providers().containsKey(id)) {
                return Optional.of("The provider '" + id + "' is not configured: " + how(type));
            }
        }
        for (ProviderType type : registry.providerTypes()) {
            if (slash < 0 && !configured(type) && facts.isOfVendor(type.type(), name)) {
                return Optional.of("'" + name + "' is a model of the provider '" + type.type()
                        + "', which is not configured: " + how(type));
            }
        }
        return Optional.empty();
    }

    private boolean configured(ProviderType type) {
        return registry.providers().stream().map(LiveProvider::type).anyMatch(type.type()::equals);
    }

    private String how(ProviderType type) {
        boolean discover = settings.get().discover();
        String table = "[providers." + type.type() + "]";
        if (!type.env().isEmpty()) {
            String variable = type.env().get(0);
            return discover
                    ? "set " + variable + " before the start, or add " + table + " to the configuration."
                    : "set " + variable + ", and add " + table + " with api_key = \"${" + variable + "}\".";
        }
        return discover && type.probe() && type.endpoint() != null
                ? "start it at " + type.endpoint() + ", or add " + table + " with its endpoint."
                : "add " + table + " to the configuration.";
    }
}
