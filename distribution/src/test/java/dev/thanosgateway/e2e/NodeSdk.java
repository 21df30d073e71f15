package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Scripts of {@code src/test/node}, with the packages their lock file pins, installed below {@code target/}. */
final class NodeSdk {
    private static final Path SOURCES = Path.of("src/test/node");
    private static final Path FOLDER =
            Path.of(System.getProperty("build", "target")).resolve("node");

    private NodeSdk() {}

    /** Installs once; without Node, npm or the packages the test is skipped, and says so. */
    private static synchronized void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        boolean same = true;
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Path copy = FOLDER.resolve(file.getFileName());
                if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
                    same &= !file.endsWith("package-lock.json");
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
        }
        if (same && Files.exists(FOLDER.resolve("node_modules/.package-lock.json"))) {
            return;
        }
        Result result;
        try {
            result = run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        } catch (IOException e) {
            result = new Result(1, List.of(String.valueOf(e.getMessage())));
        }
        if (result.code() != 0) {
            String why = "npm ci did not work here: " + String.join(" ", result.lines());
            System.out.println("SKIPPED, the Node SDKs are not tested: " + why);
            abort(why);
        }
    }

    /** Runs a script; every line it prints is a test. */
    static List<DynamicTest> tests(String script, String... arguments) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Result result = run(command);
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : result.lines()) {
            String name = line.replaceFirst("^(not )?ok ", "");
            tests.add(DynamicTest.dynamicTest(name, () -> assertThat(line).startsWith("ok ")));
        }
        tests.add(DynamicTest.dynamicTest(
                script + " ran to its end",
                () -> assertThat(result.code())
                        .as(String.join("\n", result.lines()))
                        .isZero()));
        return tests;
    }

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output.lines().toList());
    }

    private record Result(int code, List<String> lines) {}
}
