package dev.thanosgateway.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * Makes bundles of jars that are on the class path: manifest and entries from the jar, classes from the class path's
 * loader (OSGi Core R8, chapter 60). Their classes cannot be reloaded; everything else on the class path stays
 * invisible to bundles.
 */
final class ClassPathConnector implements ModuleConnector {
    private static final String PREFIX = "connect:";

    /** The location a bundle of this jar is installed from. */
    static String location(Path jar) {
        return PREFIX + jar;
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {}

    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!location.startsWith(PREFIX)) {
            return Optional.empty();
        }
        ConnectContent content = new JarContent(new File(location.substring(PREFIX.length())));
        return Optional.of(() -> content);
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }

    private static final class JarContent implements ConnectContent {
        private final File file;
        private volatile @Nullable JarFile jar;

        JarContent(File file) {
            this.file = file;
        }

        @Override
        public void open() throws IOException {
            jar = new JarFile(file);
        }

        @Override
        public void close() throws IOException {
            opened().close();
        }

        @Override
        public Optional<Map<String, String>> getHeaders() {
            try {
                Manifest manifest = opened().getManifest();
                Map<String, String> headers = new HashMap<>();
                manifest.getMainAttributes().forEach((name, value) -> headers.put(name.toString(), value.toString()));
                headers.computeIfPresent("Require-Capability", (name, value) -> withoutServiceLoader(value));
                return Optional.of(headers);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Iterable<String> getEntries() {
            return opened().stream().map(JarEntry::getName).toList();
        }

        @Override
        public Optional<ConnectEntry> getEntry(String path) {
            JarFile open = opened();
            return Optional.ofNullable(open.getJarEntry(path)).map(entry -> new Entry(open, entry));
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(ClassPathConnector.class.getClassLoader());
        }

        private JarFile opened() {
            return Objects.requireNonNull(jar, "the framework opens a bundle's content before it reads it");
        }
    }

    private record Entry(JarFile jar, JarEntry entry) implements ConnectContent.ConnectEntry {
        @Override
        public String getName() {
            return entry.getName();
        }

        @Override
        public long getContentLength() {
            return entry.getSize();
        }

        @Override
        public long getLastModified() {
            return entry.getTime();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return jar.getInputStream(entry);
        }
    }

    /** ServiceLoader works on the class path as it is: what asks for an OSGi mediator of it (SLF4J) would not resolve. */
    static String withoutServiceLoader(String requirements) {
        List<String> kept = clauses(requirements).stream()
                .filter(clause -> !clause.contains("osgi.serviceloader"))
                .toList();
        return String.join(",", kept);
    }

    private static List<String> clauses(String header) {
        // A comma within quotes does not end a clause.
        return List.of(header.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1));
    }
}
