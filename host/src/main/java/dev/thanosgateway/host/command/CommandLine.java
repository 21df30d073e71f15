package dev.thanosgateway.host.command;

import dev.thanosgateway.host.config.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words after {@code thanos}, understood.
 *
 * @param options name to value, without the dashes; those without a value have an empty one
 * @param operands what is neither command nor option, in order
 * @param print to be printed instead of doing anything, such as a help text; empty = nothing
 */
public record CommandLine(Verb verb, Map<String, String> options, List<String> operands, String print) {
    /**
     * @param version what {@code --version} tells
     * @throws UsageException naming the word that makes no sense, and what was probably meant
     */
    public static CommandLine parse(String version, String... words) throws UsageException {
        List<String> rest = new ArrayList<>(Arrays.asList(words));
        if (!rest.isEmpty() && rest.get(0).equals("--version")) {
            return new CommandLine(Verb.SERVE, Map.of(), List.of(), "thanos " + version + "\n");
        }
        if (!rest.isEmpty() && (rest.get(0).equals("--help") || rest.get(0).equals("-h"))) {
            return new CommandLine(Verb.SERVE, Map.of(), List.of(), Verb.overview());
        }
        Verb verb = verb(rest);
        return options(verb, rest);
    }

    /** Takes the command off the front; what begins with an option is for {@code serve}. */
    private static Verb verb(List<String> rest) throws UsageException {
        if (rest.isEmpty() || rest.get(0).startsWith("-")) {
            return Verb.SERVE;
        }
        String first = rest.remove(0);
        Optional<Verb> verb = Verb.of(first);
        if (verb.isEmpty()) {
            List<String> known = Arrays.stream(Verb.values())
                    .map(v -> v.words().split(" ", 2)[0])
                    .toList();
            throw new UsageException("Unknown command \"" + first + "\"." + Nearest.question(first, known)
                    + " thanos --help lists what there is.");
        }
        if (verb.get() == Verb.CONFIG && !rest.contains("--help") && !rest.contains("-h")) {
            String second = rest.isEmpty() ? "" : rest.remove(0);
            if (!second.equals("check")) {
                throw new UsageException(
                        "thanos config " + (second.isEmpty() ? "needs" : "does not know \"" + second + "\", only")
                                + " the word check: thanos config check [FILE].");
            }
        }
        return verb.get();
    }

    private static CommandLine options(Verb verb, List<String> rest) throws UsageException {
        Map<String, String> options = new HashMap<>();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < rest.size(); i++) {
            String word = rest.get(i);
            if (word.equals("--")) {
                operands.addAll(rest.subList(i + 1, rest.size()));
                break;
            }
            if (word.equals("--help") || word.equals("-h")) {
                return new CommandLine(verb, Map.of(), List.of(), verb == Verb.SERVE ? Verb.overview() : verb.help());
            }
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            String name = name(verb, equals < 0 ? word : word.substring(0, equals));
            String value = Verb.OPTIONS.getOrDefault(name, "");
            if (value.isEmpty()) {
                options.put(name, "");
            } else if (equals >= 0) {
                options.put(name, word.substring(equals + 1));
            } else if (++i < rest.size()) {
                options.put(name, rest.get(i));
            } else {
                throw new UsageException("--" + name + " needs a value: --" + name + " " + value + ".");
            }
        }
        count(verb, operands);
        return new CommandLine(verb, Map.copyOf(options), List.copyOf(operands), "");
    }

    private static String name(Verb verb, String word) throws UsageException {
        String name = word.replaceFirst("^--?", "");
        if (word.startsWith("--") && verb.options().contains(name)) {
            return name;
        }
        throw new UsageException("Unknown option \"" + word + "\" of " + verb.words() + "."
                + Nearest.to(name, verb.options())
                        .map(known -> " Did you mean --" + known + "?")
                        .orElse("")
                + " thanos --help lists what there is.");
    }

    private static void count(Verb verb, List<String> operands) throws UsageException {
        if (operands.size() > verb.most()) {
            throw new UsageException("Too many words for " + verb.words() + ": \"" + operands.get(verb.most()) + "\". "
                    + verb.usage() + "; thanos --help lists what there is.");
        }
        if (operands.size() < verb.least()) {
            throw new UsageException("Something is missing. " + verb.usage());
        }
    }

    /** The value of an option; empty = it was not given. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** The operand at a place; empty = there are fewer. */
    public Optional<String> operand(int index) {
        return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
    }
}
