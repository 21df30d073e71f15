package dev.thanosgateway.host.plugins;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import org.osgi.framework.Version;

/**
 * Decides who wires to whom. Every deployment's exported packages get a qualifier of their own, and an import of such
 * a package asks for exactly that version: of two copies of a dialect, side by side for a while, each provider stays
 * with the one it was deployed with.
 */
final class JarStamp {
    private JarStamp() {}

    /** {@code 1.0.0} and 7 become {@code 1.0.0.g7}. */
    static Version stamped(Version version, long number) {
        String qualifier = version.getQualifier().isEmpty() ? "g" + number : version.getQualifier() + "-g" + number;
        return new Version(version.getMajor(), version.getMinor(), version.getMicro(), qualifier);
    }

    /** The exported packages of a jar with the versions they get as deployment {@code number}. */
    static Map<String, Version> exports(PluginJar jar, long number) throws PluginRefusal {
        Map<String, Version> stamped = new HashMap<>();
        for (ManifestHeader.Clause export : jar.exports()) {
            stamped.put(export.names().get(0), stamped(version(export), number));
        }
        return Map.copyOf(stamped);
    }

    private static Version version(ManifestHeader.Clause export) throws PluginRefusal {
        try {
            return Version.parseVersion(export.attribute("version"));
        } catch (IllegalArgumentException e) {
            throw PluginRefusal.of("it exports " + export.names().get(0) + " with a version that cannot be read");
        }
    }

    /**
     * Writes the jar to install.
     *
     * @param exports versions of its own packages
     * @param imports versions of the packages other plugins give it
     */
    static void write(PluginJar jar, Map<String, Version> exports, Map<String, Version> imports, Path to)
            throws IOException {
        if (exports.isEmpty() && imports.isEmpty()) {
            Files.copy(jar.copy(), to);
            return;
        }
        try (JarFile from = new JarFile(jar.copy().toFile(), false);
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(to), 1 << 16);
                JarOutputStream out = new JarOutputStream(file, manifest(from, jar, exports, imports))) {
            out.setLevel(Deflater.BEST_SPEED);
            for (Enumeration<JarEntry> all = from.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                if (entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME) || signature(entry.getName())) {
                    continue;
                }
                out.putNextEntry(new JarEntry(entry.getName()));
                if (!entry.isDirectory()) {
                    try (InputStream in = from.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
                out.closeEntry();
            }
        }
    }

    private static Manifest manifest(
            JarFile from, PluginJar jar, Map<String, Version> exports, Map<String, Version> imports)
            throws IOException {
        Manifest manifest = new Manifest(from.getManifest());
        Attributes main = manifest.getMainAttributes();
        List<ManifestHeader.Clause> exported = new ArrayList<>();
        for (ManifestHeader.Clause clause : jar.exports()) {
            Version version = exports.get(clause.names().get(0));
            exported.add(version == null ? clause : clause.withVersion(version.toString()));
        }
        List<ManifestHeader.Clause> imported = new ArrayList<>();
        for (ManifestHeader.Clause clause : jar.imports()) {
            Version version = imports.get(clause.names().get(0));
            imported.add(version == null ? clause : clause.withVersion("[" + version + "," + version + "]"));
        }
        set(main, "Export-Package", exported);
        set(main, "Import-Package", imported);
        return manifest;
    }

    private static void set(Attributes main, String header, List<ManifestHeader.Clause> clauses) {
        if (clauses.isEmpty()) {
            main.remove(new Attributes.Name(header));
        } else {
            main.putValue(header, ManifestHeader.write(clauses));
        }
    }

    /** With another manifest a signature cannot hold any more; the digest was checked before. */
    private static boolean signature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/")
                && upper.indexOf('/', 9) < 0
                && (upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".DSA") || upper.endsWith(".EC"));
    }
}
