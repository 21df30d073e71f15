package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.GatewayException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;
import org.osgi.framework.launch.Framework;

/** Felix inside the test, laid out as the launcher does it: api, host, DS and Configuration Admin from the class path. */
final class Osgi implements AutoCloseable {
    private static final List<Class<?>> BUNDLES = List.of(
            org.osgi.util.function.Function.class,
            org.osgi.util.promise.Promise.class,
            org.osgi.service.component.ComponentContext.class,
            org.osgi.service.cm.ConfigurationAdmin.class,
            org.apache.felix.scr.component.ExtComponentContext.class);

    private final Framework framework;
    private final BundleContext host;

    Osgi(Path storage) throws Exception {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("org.osgi.framework.storage", storage.toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("org.osgi.framework.bsnversion", "multiple");
        properties.put("felix.service.urlhandlers", "false");
        properties.put("ds.loglevel", "none");
        framework = new FrameworkFactory().newFramework(properties, new Connector());
        framework.start();
        BundleContext context = framework.getBundleContext();
        context.installBundle("connect:api").start();
        for (Class<?> type : BUNDLES) {
            context.installBundle("connect:" + type.getName()).start();
        }
        var bundle = context.installBundle("connect:host");
        bundle.start();
        host = bundle.getBundleContext();
    }

    BundleContext host() {
        return host;
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
    }

    private static final class Connector implements ModuleConnector {
        @Override
        public Optional<ConnectModule> connect(String location) {
            if (!location.startsWith("connect:")) {
                return Optional.empty();
            }
            String name = location.substring("connect:".length());
            return Optional.of(() -> switch (name) {
                case "api" -> new Content(null, api());
                case "host" -> new Content(null, hostHeaders());
                default -> jar(name);
            });
        }

        @Override
        public void initialize(File storage, Map<String, String> configuration) {
            // nothing to keep
        }

        @Override
        public Optional<BundleActivator> newBundleActivator() {
            return Optional.empty();
        }

        private static Content jar(String name) {
            try {
                Path file = Path.of(Class.forName(name)
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                JarFile jar = new JarFile(file.toFile());
                Map<String, String> headers = new LinkedHashMap<>();
                jar.getManifest().getMainAttributes().forEach((k, v) -> headers.put(k.toString(), v.toString()));
                return new Content(jar, headers);
            } catch (ClassNotFoundException | URISyntaxException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Map<String, String> api() {
            return Map.of(
                    "Bundle-ManifestVersion", "2",
                    "Bundle-SymbolicName", "dev.thanosgateway.api",
                    "Bundle-Version", "1.0.0",
                    "Export-Package",
                            "dev.thanosgateway.api;version=1.0.0,dev.thanosgateway.api.chat;version=1.0.0,"
                                    + "dev.thanosgateway.api.catalog;version=1.0.0,"
                                    + "dev.thanosgateway.api.provider;version=1.0.0,"
                                    + "dev.thanosgateway.api.dialect;version=1.0.0,"
                                    + "dev.thanosgateway.api.routing;version=1.0.0");
        }

        private static Map<String, String> hostHeaders() {
            return Map.of(
                    "Bundle-ManifestVersion", "2",
                    "Bundle-SymbolicName", "dev.thanosgateway.host",
                    "Import-Package",
                            "dev.thanosgateway.api,dev.thanosgateway.api.provider,dev.thanosgateway.api.dialect,"
                                    + "dev.thanosgateway.api.catalog,dev.thanosgateway.api.routing,org.osgi.framework,org.osgi.service.cm,"
                                    + "org.osgi.service.component.runtime,org.osgi.service.component.runtime.dto");
        }
    }

    private record Content(JarFile jar, Map<String, String> headers) implements ConnectContent {
        @Override
        public Optional<Map<String, String>> getHeaders() {
            return Optional.of(headers);
        }

        @Override
        public Iterable<String> getEntries() {
            return jar == null ? List.of() : names(jar.entries());
        }

        private static List<String> names(Enumeration<JarEntry> entries) {
            return Collections.list(entries).stream().map(JarEntry::getName).toList();
        }

        @Override
        public Optional<ConnectEntry> getEntry(String path) {
            JarEntry entry = jar == null ? null : jar.getJarEntry(path);
            return entry == null ? Optional.empty() : Optional.of(new Entry(jar, entry));
        }

        @Override
        public Optional<ClassLoader> getClassLoader() {
            return Optional.of(GatewayException.class.getClassLoader());
        }

        @Override
        public void open() {
            // open as long as the test
        }

        @Override
        public void close() {
            // open as long as the test
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
}
