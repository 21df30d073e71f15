package dev.thanosgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every source of this repository keeps to, beyond what the compiler and the build's own rules check. */
class TidyTest {
    private static final Set<String> TOP = Set.of(
            "pom.xml", "host", "api", "plugins", "distribution", "proto", "config", "README.md", "LICENSE", "target");
    private static final int MAX_LINES = 500;
    private static final int MAX_PLUGIN_POM_LINES = 60;

    private static final int MAX_COMPATIBLE_LINES = 80;
    private static final int MAX_PROVIDER_LINES = 300;

    /** Makes its answers up itself, down to values that fit a schema, where the others translate. */
    private static final Map<String, Integer> LONGER_PROVIDERS = Map.of("provider-echo", 700);

    private static final Set<String> PROVIDERS = Set.of("openai", "anthropic", "gemini", "xai", "ollama", "omen");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern IMPORT = Pattern.compile("import (?:static )?([\\w.]+?)(?:\\.\\*)?;");
    private static final Pattern PLUGIN =
            Pattern.compile("dev\\.thanosgateway\\.(provider|dialect|strategy)\\.(\\w+)\\b.*");
    private static final Pattern LATE_TAG = Pattern.compile("\\s*\\*\\s+[^@{\\s].*\\s@(param|throws|return)\\b.*");
    // In two halves, so that this file keeps its own rules.
    private static final String SLEEP = "Thread." + "sleep(";
    private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    private final Path root = root();
    private final List<Path> files = files(root);

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("proto")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at;
            }
        }
        throw new AssertionError("no folder above has proto/ and pom.xml: the tests run outside of the repository");
    }

    private static List<Path> files(Path root) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    boolean skipped = !folder.equals(root) && (name.startsWith(".") || name.equals("target"));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private Stream<Path> sources(String pattern) {
        return files.stream().filter(f -> name(f).matches(pattern));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code file:line} of each line that breaks a rule. */
    private List<String> breaches(String pattern, Predicate<String> breaks) {
        List<String> found = new ArrayList<>();
        sources(pattern).forEach(file -> {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (breaks.test(lines.get(i))) {
                    found.add(name(file) + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        });
        return found;
    }

    private static boolean imports(String line, Predicate<String> name) {
        Matcher m = IMPORT.matcher(line.strip());
        return m.matches() && name.test(m.group(1));
    }

    private static boolean isComment(String line) {
        String stripped = line.strip();
        return stripped.startsWith("*") || stripped.startsWith("//") || stripped.startsWith("/*");
    }

    private static boolean namesAProvider(String line) {
        if (isComment(line)) {
            return false;
        }
        Matcher literal = LITERAL.matcher(line);
        while (literal.find()) {
            for (String word : literal.group(1).toLowerCase(Locale.ROOT).split("[^a-z]+")) {
                if (PROVIDERS.contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void rule01_theFilesAreFound() {
        assertThat(sources("api/src/main/java/.*\\.java")).hasSizeGreaterThan(30);
        assertThat(sources("host/src/main/java/.*\\.java")).hasSizeGreaterThan(20);
        assertThat(sources("plugins/[^/]+/pom\\.xml")).hasSizeGreaterThan(3);
    }

    @Test
    void rule02_theTopFolderHoldsTheFixedEntriesOnly() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            assertThat(entries.map(this::name).filter(n -> !n.startsWith("."))).isSubsetOf(TOP);
        }
    }

    @Test
    void rule03_theHostNamesNoProvider() {
        assertThat(breaches("host/src/main/java/.*\\.java", TidyTest::namesAProvider))
                .isEmpty();
    }

    @Test
    void rule04_theHostImportsNoPlugin() {
        assertThat(breaches(
                        "host/src/.*\\.java",
                        line -> imports(line, i -> PLUGIN.matcher(i).matches())))
                .isEmpty();
    }

    @Test
    void rule05_theApiImportsTheJdkAnnotationsAndItself() {
        String allowed = "(java|org\\.osgi|org\\.jspecify|dev\\.thanosgateway\\.api)\\..*";
        assertThat(breaches("api/src/main/java/.*\\.java", line -> imports(line, i -> !i.matches(allowed))))
                .isEmpty();
    }

    @Test
    void rule06_aPluginImportsNoOtherProviderOrStrategyAndNotTheHost() {
        List<String> found = new ArrayList<>();
        sources("plugins/[^/]+/src/main/java/.*\\.java").forEach(file -> {
            String plugin = root.resolve("plugins").relativize(file).getName(0).toString();
            String pattern = Pattern.quote(name(file));
            found.addAll(breaches(pattern, line -> imports(line, i -> isForeign(plugin, i))));
        });
        assertThat(found).isEmpty();
    }

    private static boolean isForeign(String plugin, String imported) {
        Matcher other = PLUGIN.matcher(imported);
        if (other.matches()) {
            boolean own = (other.group(1) + other.group(2)).equals(plugin.replace("-", ""));
            boolean dialectOfAProvider = other.group(1).equals("dialect") && plugin.matches("(provider|dialect)-.*");
            return !own && !dialectOfAProvider && !plugin.equals("tck");
        }
        return imported.startsWith("dev.thanosgateway.host.");
    }

    @Test
    void rule07_testsDoNotSleep() {
        assertThat(breaches(".*/src/test/.*\\.java", line -> line.contains(SLEEP)))
                .isEmpty();
    }

    @Test
    void rule08_noFileIsLongerThanAHeadHolds() {
        assertThat(sources(".*\\.(java|proto|xml|md|toml|sh)")
                        .filter(f -> lines(f).size() > MAX_LINES)
                        .map(this::name))
                .isEmpty();
    }

    @Test
    void rule09_nothingIsLeftForLater() {
        assertThat(breaches(
                        ".*\\.(java|proto|xml|md|toml|sh)",
                        line -> LATER.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void rule10_aPluginsPomIsShort() {
        assertThat(sources("plugins/[^/]+/pom\\.xml")
                        .filter(f -> lines(f).size() > MAX_PLUGIN_POM_LINES)
                        .map(this::name))
                .isEmpty();
    }

    @Test
    void rule11_javadocTagsBeginALine() {
        assertThat(breaches(".*\\.java", line -> LATE_TAG.matcher(line).matches()))
                .isEmpty();
    }

    @Test
    void rule12_aProviderIsShort() throws IOException {
        List<String> longer = new ArrayList<>();
        int compatible = 0;
        for (Path module : modules("provider-.+")) {
            List<String> lines = new ArrayList<>();
            sources(Pattern.quote(name(module)) + "/src/main/java/.*(?<!package-info)\\.java")
                    .forEach(file -> lines.addAll(lines(file)));
            String provider = module.getFileName().toString();
            int most = LONGER_PROVIDERS.getOrDefault(provider, MAX_PROVIDER_LINES);
            if (isCompatible(lines)) {
                compatible++;
                most = MAX_COMPATIBLE_LINES;
            }
            long code = lines.stream().filter(TidyTest::isCode).count();
            assertThat(code).as(provider).isPositive();
            if (code > most) {
                longer.add(provider + " has " + code + " lines of code, over " + most);
            }
        }
        assertThat(longer).isEmpty();
        assertThat(compatible).isPositive();
    }

    @Test
    void rule13_theDistributionDependsOnEveryPluginItShips() {
        List<String> shipped = found(root.resolve("plugins/pom.xml"), "<module>([^<]+)</module>");
        shipped.removeAll(List.of("tck", "wire"));
        assertThat(shipped).hasSizeGreaterThan(3);
        // Without the dependency the assembly may come before the plugin, and ship the installation without it.
        assertThat(found(
                        root.resolve("distribution/pom.xml"),
                        "<artifactId>([^<]+)</artifactId>\\s+"
                                + "<version>\\$\\{project\\.version}</version>\\s+<type>pom</type>"))
                .containsExactlyInAnyOrderElementsOf(shipped);
    }

    private static List<String> found(Path file, String pattern) {
        Matcher match = Pattern.compile(pattern).matcher(String.join("\n", lines(file)));
        List<String> found = new ArrayList<>();
        while (match.find()) {
            found.add(match.group(1));
        }
        return found;
    }

    private List<Path> modules(String name) throws IOException {
        try (Stream<Path> modules = Files.list(root.resolve("plugins"))) {
            return modules.filter(
                            m -> m.getFileName().toString().matches(name) && Files.isRegularFile(m.resolve("pom.xml")))
                    .toList();
        }
    }

    /** Whether OpenAI's language is all it is made of: no other one, and none of the parts that languages are made of. */
    private static boolean isCompatible(List<String> lines) {
        String part = "dev\\.thanosgateway\\.(dialect|wire)\\..*";
        String openAi = "dev\\.thanosgateway\\.dialect\\.openai\\..*";
        return lines.stream().anyMatch(line -> imports(line, i -> i.matches(openAi)))
                && lines.stream().noneMatch(line -> imports(line, i -> i.matches(part) && !i.matches(openAi)));
    }

    private static boolean isCode(String line) {
        return !line.isBlank() && !isComment(line) && !line.startsWith("import ") && !line.startsWith("package ");
    }
}
