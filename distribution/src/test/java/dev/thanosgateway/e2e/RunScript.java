package dev.thanosgateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code distribution/run} of a copy of the sources as a child process, started from a folder elsewhere. */
final class RunScript implements AutoCloseable {
    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final List<Thread> readers;

    /** @param launcher a program that is given its command line and becomes it, with arguments; empty = none */
    RunScript(Path sources, List<String> launcher, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add(sources.resolve("distribution/run").toString());
        command.addAll(List.of(words));
        ProcessBuilder starter = new ProcessBuilder(Interruptible.of(command)).directory(new java.io.File("/"));
        // What the Maven around this test told its own start script, and keys that would be adopted.
        starter.environment()
                .keySet()
                .removeIf(name -> name.matches("MAVEN_(CMD_LINE_ARGS|PROJECTBASEDIR)|THANOS_.*|.*_API_KEY"));
        starter.environment().putAll(environment);
        process = starter.start();
        process.getOutputStream().close();
        readers = List.of(
                Thread.ofPlatform().daemon().start(() -> collect(process.getInputStream(), out)),
                Thread.ofPlatform().daemon().start(() -> collect(process.getErrorStream(), err)));
    }

    Process process() {
        return process;
    }

    /** What it has printed on its standard output so far. */
    String out() {
        return out.toString();
    }

    /** What it has printed on its standard error so far. */
    String err() {
        return err.toString();
    }

    /** The rest of the first line that begins with {@code start}; null while there is none. */
    @Nullable
    String line(String start) {
        return out().lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst()
                .orElse(null);
    }

    void signal(String name) throws Exception {
        Tools.output("kill", "-" + name, String.valueOf(process.pid()));
    }

    /** Waits for its end. @return the exit code */
    int end() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it hangs; so far it printed:\n" + out + err);
        }
        for (Thread reader : readers) {
            reader.join();
        }
        return process.exitValue();
    }

    private static void collect(InputStream stream, StringBuffer lines) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.append(line).append('\n');
            }
        } catch (IOException e) {
            // The process is gone.
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The sources of this build. */
    static Path sources() {
        return Path.of(System.getProperty("sources", "..")).toAbsolutePath().normalize();
    }

    /** Makes a script that can be run. */
    static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }
}
