package dev.thanosgateway.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An agent in a home of its own, with nothing in its environment but what the page and the rig say. What it asks of
 * other machines goes to a proxy that refuses it.
 */
final class AgentRun implements AutoCloseable {
    private static final int LIMIT_SECONDS = 120;

    /** What switches telemetry and updates off where the page's lines do not. */
    private static final Map<String, String> QUIET = Map.of(
            "DISABLE_AUTOUPDATER", "1",
            "DO_NOT_TRACK", "1",
            "OPENCODE_DISABLE_AUTOUPDATE", "1",
            "OPENCODE_DISABLE_MODELS_FETCH", "1",
            "PI_OFFLINE", "1",
            "CONTINUE_TELEMETRY_ENABLED", "0",
            "CLINE_NO_AUTO_UPDATE", "1",
            "QWEN_USAGE_STATISTICS_ENABLED", "false",
            "NO_COLOR", "1");

    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** What it printed on either stream, and its exit code. */
    record End(int code, String out) {}

    /**
     * @param folder its home and its working folder lie here
     * @param bin where its programs are, before those of the system
     * @param proxy the port of the proxy
     */
    AgentRun(Path folder, List<Path> bin, int proxy) throws IOException {
        this.folder = folder;
        StringBuilder path = new StringBuilder();
        bin.forEach(one -> path.append(one).append(':'));
        environment.put("PATH", path + System.getenv("PATH"));
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
        environment.put("SHELL", "/bin/sh");
        for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")) {
            environment.put(name, "http://127.0.0.1:" + proxy);
        }
        environment.put("NO_PROXY", "127.0.0.1,localhost");
        environment.put("no_proxy", "127.0.0.1,localhost");
        environment.putAll(QUIET);
        Files.createDirectories(work());
    }

    Path work() {
        return folder.resolve("work");
    }

    /** Sets it up as the page says. */
    void settings(AgentPage page, String agent, String address, String key, String model) throws Exception {
        environment.putAll(page.environment(agent, address, key, model));
        for (Map.Entry<String, String> file :
                page.files(agent, address, key, model).entrySet()) {
            Path path = folder.resolve("home").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        for (List<String> command : page.setup(agent, address, key, model)) {
            End end = run(command);
            if (end.code() != 0) {
                throw new AssertionError(command + " ended with " + end);
            }
        }
    }

    End run(List<String> command) throws Exception {
        return end(start(command));
    }

    /** Starts it with nothing to read. */
    Started start(List<String> command) throws Exception {
        ProcessBuilder starter = new ProcessBuilder(Interruptible.of(command));
        starter.directory(work().toFile()).redirectErrorStream(true);
        starter.environment().clear();
        starter.environment().putAll(environment);
        Process process = starter.start();
        process.getOutputStream().close();
        return new Started(
                process,
                CompletableFuture.supplyAsync(
                        () -> text(process.getInputStream()),
                        task -> Thread.ofVirtual().start(task)));
    }

    record Started(Process process, CompletableFuture<String> out) {
        /** SIGINT to all its processes, as Ctrl-C sends it. */
        void interrupt() throws Exception {
            List<String> command = new ArrayList<>(List.of("kill", "-INT", String.valueOf(process.pid())));
            process.descendants().forEach(one -> command.add(String.valueOf(one.pid())));
            new ProcessBuilder(command).start().waitFor();
        }
    }

    static End end(Started started) throws Exception {
        if (!started.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            started.process().descendants().forEach(ProcessHandle::destroyForcibly);
            started.process().destroyForcibly();
            return new End(-1, "it hangs; it printed:\n" + started.out().get(10, TimeUnit.SECONDS));
        }
        return new End(started.process().exitValue(), started.out().get(LIMIT_SECONDS, TimeUnit.SECONDS));
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "its output broke: " + e.getMessage();
        }
    }

    /** Ends what it left running in the background, and removes its folders. */
    @Override
    public void close() throws IOException {
        for (int tries = 1; ; tries++) {
            List<ProcessHandle> left =
                    ProcessHandle.allProcesses().filter(this::isOurs).toList();
            left.forEach(ProcessHandle::destroyForcibly);
            left.forEach(one ->
                    one.onExit().completeOnTimeout(one, 5, TimeUnit.SECONDS).join());
            try {
                Gateway.delete(folder);
                return;
            } catch (DirectoryNotEmptyException e) {
                // Something still wrote while it was deleted.
                if (tries == 10) {
                    throw e;
                }
            }
        }
    }

    /** By its command line or, for what went into the background, its environment; the latter on Linux only. */
    private boolean isOurs(ProcessHandle process) {
        String home = folder.toString();
        if (process.info().commandLine().orElse("").contains(home)) {
            return true;
        }
        try {
            Path variables = Path.of("/proc", String.valueOf(process.pid()), "environ");
            return Files.readString(variables, StandardCharsets.ISO_8859_1).contains(home);
        } catch (IOException e) {
            return false;
        }
    }
}
