package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;

/**
 * How the cases of each SDK went in front of each provider. A test is counted when it runs, by its name: {@code SDK
 * before PROVIDER: CASE}.
 */
final class SdkTable {
    private static final Pattern NAME = Pattern.compile("(.+) before (\\S+): (.+)");

    /** Of the description of a failed case. Characters. */
    private static final int LONGEST = 250;

    private final SdkVersions versions;
    private final Map<String, Map<String, Cell>> cells = new TreeMap<>();
    private final Map<String, TreeSet<String>> skipped = new TreeMap<>();
    private final TreeSet<String> failed = new TreeSet<>();

    private static final class Cell {
        private int passed;
        private int failed;
        private int skipped;
    }

    SdkTable(SdkVersions versions) {
        this.versions = versions;
    }

    /** The same test, counted. */
    DynamicTest counted(DynamicTest test) {
        Matcher name = NAME.matcher(test.getDisplayName());
        if (!name.matches()) {
            return test;
        }
        return DynamicTest.dynamicTest(test.getDisplayName(), () -> {
            Cell cell = cell(name.group(1), name.group(2));
            try {
                test.getExecutable().execute();
                cell.passed++;
            } catch (TestAbortedException e) {
                cell.skipped++;
                String why = name.group(1) + ", " + name.group(3) + ": " + e.getMessage();
                skipped.computeIfAbsent(why, key -> new TreeSet<>()).add(name.group(2));
                throw e;
            } catch (Throwable e) {
                cell.failed++;
                String full = test.getDisplayName();
                failed.add(full.substring(0, Math.min(LONGEST, full.length())));
                throw e;
            }
        });
    }

    /** Libraries that could not be run at all. */
    void skipped(String libraries, TestAbortedException why) {
        skipped.computeIfAbsent(libraries + ": " + why.getMessage(), key -> new TreeSet<>())
                .add("all");
    }

    private Cell cell(String sdk, String provider) {
        return cells.computeIfAbsent(sdk, key -> new TreeMap<>()).computeIfAbsent(provider, key -> new Cell());
    }

    /** In Markdown: a row for each SDK and provider, then every failed and every skipped case. */
    void write(Path file) throws IOException {
        StringBuilder page = new StringBuilder("""
                # SDKs in front of providers

                | SDK | Version | Provider | Passed | Failed | Skipped |
                | --- | --- | --- | --- | --- | --- |
                """);
        cells.forEach((sdk, providers) ->
                providers.forEach((provider, cell) -> page.append("| %s | %s | %s | %d | %d | %d |%n"
                        .formatted(sdk, versions.of(sdk), provider, cell.passed, cell.failed, cell.skipped))));
        page.append("\n## Failed\n\n");
        failed.forEach(name -> page.append("- ").append(name).append('\n'));
        page.append(failed.isEmpty() ? "None.\n" : "").append("\n## Skipped\n\n");
        skipped.forEach((why, providers) -> page.append("- %s (%s)%n".formatted(why, String.join(", ", providers))));
        Files.writeString(file, page);
        System.out.println(summary() + " See " + file + ".");
    }

    private String summary() {
        return cells.entrySet().stream()
                .map(row -> {
                    int passed = row.getValue().values().stream()
                            .mapToInt(cell -> cell.passed)
                            .sum();
                    int bad = row.getValue().values().stream()
                            .mapToInt(cell -> cell.failed)
                            .sum();
                    int out = row.getValue().values().stream()
                            .mapToInt(cell -> cell.skipped)
                            .sum();
                    return "%s %s: %d passed, %d failed, %d skipped"
                            .formatted(row.getKey(), versions.of(row.getKey()), passed, bad, out);
                })
                .collect(Collectors.joining("\n", "SDKs in front of providers:\n", "\n"));
    }
}
