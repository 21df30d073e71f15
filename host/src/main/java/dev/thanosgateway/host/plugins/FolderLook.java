package dev.thanosgateway.host.plugins;

import dev.thanosgateway.host.config.Installed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the jars of a folder say they offer, read from their manifests: nothing is started, and whether a jar would
 * really serve stays open. A jar that cannot be read offers nothing.
 *
 * @param types provider types
 * @param profiles by provider type, the profiles whose rules are about the API that it speaks
 * @param strategies names of strategies, sorted
 */
public record FolderLook(List<ProviderType> types, Map<String, Set<String>> profiles, Set<String> strategies) {
    private static final int MOST_COMPONENT_BYTES = 1 << 20;
    private static final Pattern STRATEGY =
            Pattern.compile("<property name=\"strategy\\.name\"[^>]* value=\"([^\"]+)\"");
    private static final Pattern PROFILE = Pattern.compile("(?m)^\\s*\\[([^\\]*]+)]\\s*$");

    /**
     * A jar's manifest.
     *
     * @param imports names of packages; exports likewise
     */
    private record Says(List<ProviderType> types, Set<String> imports, Set<String> exports) {
        Set<String> profiles() {
            Set<String> profiles = new TreeSet<>();
            for (ProviderType type : types) {
                profiles.add(type.type());
                if (type.compatible() != null) {
                    profiles.add(type.compatible());
                }
            }
            return profiles;
        }
    }

    /** Blocking. */
    public static FolderLook at(Path folder) {
        List<Says> all = new ArrayList<>();
        Set<String> strategies = new TreeSet<>();
        Set<String> ruled = new TreeSet<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                look(jar, all, strategies);
            }
            for (CatalogJar jar : CatalogJar.in(folder)) {
                Matcher profile = PROFILE.matcher(jar.list(CatalogJar.LISTS.get(1)));
                while (profile.find()) {
                    ruled.add(profile.group(1));
                }
            }
        } catch (IOException e) {
            // A folder that is not there offers nothing either.
        }
        List<ProviderType> types =
                all.stream().flatMap(jar -> jar.types().stream()).toList();
        return new FolderLook(types, profiles(all, ruled), strategies);
    }

    /**
     * Jars that import a package of the same plugin, a dialect's, speak one API; so do the types of one jar.
     *
     * @param ruled the profiles that a catalogue has rules for: those that no jar declares may be of any API
     */
    private static Map<String, Set<String>> profiles(List<Says> jars, Set<String> ruled) {
        Set<String> dialects = new HashSet<>();
        Set<String> free = new TreeSet<>(ruled);
        jars.forEach(jar -> dialects.addAll(jar.exports()));
        jars.forEach(jar -> free.removeAll(jar.profiles()));
        Map<String, Set<String>> profiles = new HashMap<>();
        for (Says jar : jars) {
            Set<String> fitting = new TreeSet<>(free);
            for (Says other : jars) {
                Set<String> shared = new HashSet<>(jar.imports());
                shared.retainAll(other.imports());
                shared.retainAll(dialects);
                if (jar == other || !shared.isEmpty()) {
                    fitting.addAll(other.profiles());
                }
            }
            jar.types().forEach(type -> profiles.put(type.type(), fitting));
        }
        return profiles;
    }

    private static void look(Path path, List<Says> all, Set<String> strategies) {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                return;
            }
            Attributes main = manifest.getMainAttributes();
            all.add(new Says(
                    JarInspector.types(main.getValue("Provide-Capability")),
                    packages(main.getValue("Import-Package")),
                    packages(main.getValue("Export-Package"))));
            for (String component : components(manifest)) {
                Matcher strategy = STRATEGY.matcher(text(jar, component));
                while (strategy.find()) {
                    strategies.add(strategy.group(1));
                }
            }
        } catch (IOException | PluginRefusal | RuntimeException e) {
            // Whoever starts it says what is wrong with it.
        }
    }

    private static Set<String> packages(@Nullable String header) throws PluginRefusal {
        Set<String> packages = new HashSet<>();
        ManifestHeader.parse(header).forEach(clause -> packages.addAll(clause.names()));
        return packages;
    }

    private static String[] components(Manifest manifest) {
        String names = manifest.getMainAttributes().getValue("Service-Component");
        return names == null ? new String[0] : names.strip().split("\\s*,\\s*");
    }

    private static String text(JarFile jar, String entry) throws IOException {
        JarEntry found = jar.getJarEntry(entry);
        if (found == null) {
            return "";
        }
        try (InputStream in = jar.getInputStream(found)) {
            return new String(in.readNBytes(MOST_COMPONENT_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** What a configuration is held against. */
    public Installed installed() {
        Map<String, String> keys = new HashMap<>();
        Set<String> keyed = new HashSet<>();
        Set<String> rootless = new HashSet<>();
        for (ProviderType type : types) {
            keys.putIfAbsent(type.type(), type.env().isEmpty() ? "" : type.env().get(0));
            if (type.key()) {
                keyed.add(type.type());
            }
            if (type.needsEndpoint()) {
                rootless.add(type.type());
            }
        }
        return new Installed(keys, keyed, rootless, profiles, strategies);
    }
}
