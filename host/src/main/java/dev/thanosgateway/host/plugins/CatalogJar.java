package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.ModelCatalog;
import dev.thanosgateway.api.catalog.TraitRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The jar of a catalogue whose lists are files beside its component's class, so that they can be replaced without its
 * code. Used by a command's process, which deploys nothing. Blocking; not thread-safe.
 */
public final class CatalogJar {
    /** The lists: what the vendors' models are, and what they take. */
    public static final List<String> LISTS = List.of("models.txt", "traits.txt");

    /** The largest list. */
    public static final int LIST_BYTES_LIMIT = 4 << 20;

    private static final int MOST_COMPONENT_BYTES = 1 << 20;
    private static final Pattern IMPLEMENTATION = Pattern.compile("<implementation class=\"([\\w.$]+)\"");

    private final Path file;
    private final String implementation;

    private CatalogJar(Path file, String implementation) {
        this.file = file;
        this.implementation = implementation;
    }

    /**
     * What a catalogue says.
     *
     * @param bundle the jar's file name
     * @param models in its order
     */
    public record Facts(
            String bundle,
            LocalDate date,
            List<CatalogModel> models,
            List<TraitRule> traits,
            Map<String, String> defaults)
            implements LiveCatalog {}

    /** The jars in a folder whose lists can be replaced, sorted by name. */
    public static List<CatalogJar> in(Path folder) throws IOException {
        Map<Path, CatalogJar> found = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "[!.]*.jar")) {
            for (Path path : jars) {
                String implementation = implementation(path);
                if (implementation != null) {
                    found.put(path, new CatalogJar(path, implementation));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static @Nullable String implementation(Path path) {
        try (JarFile jar = new JarFile(path.toFile(), false)) {
            Manifest manifest = jar.getManifest();
            String components =
                    manifest == null ? null : manifest.getMainAttributes().getValue("Service-Component");
            for (String name :
                    components == null ? new String[0] : components.strip().split("\\s*,\\s*")) {
                JarEntry entry = jar.getJarEntry(name);
                String text = entry == null ? "" : text(jar, entry, MOST_COMPONENT_BYTES);
                Matcher found = IMPLEMENTATION.matcher(text);
                if (text.contains("interface=\"" + ModelCatalog.class.getName() + "\"")
                        && found.find()
                        && jar.getEntry(folder(found.group(1)) + LISTS.get(0)) != null) {
                    return found.group(1);
                }
            }
        } catch (IOException | RuntimeException e) {
            // No jar that could be deployed, so none to be replaced.
        }
        return null;
    }

    private static String folder(String type) {
        return type.substring(0, type.lastIndexOf('.') + 1).replace('.', '/');
    }

    private static String text(JarFile jar, JarEntry entry, int limit) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return new String(in.readNBytes(limit), StandardCharsets.UTF_8);
        }
    }

    public Path file() {
        return file;
    }

    /** As its manifest says. */
    public String version() throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            return String.valueOf(jar.getManifest().getMainAttributes().getValue("Bundle-Version"));
        }
    }

    /** SHA-256 of the jar, in hex. */
    public String digest() throws IOException {
        return JarCopies.digest(file);
    }

    /** @throws IOException saying that it may not be deployed, so that its code does not run here either */
    public void allowed(PluginLock lock) throws IOException {
        lock.refresh();
        try {
            lock.check(digest());
        } catch (PluginRefusal e) {
            throw new IOException(file + ": " + e.reason(), e);
        }
    }

    /** One of its {@link #LISTS}; empty where it has none. */
    public String list(String name) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            JarEntry entry = jar.getJarEntry(folder(implementation) + name);
            return entry == null ? "" : text(jar, entry, LIST_BYTES_LIMIT);
        }
    }

    /**
     * Reads its lists with its own code, as its deployment would.
     *
     * @throws IOException when they cannot be read; the message names the line where it is known
     */
    public Facts read() throws IOException {
        URL[] path = {file.toUri().toURL()};
        try (URLClassLoader classes = new URLClassLoader(path, ModelCatalog.class.getClassLoader())) {
            Object made = Class.forName(implementation, true, classes)
                    .getDeclaredConstructor()
                    .newInstance();
            if (!(made instanceof ModelCatalog catalog)) {
                throw new IOException(file + " has no catalogue of models");
            }
            List<CatalogModel> models = List.copyOf(catalog.models());
            if (models.size() > ModelCatalog.MODELS_LIMIT) {
                throw new IOException(models.size() + " models, more than " + ModelCatalog.MODELS_LIMIT);
            }
            return new Facts(
                    String.valueOf(file.getFileName()),
                    catalog.date(),
                    models,
                    List.copyOf(catalog.traits()),
                    Map.copyOf(catalog.defaults()));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), e);
        }
    }

    /**
     * Writes this jar with other lists and a version of its own.
     *
     * @param lists by name, each one of {@link #LISTS}; those that are not given stay
     * @param qualifier of the new version, such as {@code 20261127}
     * @return the jar that was written
     */
    public CatalogJar with(Map<String, byte[]> lists, String qualifier, Path target) throws IOException {
        List<String> left = new ArrayList<>(lists.keySet());
        try (JarFile jar = new JarFile(file.toFile(), false);
                OutputStream to = Files.newOutputStream(target);
                JarOutputStream out = new JarOutputStream(to, manifest(jar.getManifest(), qualifier))) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (entry.isDirectory() || name.equals(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                String list = name.startsWith(folder(implementation))
                        ? name.substring(folder(implementation).length())
                        : "";
                byte[] replaced = lists.get(list);
                left.remove(list);
                try (InputStream in = jar.getInputStream(entry)) {
                    put(out, name, replaced == null ? in.readAllBytes() : replaced);
                }
            }
            for (String list : left) {
                put(out, folder(implementation) + list, lists.getOrDefault(list, new byte[0]));
            }
        }
        return new CatalogJar(target, implementation);
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
        JarEntry entry = new JarEntry(name);
        // The same lists give the same jar.
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    private static Manifest manifest(Manifest old, String qualifier) {
        Manifest manifest = new Manifest(old);
        Attributes main = manifest.getMainAttributes();
        String[] version = String.valueOf(main.getValue("Bundle-Version")).split("\\.", 4);
        String base = version.length < 3 ? "1.0.0" : version[0] + "." + version[1] + "." + version[2];
        main.putValue("Bundle-Version", base + "." + qualifier);
        return manifest;
    }

    /** Puts this jar in the place of another, at once; a gateway that runs takes it over. */
    public void replace(CatalogJar other) throws IOException {
        Path folder = other.file.toAbsolutePath().getParent();
        Path next = Files.createTempFile(folder, ".catalog", ".next");
        try {
            Files.copy(file, next, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(other.file));
            Files.move(next, other.file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
