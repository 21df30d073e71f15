package dev.thanosgateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The snippets of the page "Editors and coding agents". A comment before each fenced block says whose it is and what:
 * {@code <!-- codex: file ~/.codex/config.toml -->}, {@code env} (lines {@code export NAME=value}), {@code setup} (commands
 * to run once) or {@code run} (the command that is given a prompt). Address, key and model of the page are replaced.
 */
final class AgentPage {
    static final Path FILE = Path.of("docs/editors-and-coding-agents.md");
    static final String ADDRESS = "http://127.0.0.1:8080";
    static final String KEY = "thanos-key";
    static final String MODEL = "anthropic/claude-sonnet-5";
    static final String PROMPT = "Explain this project";

    private static final Pattern SNIPPET = Pattern.compile(
            "<!-- ([a-z-]+): (file|env|setup|run)(?: (\\S+))? -->\\n```\\w*\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    /** @param where the file it is, for {@code file} */
    record Snippet(String agent, String kind, String where, String text) {}

    private final List<Snippet> snippets = new ArrayList<>();

    AgentPage() throws IOException {
        Matcher match = SNIPPET.matcher(Files.readString(FILE));
        while (match.find()) {
            String where = match.group(3) == null ? "" : match.group(3);
            snippets.add(new Snippet(match.group(1), match.group(2), where, match.group(4)));
        }
    }

    List<Snippet> snippets() {
        return snippets;
    }

    private List<Snippet> of(String agent, String kind) {
        return snippets.stream()
                .filter(one -> one.agent().equals(agent) && one.kind().equals(kind))
                .toList();
    }

    /** Each file's place below the home, and its content. */
    Map<String, String> files(String agent, String address, String key, String model) {
        Map<String, String> files = new LinkedHashMap<>();
        for (Snippet one : of(agent, "file")) {
            files.put(one.where().replaceFirst("^~/", ""), filled(one.text(), address, key, model));
        }
        return files;
    }

    Map<String, String> environment(String agent, String address, String key, String model) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (Snippet one : of(agent, "env")) {
            for (String line : filled(one.text(), address, key, model).lines().toList()) {
                String[] parts = line.replaceFirst("^export ", "").split("=", 2);
                variables.put(parts[0], parts[1]);
            }
        }
        return variables;
    }

    List<List<String>> setup(String agent, String address, String key, String model) {
        return of(agent, "setup").stream()
                .flatMap(one -> filled(one.text(), address, key, model).lines())
                .map(AgentPage::words)
                .toList();
    }

    /** The command line that is given a prompt: {@link #PROMPT}. */
    List<String> run(String agent, String model) {
        List<Snippet> found = of(agent, "run");
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " run snippets of " + agent);
        }
        return words(filled(found.get(0).text(), ADDRESS, KEY, model));
    }

    private static String filled(String text, String address, String key, String model) {
        return text.replace(ADDRESS, address).replace(KEY, key).replace(MODEL, model);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher match = WORD.matcher(line.strip());
        while (match.find()) {
            words.add(
                    match.group(1) != null ? match.group(1) : match.group(2) != null ? match.group(2) : match.group(3));
        }
        return words;
    }
}
