package dev.thanosgateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The unpacked distribution, started with its own script as a child process, in an installation and a home of its
 * own. Ports are chosen by the system and read from the banner.
 */
final class Gateway implements AutoCloseable {
    static final Path INSTALLATION = Path.of(System.getProperty("installation", "target/thanos-1.0.0"));

    /**
     * The configuration that differs from the defaults in nothing but the ports, and in that upstreams are asked exactly
     * what callers ask: tests count it.
     */
    static final String ANY_PORT = """
            [retry]
            enabled = false
            [probes]
            enabled = false
            [server]
            bind = "127.0.0.1:0"
            grpc = "127.0.0.1:0"
            """;

    private static final JsonMapper JSON = JsonMapper.shared();
    /** For a machine that does much else: it only ends a wait for what does not come. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final List<Thread> readers;

    private Gateway(Builder builder) throws IOException {
        folder = builder.folder;
        List<String> command = new ArrayList<>(builder.launcher);
        command.add(folder.resolve("inst/bin/thanos").toString());
        command.addAll(builder.arguments);
        ProcessBuilder starter = new ProcessBuilder(command);
        starter.directory(Files.createDirectories(folder.resolve("cwd")).toFile());
        Map<String, String> environment = starter.environment();
        environment
                .keySet()
                .removeIf(
                        name -> !List.of("PATH", "JAVA_HOME", "LANG", "TMPDIR").contains(name));
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.putAll(builder.environment);
        process = starter.start();
        // A read of a pipe keeps its carrier: two virtual threads would stop every other one on two cores.
        readers = List.of(
                Thread.ofPlatform().daemon().start(() -> collect(process.getInputStream(), out)),
                Thread.ofPlatform().daemon().start(() -> collect(process.getErrorStream(), err)));
    }

    static Builder with(String configuration) throws IOException {
        return new Builder().file(configuration);
    }

    /** No file, no key: only what the installation brings. */
    static Builder bare() throws IOException {
        return new Builder();
    }

    static final class Builder {
        private final Path folder = Files.createTempDirectory("thanos-e2e");
        private final List<String> arguments = new ArrayList<>();
        private List<String> launcher = List.of();
        private final Map<String, String> environment = new HashMap<>();

        private Builder() throws IOException {
            Path home = Files.createDirectories(folder.resolve("inst/plugins")).getParent();
            Files.createDirectories(home.resolve("bin"));
            Files.copy(
                    INSTALLATION.resolve("bin/thanos"), home.resolve("bin/thanos"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.createSymbolicLink(
                    home.resolve("lib"), INSTALLATION.toAbsolutePath().resolve("lib"));
            try (Stream<Path> jars = Files.list(INSTALLATION.resolve("plugins"))) {
                for (Path jar : jars.toList()) {
                    Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
                }
            }
            environment.put("THANOS_STATE", folder.resolve("state").toString());
        }

        private Builder file(String configuration) throws IOException {
            Path file = Files.writeString(folder.resolve("thanos.toml"), configuration);
            return arguments("--config", file.toString());
        }

        Builder arguments(String... words) {
            arguments.addAll(List.of(words));
            return this;
        }

        /** Starts it by a program that is given its command line and becomes it. */
        Builder launcher(String... words) {
            launcher = List.of(words);
            return this;
        }

        Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Path folder() {
            return folder;
        }

        Path plugins() {
            return folder.resolve("inst/plugins");
        }

        /** Starts and waits for nothing; may be called again for a further process of the same installation. */
        Gateway launch() throws IOException {
            return new Gateway(this);
        }

        /** Starts and waits until both listeners are open. */
        Gateway start() throws Exception {
            Gateway gateway = launch();
            try {
                gateway.awaitListening();
            } catch (AssertionError e) {
                gateway.close();
                throw e;
            }
            return gateway;
        }

        /** Starts and waits until it has given up. */
        Gateway startToFail() throws Exception {
            Gateway gateway = new Gateway(this);
            if (!gateway.process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                gateway.close();
                throw new AssertionError("it started, or hangs:\n" + gateway.output());
            }
            for (Thread reader : gateway.readers) {
                reader.join();
            }
            return gateway;
        }
    }

    void awaitListening() throws InterruptedException {
        line(line -> line.startsWith("http "));
        line(line -> line.startsWith("grpc "));
    }

    Path folder() {
        return folder;
    }

    Path plugins() {
        return folder.resolve("inst/plugins");
    }

    Path configuration() {
        return folder.resolve("thanos.toml");
    }

    URI http() {
        return URI.create(out(line -> line.startsWith("http ")).split("\\s+")[1]);
    }

    int port() {
        return http().getPort();
    }

    int grpcPort() {
        String address = out(line -> line.startsWith("grpc ")).split("\\s+")[1];
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    Process process() {
        return process;
    }

    /** The root URL SDKs are given. */
    String v1() {
        return http() + "/v1";
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(http().resolve(path));
        return client.send(headers(request, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(http().resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return client.send(headers(request, headers).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path).body());
    }

    private static HttpRequest.Builder headers(HttpRequest.Builder request, String... pairs) {
        return pairs.length == 0 ? request : request.headers(pairs);
    }

    /** One entry of {@code /v1/providers}; null = not there. */
    @Nullable
    JsonNode provider(String id) throws IOException, InterruptedException {
        return providers().stream()
                .filter(entry -> entry.path("id").asString().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The entries of {@code /v1/providers}. */
    List<JsonNode> providers() throws IOException, InterruptedException {
        List<JsonNode> entries = new ArrayList<>();
        JsonNode answer = json("/v1/providers");
        (answer.isArray() ? answer : answer.path("data")).forEach(entries::add);
        return entries;
    }

    void awaitState(String provider, String state) throws Exception {
        Eventually.within(Duration.ofSeconds(10), provider + " is " + state, () -> {
            JsonNode entry = provider(provider);
            return entry != null && entry.path("state").asString().equals(state);
        });
    }

    /** A line of the standard output, waited for. */
    String line(Predicate<String> wanted) throws InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        synchronized (out) {
            while (true) {
                for (String line : out) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0 || !process.isAlive() && out.contains(END)) {
                    throw new AssertionError("the line did not come:\n" + output());
                }
                out.wait(Math.min(left, 1_000));
            }
        }
    }

    private static final String END = "\0";

    private String out(Predicate<String> wanted) {
        synchronized (out) {
            return out.stream().filter(wanted).findFirst().orElseThrow(() -> new AssertionError(output()));
        }
    }

    /** Waits until all these texts are in what it has printed: a log line may follow the answer it is about. */
    void awaitOutput(String... texts) throws Exception {
        Eventually.within(Duration.ofSeconds(10), "printed " + String.join(", ", texts), () -> {
            String printed = output();
            return Stream.of(texts).allMatch(printed::contains);
        });
    }

    /** Everything it has printed so far, standard output first. */
    String output() {
        synchronized (out) {
            synchronized (err) {
                return Stream.concat(out.stream(), err.stream())
                        .filter(line -> !line.equals(END))
                        .collect(Collectors.joining("\n"));
            }
        }
    }

    /** What it has printed on stderr so far. */
    List<String> errors() {
        synchronized (err) {
            return err.stream().filter(line -> !line.equals(END)).toList();
        }
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end. @return the exit code */
    int exit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + limit + ":\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        client.close();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            // Files of the process that is just ending.
        }
    }

    private static void collect(InputStream stream, List<String> lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(lines, line);
            }
        } catch (IOException e) {
            // The process is gone.
        }
        add(lines, END);
    }

    private static void add(List<String> lines, String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }
}
