package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.GatewayException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.osgi.framework.BundleActivator;

/** Builds plugin jars from source text. */
final class Fixture {
    private static final String API =
            "dev.thanosgateway.api;version=\"[1.0,2)\",dev.thanosgateway.api.chat;version=\"[1.0,2)\","
                    + "dev.thanosgateway.api.provider;version=\"[1.0,2)\",dev.thanosgateway.api.dialect;version=\"[1.0,2)\","
                    + "dev.thanosgateway.api.routing;version=\"[1.0,2)\"";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<String> foreign = new HashSet<>();
    private String imports = API;

    private Fixture(String name, String version) {
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", name);
        headers.put("Bundle-Version", version);
        headers.put( // as bnd writes it
                "Require-Capability",
                "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5.0)(!(version>=2.0.0)))\","
                        + "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=21))\"");
    }

    static Fixture bundle(String name, String version) {
        return new Fixture(name, version);
    }

    /** A provider of type {@code alpha} that tells its mark, and throws when it is used after it was deactivated. */
    static Fixture alpha(String version, String mark) {
        return provider("alpha", version, mark, "");
    }

    /** @param activation statements of its activation; {@code own} holds the component's properties */
    static Fixture provider(String type, String version, String mark, String activation) {
        return bundle("test.provider." + type, version)
                .capability(type)
                .component("test." + type + ".P", "test." + type, "dev.thanosgateway.api.provider.LocalChat")
                .source("test." + type + ".P", providerSource(type, activation))
                .source(
                        "test." + type + ".Late",
                        "package test." + type + "; class Late { static String mark() { return \"" + mark + "\"; } }");
    }

    private static String providerSource(String type, String activation) {
        return """
                package test.%s;
                import dev.thanosgateway.api.*;
                import dev.thanosgateway.api.chat.*;
                import dev.thanosgateway.api.provider.*;
                public class P implements LocalChat, java.util.function.Supplier<String> {
                    private volatile boolean gone;
                    private java.util.Map<String, Object> own;
                    public void activate(java.util.Map<String, Object> own) throws Exception { this.own = own; %s }
                    public void deactivate() { gone = true; }
                    public String get() {
                        if (gone) throw new IllegalStateException("used after it was deactivated");
                        return Late.mark();
                    }
                    public String toString() { return String.valueOf(own); }
                    public ChatStream open(ChatRequest request) { throw new IllegalStateException("not asked here"); }
                }
                """.formatted(type, activation);
    }

    Fixture capability(String type) {
        headers.put(
                "Provide-Capability",
                "thanos.provider;type=" + type + ";pid=\"test." + type + "\";env=\"ALPHA_KEY, OTHER_KEY\";"
                        + "key=true");
        return this;
    }

    /**
     * @param pid the factory PID; null = a component that needs no configuration
     * @param property name and value in turn; of another type than String as {@code name:Type}
     */
    Fixture component(String type, String pid, String service, String... property) {
        StringBuilder xml = new StringBuilder(
                        "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"")
                .append(type)
                .append("\" activate=\"activate\" deactivate=\"deactivate\"");
        xml.append(pid == null ? "" : " configuration-policy=\"require\" configuration-pid=\"" + pid + "\"");
        xml.append("><implementation class=\"").append(type).append("\"/>");
        xml.append("<service><provide interface=\"").append(service).append("\"/></service>");
        for (int i = 0; i < property.length; i += 2) {
            String[] name = property[i].split(":");
            xml.append("<property name=\"")
                    .append(name[0])
                    .append(name.length > 1 ? "\" type=\"" + name[1] : "")
                    .append("\" value=\"")
                    .append(property[i + 1])
                    .append("\"/>");
        }
        xml.append("</scr:component>");
        String path = "OSGI-INF/" + type + ".xml";
        entries.put(path, xml.toString().getBytes(StandardCharsets.UTF_8));
        headers.merge("Service-Component", path, (a, b) -> a + "," + b);
        return this;
    }

    Fixture source(String type, String text) {
        sources.put(type, text);
        return this;
    }

    /** A class to compile against that is not in the jar. */
    Fixture against(String type, String text) {
        sources.put(type, text);
        foreign.add(type);
        return this;
    }

    Fixture entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    /** @param value null = no such header */
    Fixture header(String name, String value) {
        headers.put(name, value);
        if (value == null) {
            headers.remove(name);
        }
        return this;
    }

    Fixture importing(String clause) {
        imports += "," + clause;
        return this;
    }

    byte[] bytes() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(main::putValue);
        main.putValue("Import-Package", imports);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            Map<String, byte[]> all = new LinkedHashMap<>(entries);
            all.putAll(compiled());
            for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** Puts the jar there at once, as {@code mv} does. */
    void into(Path file) throws IOException {
        put(bytes(), file);
    }

    static void put(byte[] bytes, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, byte[]> compiled() throws IOException {
        if (sources.isEmpty()) {
            return Map.of();
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavaFileManager memory = new ForwardingJavaFileManager<JavaFileManager>(standard) {
                @Override
                public JavaFileObject getJavaFileForOutput(
                        Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject sibling) {
                    return new SimpleJavaFileObject(URI.create("memory:/" + name), kind) {
                        @Override
                        public OutputStream openOutputStream() {
                            return classes.computeIfAbsent(name, n -> new ByteArrayOutputStream());
                        }
                    };
                }
            };
            List<SimpleJavaFileObject> units = sources.entrySet().stream()
                    .map(e -> (SimpleJavaFileObject) new Source(e.getKey(), e.getValue()))
                    .toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-classpath",
                    place(GatewayException.class) + File.pathSeparator + place(BundleActivator.class));
            if (!compiler.getTask(null, memory, null, options, null, units).call()) {
                throw new IllegalStateException("the fixture does not compile");
            }
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        classes.forEach((name, bytes) -> {
            if (!foreign.contains(name)) {
                files.put(name.replace('.', '/') + ".class", bytes.toByteArray());
            }
        });
        return files;
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("memory:/" + type.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
