package dev.thanosgateway.e2e;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A coding agent as it is installed and started. How it is set to the gateway is in the page, {@link AgentPage}.
 *
 * @param name its name in the page
 * @param label its name for readers
 * @param npm its package
 * @param own the provider whose language it speaks
 * @param foreign another one, for the default build
 * @param cases what it can do beside {@link AgentTask.Case#EDIT}, with the change of its command line that it takes
 */
record Agent(
        String name,
        String label,
        String npm,
        String own,
        String foreign,
        Map<AgentTask.Case, UnaryOperator<List<String>>> cases) {

    private static final Map<AgentTask.Case, UnaryOperator<List<String>>> CODEX = cases(
            words -> before(words, "-i", "picture.png", "--"),
            words -> before(words, "resume", "--last"),
            words -> after(words, "exec", "--output-schema", "schema.json"));

    static final List<Agent> ALL = List.of(
            new Agent("codex", "Codex", "@openai/codex", "openai", "anthropic", CODEX),
            new Agent("codex-websocket", "Codex over WebSocket", "@openai/codex", "openai", "compatible", CODEX),
            new Agent(
                    "claude",
                    "Claude Code",
                    "@anthropic-ai/claude-code",
                    "anthropic",
                    "openai",
                    cases(
                            UnaryOperator.identity(),
                            words -> after(words, "claude", "--continue"),
                            words -> after(
                                    words, "claude", "--output-format", "json", "--json-schema", AgentTask.SCHEMA))),
            new Agent(
                    "gemini",
                    "Gemini CLI",
                    "@google/gemini-cli",
                    "gemini",
                    "xai",
                    cases(
                            words -> prompted(words, prompt -> "@picture.png " + prompt),
                            words -> after(words, "gemini", "--resume", "latest"),
                            null)),
            new Agent(
                    "opencode",
                    "OpenCode",
                    "opencode-ai",
                    "compatible",
                    "gemini",
                    cases(words -> and(words, "-f", "picture.png"), words -> after(words, "run", "--continue"), null)),
            new Agent(
                    "qwen",
                    "Qwen Code",
                    "@qwen-code/qwen-code",
                    "compatible",
                    "ollama",
                    cases(
                            words -> prompted(words, prompt -> "@picture.png " + prompt),
                            words -> after(words, "qwen", "--continue"),
                            words -> after(words, "qwen", "--json-schema", AgentTask.SCHEMA))),
            new Agent(
                    "copilot",
                    "Copilot CLI",
                    "@github/copilot",
                    "openai",
                    "omen",
                    cases(
                            words -> and(words, "--attachment", "picture.png"),
                            words -> after(words, "copilot", "--continue"),
                            null)),
            new Agent(
                    "pi",
                    "pi",
                    "@earendil-works/pi-coding-agent",
                    "xai",
                    "compatible",
                    cases(words -> before(words, "@picture.png"), words -> after(words, "pi", "--continue"), null)),
            new Agent("cline", "Cline", "cline", "compatible", "anthropic", cases(null, null, null)),
            new Agent(
                    "continue",
                    "Continue",
                    "@continuedev/cli",
                    "compatible",
                    "omen",
                    cases(null, words -> after(words, "cn", "--resume"), null)));

    /** Those that heed {@code x-should-retry: false}; the others take the 502 of a refused credential for a passing fault. */
    private static final Set<String> HEED = Set.of("claude", "copilot");

    /**
     * Before which providers an agent that keeps thoughts sends them back, signed where the language signs them; chat
     * completions have no place for a signature, and a model is asked to think only by agents that say so.
     */
    private static final Map<String, String> THOUGHTS = Map.of(
            "codex", "openai",
            "codex-websocket", "openai",
            "claude", "openai compatible anthropic gemini ollama",
            "gemini", "gemini",
            "qwen", "compatible",
            "copilot", "compatible",
            "pi", "compatible",
            "cline", "compatible");

    private static Map<AgentTask.Case, UnaryOperator<List<String>>> cases(
            @Nullable UnaryOperator<List<String>> look,
            @Nullable UnaryOperator<List<String>> resume,
            @Nullable UnaryOperator<List<String>> shape) {
        Map<AgentTask.Case, UnaryOperator<List<String>>> cases = new EnumMap<>(AgentTask.Case.class);
        for (AgentTask.Case one : AgentTask.Case.values()) {
            UnaryOperator<List<String>> change = switch (one) {
                case LOOK -> look;
                case RESUME -> resume;
                case SHAPE -> shape;
                default -> UnaryOperator.identity();
            };
            if (change != null) {
                cases.put(one, change);
            }
        }
        return cases;
    }

    /** Whether the thoughts of the provider's model come back to it in the next request of the same task. */
    boolean returnsThoughts(String provider) {
        return THOUGHTS.getOrDefault(name, "").matches("(.* )?" + provider + "( .*)?");
    }

    /** Whether the case is one of this agent's. */
    boolean has(AgentTask.Case what) {
        return cases.containsKey(what) && (what != AgentTask.Case.CREDENTIAL || HEED.contains(name));
    }

    /** Why a case of this agent's cannot work before a provider; null = it can. */
    @Nullable
    String impossible(AgentTask.Case what, String provider) {
        if (what == AgentTask.Case.SHAPE && npm.equals("@openai/codex") && provider.equals("omen")) {
            return "Omen has no word for a form its answer must have.";
        }
        boolean sees = !Set.of("ollama", "xai").contains(provider);
        return what == AgentTask.Case.LOOK && name.equals("qwen") && !sees
                ? "Qwen Code sends no image to a model that it does not know by name."
                : null;
    }

    private static List<String> and(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> after(List<String> words, String word, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(all.indexOf(word) + 1, List.of(more));
        return all;
    }

    /** Before the prompt. */
    private static List<String> before(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(all.indexOf(AgentPage.PROMPT), List.of(more));
        return all;
    }

    private static List<String> prompted(List<String> words, UnaryOperator<String> change) {
        return words.stream()
                .map(word -> word.equals(AgentPage.PROMPT) ? change.apply(word) : word)
                .toList();
    }

    @Override
    public String toString() {
        return label;
    }
}
