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
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the jars of a folder say they offer, read from their manifests: nothing is started, and whether a jar would
 * really serve stays open. A jar that cannot be read offers nothing.
 *
 * @param types provider types
 * @param strategies names of strategies, sorted
 */
public record FolderLook(List<ProviderType> types, Set<String> strategies) {
    private static final int MOST_COMPONENT_BYTES = 1 << 20;
    private static final Pattern STRATEGY =
            Pattern.compile("<property name=\"strategy\\.name\"[^>]* value=\"([^\"]+)\"");

    /** Blocking. */
    public static FolderLook at(Path folder) {
        List<ProviderType> types = new ArrayList<>();
        Set<String> strategies = new TreeSet<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                look(jar, types, strategies);
            }
        } catch (IOException e) {
            // A folder that is not there offers nothing either.
        }
        return new FolderLook(List.copyOf(types), strategies);
    }

    private static void look(Path path, List<ProviderType> types, Set<String> strategies) {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                return;
            }
            types.addAll(JarInspector.types(manifest.getMainAttributes().getValue("Provide-Capability")));
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
        for (ProviderType type : types) {
            keys.putIfAbsent(type.type(), type.env().isEmpty() ? "" : type.env().get(0));
            if (type.key()) {
                keyed.add(type.type());
            }
        }
        return new Installed(keys, keyed, strategies);
    }
}
