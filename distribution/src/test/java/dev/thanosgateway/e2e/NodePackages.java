package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** npm packages that the lock file of a folder below {@code src/test} pins, installed once below {@code target/}. */
final class NodePackages {
    private final Path sources;
    private final Path folder;
    private @Nullable String failure;
    private boolean done;

    NodePackages(String name) {
        sources = Path.of("src/test").resolve(name);
        folder = Path.of(System.getProperty("build", "target")).resolve(name).toAbsolutePath();
    }

    /** Where {@code node_modules} is. */
    Path folder() {
        return folder;
    }

    /** @return why they cannot be installed here; null = they are */
    synchronized @Nullable String install() throws IOException, InterruptedException {
        if (!done) {
            failure = installed();
            done = true;
        }
        return failure;
    }

    private @Nullable String installed() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        boolean same = true;
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(file.getFileName());
                if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
                    same &= !file.endsWith("package-lock.json");
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
        if (same && Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
            return null;
        }
        Result result;
        try {
            result = run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        } catch (IOException e) {
            result = new Result(1, List.of(String.valueOf(e.getMessage())));
        }
        return result.code() == 0 ? null : "npm ci did not work here: " + String.join(" ", result.lines());
    }

    /** Runs a command in the folder. */
    Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.lines().toList());
    }

    record Result(int code, List<String> lines) {}
}
