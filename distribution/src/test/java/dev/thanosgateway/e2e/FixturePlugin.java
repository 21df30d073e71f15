package dev.thanosgateway.e2e;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Bundles of providers and strategies made while the test runs: a source from {@code src/test/plugins}, compiled against the shipped api
 * and packed with a manifest and a component of its own, as a third party would.
 */
final class FixturePlugin {
    private static final Path SOURCES = Path.of("src/test/plugins");

    private final String type;
    private final String source;
    private final Map<String, String> more = new LinkedHashMap<>();
    private String version = "1.0.0";
    private String text = "text";
    private String lifecycle = "";
    private boolean framework;

    private final String api;

    private FixturePlugin(String type, String source, String api) {
        this.type = type;
        this.source = source;
        this.api = api;
    }

    /** @param source the class in {@code src/test/plugins}; its {@code @TEXT@} is replaced */
    static FixturePlugin of(String type, String source) {
        return new FixturePlugin(type, source, "provider");
    }

    /** @param name what {@code [routing] strategy} selects */
    static FixturePlugin strategy(String name, String source) {
        return new FixturePlugin(name, source, "routing");
    }

    FixturePlugin version(String value) {
        version = value;
        return this;
    }

    FixturePlugin text(String value) {
        text = value;
        return this;
    }

    FixturePlugin header(String name, String value) {
        more.put(name, value);
        return this;
    }

    /** @param attributes of the component, such as the names of the methods that activate it */
    FixturePlugin lifecycle(String attributes) {
        lifecycle = attributes;
        return this;
    }

    /** Its class uses the framework and may register services of strategies, too. */
    FixturePlugin framework() {
        framework = true;
        return this;
    }

    /** Its class is also the bundle's activator. */
    FixturePlugin activator() {
        return framework().header("Bundle-Activator", "fixture." + source);
    }

    /** Declares a provider type in place of its own. */
    FixturePlugin declaring(String capability) {
        return header("Provide-Capability", "thanos.provider;" + capability);
    }

    /** Puts the jar where it is to go in one step, as a careful copy does. */
    void into(Path jar) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        Files.write(part, bytes());
        Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    byte[] bytes() throws IOException {
        Path work = Files.createTempDirectory("thanos-fixture");
        try {
            Path java = work.resolve("fixture/" + source + ".java");
            Files.createDirectories(java.getParent());
            Files.writeString(
                    java, Files.readString(SOURCES.resolve(source + ".java")).replace("@TEXT@", text));
            compile(java, work);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            pack(bytes, work);
            return bytes.toByteArray();
        } finally {
            try (Stream<Path> all = Files.walk(work)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void compile(Path java, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "--release",
                "21",
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                library("thanos-api") + File.pathSeparator + library("org.apache.felix.framework"));
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(java))
                    .call()) {
                throw new AssertionError("the fixture does not compile: " + said);
            }
        }
    }

    private static Path library(String name) throws IOException {
        try (Stream<Path> jars = Files.list(Gateway.INSTALLATION.resolve("lib"))) {
            return jars.filter(jar -> String.valueOf(jar.getFileName()).startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void pack(OutputStream out, Path classes) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(out)) {
            entry(jar, "META-INF/MANIFEST.MF", manifest().getBytes(StandardCharsets.UTF_8));
            entry(jar, "OSGI-INF/fixture.xml", component().getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path file : all.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    entry(jar, classes.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
    }

    private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    private String manifest() {
        List<String> apis = new ArrayList<>(List.of("", ".chat", "." + api));
        if (framework && !apis.contains(".routing")) {
            apis.add(".routing");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Manifest-Version", "1.0");
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "fixture." + type);
        headers.put("Bundle-Version", version);
        headers.put("Service-Component", "OSGI-INF/fixture.xml");
        headers.put(
                "Import-Package",
                apis.stream()
                                .map(name -> "dev.thanosgateway.api" + name + ";version=\"[1.0,2)\"")
                                .reduce((a, b) -> a + "," + b)
                                .orElseThrow()
                        + (framework ? ",org.osgi.framework" : ""));
        if (api.equals("provider")) {
            headers.put(
                    "Provide-Capability", "thanos.provider;type=" + type + ";pid=\"fixture." + type + "\";key=false");
        }
        headers.putAll(more);
        StringBuilder manifest = new StringBuilder();
        headers.forEach((name, value) -> manifest.append(folded(name + ": " + value)));
        return manifest.append("\r\n").toString();
    }

    /** A manifest line has at most 72 bytes; what is longer goes on after a space. */
    private static String folded(String line) {
        StringBuilder folded = new StringBuilder();
        String rest = line;
        while (rest.length() > 70) {
            folded.append(rest, 0, 70).append("\r\n ");
            rest = rest.substring(70);
        }
        return folded.append(rest).append("\r\n").toString();
    }

    /** What it declares, else the usual one. */
    private String pid() {
        String declared = more.getOrDefault("Provide-Capability", "");
        int at = declared.indexOf("pid=");
        return at < 0 ? "fixture." + type : declared.substring(at + 4).split(";")[0];
    }

    private String component() {
        if (api.equals("routing")) {
            return """
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="fixture.%1$s">
                      <implementation class="fixture.%2$s"/>
                      <property name="strategy.name" value="%1$s"/>
                      <service><provide interface="dev.thanosgateway.api.routing.RoutingStrategy"/></service>
                    </scr:component>
                    """.formatted(type, source);
        }
        return """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="fixture.%1$s"
                    configuration-policy="require" configuration-pid="%4$s" %3$s>
                  <implementation class="fixture.%2$s"/>
                  <service><provide interface="dev.thanosgateway.api.provider.Provider"/></service>
                </scr:component>
                """.formatted(type, source, lifecycle, pid());
    }
}
