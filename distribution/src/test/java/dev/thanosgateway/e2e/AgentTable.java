package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was run of the matrix, as a table in {@code target/agents.md} that an interrupted run leaves too. */
final class AgentTable {
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+(?:-\\w[\\w.]*)?");

    private final Map<String, String> rows = new TreeMap<>();

    synchronized void add(Agent agent, String version, String provider, AgentTask.Case what, String result)
            throws IOException {
        String row = "| %s | %s | %s | %s"
                .formatted(agent.label(), version, provider, what.name().toLowerCase(Locale.ROOT));
        rows.put(row, result);
        write(Set.of());
    }

    /** @param hosts what agents wanted of other machines, and did not get */
    synchronized void write(Set<String> hosts) throws IOException {
        StringBuilder table =
                new StringBuilder("| Agent | Version | Provider | Case | Result |\n|---|---|---|---|---|\n");
        rows.forEach((row, result) -> table.append(row)
                .append(" | ")
                .append(result.replace("|", "\\|").replace("\n", " "))
                .append(" |\n"));
        if (!hosts.isEmpty()) {
            table.append("\nRefused by the proxy: ")
                    .append(String.join(", ", hosts))
                    .append('\n');
        }
        Files.writeString(Path.of(System.getProperty("build", "target")).resolve("agents.md"), table);
    }

    /** The first version in what a program printed. */
    static String version(String printed) {
        Matcher match = VERSION.matcher(printed);
        return match.find() ? match.group() : "unknown";
    }
}
