package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * README's first command as a stranger runs it: in a copy of the sources in which nothing is built and nothing may be
 * written, in a path with a space, with four modules built at once, without a network. One test, since it builds all.
 */
class FirstCommandIT {
    private static final Duration LIMIT = Duration.ofMinutes(40);
    private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", ".git");

    /** Root may write everything, and so may not here. */
    private static final List<String> WITHOUT_OVERRIDE =
            List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 45, unit = TimeUnit.MINUTES)
    void theFirstCommandServesEveryPluginOfTheReactor() throws Exception {
        Map<String, String> environment = environment(maven());
        Path sources = copy(RunScript.sources(), folder.resolve("a copy"));
        try (RunScript run = new RunScript(sources, launcher(), environment)) {
            Eventually.within(
                    LIMIT,
                    "the gateway listens, or run has ended",
                    () -> run.line("grpc ") != null || !run.process().isAlive());
            assertThat(run.process().isAlive()).as(run.out() + run.err()).isTrue();

            assertThat(run.err())
                    .startsWith("run: Thanos is not built yet: building")
                    .containsPattern("run: building OpenAI provider \\(\\d+ of \\d+\\)\n")
                    .containsPattern("run: built in \\d+ s\n");
            assertThat(run.err() + run.out()).doesNotContain("\u001b");
            assertThat(sources.resolve("distribution/target/run.log")).content().contains("a thread count of 4");

            String listed = thanos(sources, environment, "plugins", "list");
            Set<String> plugins = plugins(sources);
            assertThat(plugins).hasSizeGreaterThan(20);
            assertThat(plugins).allSatisfy(plugin -> assertThat(listed).contains(plugin));
            String http = String.valueOf(run.line("http ")).split("\\s+")[0];
            assertThat(chat(URI.create(http + Chats.PATH))).contains("hello there");
        } finally {
            writable(folder);
        }
    }

    /** The Maven that runs this build, or the one on the path. */
    private static Path maven() {
        for (String home : new String[] {System.getProperty("maven.home", "") + "/bin", System.getenv("PATH")}) {
            for (String bin : home.split(":")) {
                if (Files.isExecutable(Path.of(bin, "mvn"))) {
                    return Path.of(bin);
                }
            }
        }
        System.out.println("SKIPPED, the first command is not tested: there is no mvn");
        return abort("there is no mvn");
    }

    private Map<String, String> environment(Path maven) throws IOException {
        Path configuration = Files.writeString(folder.resolve("thanos.toml"), Gateway.ANY_PORT);
        // Maven is to find here what the build around it has downloaded, from whatever mirror.
        String arguments = "-o -T4 -Dmaven.legacyLocalRepo=true -Dmaven.repo.local=" + System.getProperty("repository");
        return Map.of(
                "PATH",
                maven + ":" + System.getenv("PATH"),
                "MAVEN_ARGS",
                arguments,
                "THANOS_CONFIG",
                configuration.toString(),
                "THANOS_STATE",
                folder.resolve("state").toString());
    }

    private static List<String> launcher() throws Exception {
        boolean root = Tools.output("id", "-u").strip().equals("0");
        return root && Tools.succeed("setpriv", WITHOUT_OVERRIDE.get(1), "true") ? WITHOUT_OVERRIDE : List.of();
    }

    private static Set<String> plugins(Path sources) throws IOException {
        Set<String> plugins = new TreeSet<>();
        Pattern.compile("<module>([^<]+)</module>")
                .matcher(Files.readString(sources.resolve("plugins/pom.xml")))
                .results()
                .forEach(module -> plugins.add(module.group(1)));
        plugins.removeAll(Set.of("tck", "wire"));
        return plugins;
    }

    private String thanos(Path sources, Map<String, String> environment, String... words) throws Exception {
        Path installation = sources.resolve("distribution/target/thanos-" + System.getProperty("version", "1.0.0"));
        Command.Run run = Command.run(folder, installation, environment, words);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run.out();
    }

    private static String chat(URI address) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .POST(HttpRequest.BodyPublishers.ofString(Chats.whole("echo/echo", "hello there")))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    /** Copies what is no result of a build; neither files nor folders of the copy can be written. */
    private static Path copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
                if (LEFT_OUT.contains(String.valueOf(source.getFileName()))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(source).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
                if (!LEFT_OUT.contains(String.valueOf(source.getFileName()))) {
                    Path copy = to.resolve(from.relativize(source).toString());
                    protect(Files.copy(source, copy, StandardCopyOption.COPY_ATTRIBUTES));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path source, @Nullable IOException e) throws IOException {
                protect(to.resolve(from.relativize(source).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    private static void protect(Path path) throws IOException {
        Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(path));
        permissions.removeAll(Set.of(
                PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        Files.setPosixFilePermissions(path, permissions);
    }

    /** So that it can be deleted. */
    private static void writable(Path folder) throws Exception {
        Tools.output("chmod", "-R", "u+w", folder.toString());
    }
}
