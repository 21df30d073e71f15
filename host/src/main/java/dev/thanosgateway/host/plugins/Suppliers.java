package dev.thanosgateway.host.plugins;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Who gives a jar the packages it imports: the gateway first, then other plugins.
 *
 * @param versions of the packages that come from plugins
 * @param deployments the plugins they come from
 */
record Suppliers(Map<String, Version> versions, Set<Deployment> deployments) {

    /**
     * @param plugins that may give packages, the preferred one first
     * @throws PluginRefusal that waits, when a package comes from nowhere
     */
    static Suppliers find(PluginJar jar, List<Deployment> plugins, BundleContext context, BundleSlots slots)
            throws PluginRefusal {
        Map<String, Version> versions = new HashMap<>();
        Set<Deployment> deployments = new HashSet<>();
        Map<String, Set<Version>> host = jar.imports().isEmpty() ? Map.of() : gatewayPackages(context, slots);
        for (ManifestHeader.Clause wanted : jar.imports()) {
            String name = wanted.names().get(0);
            VersionRange range = range(wanted);
            Set<Version> ofHost = host.getOrDefault(name, Set.of());
            if (ofHost.stream().anyMatch(range::includes)) {
                continue;
            }
            Deployment plugin = plugin(name, range, plugins);
            if (plugin != null) {
                deployments.add(plugin);
                Version version = plugin.exports().get(name);
                if (version != null) {
                    versions.put(name, version);
                }
            } else if (!wanted.optional()) {
                throw missing(name, range, ofHost, plugins);
            }
        }
        return new Suppliers(Map.copyOf(versions), Set.copyOf(deployments));
    }

    private static PluginRefusal missing(
            String name, VersionRange range, Set<Version> ofHost, List<Deployment> plugins) {
        StringBuilder others = new StringBuilder();
        ofHost.forEach(v -> others.append(", the gateway has ").append(v));
        for (Deployment d : plugins) {
            Version version = d.exports().get(name);
            if (version != null) {
                others.append(", ").append(d.label()).append(" has ").append(version);
            }
        }
        return PluginRefusal.waiting("unresolved import: it needs package " + name + " " + range
                + (others.isEmpty() ? ", provided by none" : others));
    }

    private static @Nullable Deployment plugin(String name, VersionRange range, List<Deployment> plugins) {
        for (Deployment plugin : plugins) {
            Version version = plugin.exports().get(name);
            if (version != null && range.includes(version)) {
                return plugin;
            }
        }
        return null;
    }

    private static VersionRange range(ManifestHeader.Clause wanted) throws PluginRefusal {
        String text = wanted.attribute("version");
        try {
            return new VersionRange(text == null ? "0" : text);
        } catch (IllegalArgumentException e) {
            throw PluginRefusal.of(
                    "it imports " + wanted.names().get(0) + " with the version \"" + text + "\", which is none");
        }
    }

    static Map<String, Set<Version>> gatewayPackages(BundleContext context, BundleSlots slots) {
        Map<String, Set<Version>> packages = new HashMap<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = slots.owns(bundle) ? null : bundle.adapt(BundleRevision.class);
            List<BundleCapability> exported =
                    revision == null ? List.of() : revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE);
            for (BundleCapability export : exported) {
                Map<String, Object> attributes = export.getAttributes();
                if (attributes.get(PackageNamespace.PACKAGE_NAMESPACE) instanceof String name
                        && attributes.get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) instanceof Version version) {
                    packages.computeIfAbsent(name, n -> new HashSet<>()).add(version);
                }
            }
        }
        return packages;
    }
}
