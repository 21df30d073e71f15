package dev.thanosgateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One {@code bin/thanos} command as a child process, with the state folder of a gateway that may run. */
final class Command implements AutoCloseable {
    private static final int LIMIT_SECONDS = 120;

    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final CompletableFuture<Void> outEnd;
    private final CompletableFuture<String> err;

    /** What it printed, and its exit code. */
    record Run(int code, String out, String err) {}

    private Command(Path folder, Path installation, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(installation.resolve("bin/thanos").toAbsolutePath().toString());
        command.addAll(List.of(words));
        ProcessBuilder starter = new ProcessBuilder(Interruptible.of(command));
        starter.directory(Files.createDirectories(folder.resolve("cwd")).toFile());
        starter.environment()
                .keySet()
                .removeIf(name -> !List.of("PATH", "JAVA_HOME", "TMPDIR").contains(name));
        starter.environment()
                .put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        starter.environment().put("THANOS_STATE", folder.resolve("state").toString());
        starter.environment().putAll(environment);
        process = starter.start();
        outEnd = CompletableFuture.runAsync(
                this::collect, task -> Thread.ofPlatform().daemon().start(task));
        err = CompletableFuture.supplyAsync(
                () -> text(process.getErrorStream()),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    /** Starts it with a pipe as its standard input. */
    static Command start(Path folder, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        return new Command(folder, folder.resolve("inst"), environment, words);
    }

    /** Runs it with nothing to read. */
    static Run run(Path folder, String... words) throws Exception {
        return run(folder, Map.of(), "", words);
    }

    static Run run(Path folder, Map<String, String> environment, String input, String... words) throws Exception {
        try (Command command = start(folder, environment, words)) {
            command.types(input);
            command.closesInput();
            return command.end();
        }
    }

    /** Runs that of another installation, with nothing to read. */
    static Run run(Path folder, Path installation, Map<String, String> environment, String... words) throws Exception {
        try (Command command = new Command(folder, installation, environment, words)) {
            command.closesInput();
            return command.end();
        }
    }

    void types(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            // It has ended already, without reading.
        }
    }

    void closesInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // As above.
        }
    }

    /** What it has printed on its standard output so far. */
    String out() {
        return out.toString();
    }

    Process process() {
        return process;
    }

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() throws Exception {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    Run end() throws Exception {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it hangs; so far it printed:\n" + out);
        }
        outEnd.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return new Run(process.exitValue(), out(), err.get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    private void collect() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            char[] piece = new char[1024];
            for (int n = reader.read(piece); n >= 0; n = reader.read(piece)) {
                out.append(piece, 0, n);
            }
        } catch (IOException e) {
            // The process is gone.
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
