package dev.thanosgateway.host.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;

/** Looks at a jar before any framework sees it. Runs none of its code; refuses with one sentence. */
final class JarInspector {
    static final int MAX_ENTRIES = 20_000;
    static final long MAX_INFLATED_BYTES = 512L << 20;
    static final long MAX_RATIO = 200;
    /** Below this inflated size an entry may be as dense as it likes. */
    private static final long RATIO_FLOOR_BYTES = 16L << 20;

    private final TrustedDigests trusted;

    JarInspector(TrustedDigests trusted) {
        this.trusted = trusted;
    }

    /**
     * @param copy the gateway's own copy
     * @throws PluginRefusal when it cannot be a plugin
     * @throws IOException when it cannot be opened as a zip (yet)
     */
    PluginJar inspect(Path copy, String sha256) throws PluginRefusal, IOException {
        try (JarFile jar = new JarFile(copy.toFile(), false)) {
            entries(jar);
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw PluginRefusal.of("it has no META-INF/MANIFEST.MF; build it as an OSGi bundle");
            }
            return facts(manifest.getMainAttributes(), copy, sha256);
        }
    }

    private PluginJar facts(Attributes main, Path copy, String sha256) throws PluginRefusal {
        List<ManifestHeader.Clause> name = ManifestHeader.parse(main.getValue("Bundle-SymbolicName"));
        if (name.isEmpty() || name.get(0).names().isEmpty()) {
            throw PluginRefusal.of("its manifest has no Bundle-SymbolicName; build it as an OSGi bundle");
        }
        if (!"2".equals(strip(main.getValue("Bundle-ManifestVersion")))) {
            throw PluginRefusal.of("its manifest does not say Bundle-ManifestVersion: 2");
        }
        for (String header : List.of("Fragment-Host", "Require-Bundle")) {
            if (main.getValue(header) != null) {
                throw PluginRefusal.of("its manifest has " + header + ", which cannot be swapped; use Import-Package");
            }
        }
        List<ManifestHeader.Clause> exports = packages(ManifestHeader.parse(main.getValue("Export-Package")));
        Set<String> own = new HashSet<>();
        exports.forEach(e -> own.add(e.names().get(0)));
        List<ManifestHeader.Clause> imports = packages(ManifestHeader.parse(main.getValue("Import-Package"))).stream()
                .filter(i -> !own.contains(i.names().get(0)))
                .filter(i -> !i.names().get(0).startsWith("java."))
                .toList();
        return new PluginJar(
                sha256,
                copy,
                name.get(0).names().get(0),
                version(main.getValue("Bundle-Version")),
                exports,
                imports,
                types(main.getValue("Provide-Capability")),
                trusted.trusts(sha256));
    }

    private static List<ManifestHeader.Clause> packages(List<ManifestHeader.Clause> clauses) {
        List<ManifestHeader.Clause> single = new ArrayList<>();
        clauses.forEach(c -> c.names().forEach(n -> single.add(c.only(n))));
        return List.copyOf(single);
    }

    private static Version version(@Nullable String text) throws PluginRefusal {
        try {
            return Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            throw PluginRefusal.of("its Bundle-Version \"" + text + "\" is no version such as 1.2.3");
        }
    }

    static List<ProviderType> types(@Nullable String capabilities) throws PluginRefusal {
        List<ProviderType> types = new ArrayList<>();
        for (ManifestHeader.Clause clause : ManifestHeader.parse(capabilities)) {
            if (!clause.names().contains("thanos.provider")) {
                continue;
            }
            String type = clause.attribute("type");
            String pid = clause.attribute("pid");
            if (type == null || type.isBlank() || pid == null || pid.isBlank()) {
                throw PluginRefusal.of("its capability thanos.provider needs type and pid");
            }
            types.add(new ProviderType(
                    type,
                    pid,
                    endpoint(clause.attribute("endpoint")),
                    list(clause.attribute("env")),
                    Boolean.parseBoolean(clause.attribute("key")),
                    Boolean.parseBoolean(clause.attribute("probe")),
                    Boolean.parseBoolean(clause.attribute("aggregator")),
                    clause.attribute("compatible"),
                    Boolean.parseBoolean(clause.attribute("named"))));
        }
        return List.copyOf(types);
    }

    private static @Nullable URI endpoint(@Nullable String text) throws PluginRefusal {
        try {
            return text == null ? null : URI.create(text);
        } catch (IllegalArgumentException e) {
            throw PluginRefusal.of("its capability thanos.provider has an endpoint that is no URI");
        }
    }

    private static List<String> list(@Nullable String text) {
        List<String> values = new ArrayList<>();
        for (String value : (text == null ? "" : text).split(",")) {
            if (!value.isBlank()) {
                values.add(value.strip());
            }
        }
        return values;
    }

    private static String strip(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    /** Reads every entry once, so that a jar with a broken middle is found here and not by a class that is missing. */
    private static void entries(JarFile jar) throws PluginRefusal, IOException {
        Set<String> names = new HashSet<>();
        long total = 0;
        byte[] buffer = new byte[1 << 16];
        for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
            JarEntry entry = all.nextElement();
            name(entry.getName());
            if (!names.add(entry.getName())) {
                throw PluginRefusal.of("it has two entries with the name " + shown(entry.getName()));
            }
            if (names.size() > MAX_ENTRIES) {
                throw PluginRefusal.of("it has more than " + MAX_ENTRIES + " entries");
            }
            total += read(jar, entry, buffer, MAX_INFLATED_BYTES - total);
        }
    }

    private static void name(String name) throws PluginRefusal {
        boolean odd = name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0;
        for (String segment : name.split("/", -1)) {
            odd |= segment.equals("..");
        }
        if (odd) {
            throw PluginRefusal.of("it has an entry with the unsafe name " + shown(name));
        }
    }

    private static long read(JarFile jar, JarEntry entry, byte[] buffer, long left) throws PluginRefusal, IOException {
        if (entry.isDirectory()) {
            return 0;
        }
        long size = 0;
        CRC32 crc = new CRC32();
        long packed = Math.max(1, entry.getCompressedSize());
        try (InputStream in = jar.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                crc.update(buffer, 0, n);
                if (size > left) {
                    throw PluginRefusal.of("it holds more than " + (MAX_INFLATED_BYTES >> 20) + " MiB when unpacked");
                }
                if (size > RATIO_FLOOR_BYTES && size / packed > MAX_RATIO) {
                    throw PluginRefusal.of(
                            shown(entry.getName()) + " in it unpacks to more than " + MAX_RATIO + " times its size");
                }
            }
        } catch (IOException | RuntimeException e) {
            throw PluginRefusal.of(shown(entry.getName()) + " in it is damaged: it cannot be unpacked");
        }
        if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
            throw PluginRefusal.of(shown(entry.getName()) + " in it is damaged: its checksum is wrong");
        }
        return size;
    }

    /** A name from outside, for a log line. */
    private static String shown(String name) {
        String clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return '"' + (clean.length() > 100 ? clean.substring(0, 100) + "…" : clean) + '"';
    }
}
