package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;

/** Scripts of {@code src/test/node}, with the packages their lock file pins. */
final class NodeSdk {
    private static final NodePackages PACKAGES = new NodePackages("node");

    private static final Pattern SKIPPED = Pattern.compile("skip (.+: [^:]+): (.+)");

    private NodeSdk() {}

    /**
     * Runs a script; every line it prints is a test: {@code ok}, {@code not ok} or {@code skip}, with its reason. Without
     * Node, npm or the packages all is skipped, and says so.
     */
    static List<DynamicTest> tests(String script, String... arguments) throws IOException, InterruptedException {
        String failure = PACKAGES.install();
        if (failure != null) {
            System.out.println("SKIPPED, the Node SDKs are not tested: " + failure);
            abort(failure);
        }
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        NodePackages.Result result = PACKAGES.run(command);
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : result.lines()) {
            Matcher skipped = SKIPPED.matcher(line);
            if (skipped.matches()) {
                tests.add(DynamicTest.dynamicTest(skipped.group(1), () -> abort(skipped.group(2))));
                continue;
            }
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
}
