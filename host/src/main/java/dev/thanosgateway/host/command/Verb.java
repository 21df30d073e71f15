package dev.thanosgateway.host.command;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be asked for on the command line. */
public enum Verb {
    SERVE("serve", "", "start the gateway (what happens without a command, too)", 0, 0, "config safe", """
            Reads the first of: --config, $THANOS_CONFIG, ./config.toml, ./thanos.toml, ~/.config/thanos/config.toml,
            /etc/thanos/config.toml; without any of them the built-in defaults.
            With --safe only the plugins that ship are deployed: for a start that another plugin prevents.
            THANOS_STATE is the folder for what is kept, THANOS_JAVA_OPTS are options for the JVM.
            Exit code: 0 stopped as asked, 2 something you can mend, 1 a defect.
            """),
    CHAT(
            "chat",
            "[MODEL [MESSAGE]]",
            "talk to a model through the running gateway",
            0,
            Integer.MAX_VALUE,
            "url key instance",
            """
            MODEL is provider/model, an alias, or auto (the default). Without MESSAGE the message is what is piped in;
            at a terminal each line is one, and the conversation is kept until Ctrl-D. Ctrl-C cancels the answer.
            Exit code: 0 the answer is whole, 1 it failed or was cut, 2 nothing was asked, 130 cancelled.
            """),
    CONFIG("config check", "[FILE]", "check the configuration without starting", 0, 1, "strict", """
            Without FILE it checks the one that thanos would read now. Mistakes and warnings have line and column.
            Exit code: 0 it is right, 1 it has mistakes (with --strict: or warnings), 2 it cannot be read.
            """),
    DOCTOR("doctor", "", "find what is wrong, and how to mend it", 0, 0, "config", """
            Looks at the installation, the configuration, the machine, the plugins and every provider, of which it only
            asks for the list of models. Exit code: 0 nothing found, 1 something found.
            """),
    EXPLAIN(
            "explain",
            "[REQUEST-ID]",
            "say why a request was answered as it was: the last one, or that of an x-request-id",
            0,
            1,
            "json instance",
            """
            Tells how the model's name was understood, what the strategy saw and planned, who was left out and why, whom the
            gateway asked, and what came of it. Exit code: 0 told, 1 nothing is kept of it, 2 no gateway to ask.
            """),
    MODELS(
            "models",
            "[NAME|refresh]",
            "list the running gateway's models, show what is known of one, or refresh the catalogue",
            0,
            1,
            "from apply force json config instance",
            """
            NAME is what a request would say: provider/model, an alias, or a bare name. Its traits are what the model takes in
            a request, as the catalogue, the provider and [models.facts] have them.
            refresh needs no gateway. FILE is a list of models in the format of the catalogue's models.txt, one of what they
            take named traits.txt, or a folder, zip or jar with them; nothing but these lists is taken from it. It is
            checked, and what differs from the catalogue in plugins/ is shown. With --apply, or after a yes at a
            terminal, the catalogue's jar is replaced by one with these lists: running gateways take it over at once, and
            it stays after a restart. Where plugins.lock is in force, it is allowed there. Lists of an earlier date, or
            without more than half of the models or rules that there are, are refused without --force.
            Exit code: 0 listed; of refresh: applied, or nothing differs; 1 no model has that name, or a difference was
            shown and not applied; 2 no gateway to ask, or a file that cannot be used.
            """),
    PLUGINS(
            "plugins",
            "list|why NAME|lock|switch WHAT BUNDLE|release NAME",
            "list the running gateway's plugins, say why one does not serve, or decide about one",
            1,
            3,
            "json instance",
            """
            NAME is a jar, a bundle, or a provider of the configuration. lock needs no gateway: it writes the SHA-256 of
            every jar in plugins/ into plugins/plugins.lock; from then on, and always where other machines can reach the
            gateway, only those and the ones that ship are deployed.
            A provider type, PID, strategy or dialect belongs to the bundle that served it first, and a configured key goes
            only to an endpoint that was approved. A bundle that declares another's waits: switch gives it WHAT it waits
            for and all else it declares, and approves its endpoint; the bundle that had it waits then.
            A plugin during whose start the process ended is quarantined: another jar in its place lifts that, or release.
            Exit code: 0 done (of why: it serves), 1 it does not serve, or was refused and nothing has changed, 2 nothing of
            that name, no gateway to ask.
            """),
    RELOAD(
            "reload",
            "",
            "have the running gateway read its configuration and plugins folder now",
            0,
            0,
            "instance",
            """
            Prints what has changed. Exit code: 0 in force, 1 refused (with line and column), 2 no gateway to ask.
            """),
    ROUTE(
            "route",
            "",
            "say who would be asked for a model now, and why; asks nobody",
            0,
            0,
            "model stream needs size json instance",
            """
            Plans as for the next request, and changes nothing: whose turn it is stays as it is.
            Exit code: 0 told, 1 nobody would be asked, 2 no gateway to ask.
            """);

    /** Option to the name of its value; empty = it has none. */
    static final Map<String, String> OPTIONS = map(
            "config",
            "FILE",
            "url",
            "URL",
            "key",
            "KEY",
            "instance",
            "PID|PORT",
            "json",
            "",
            "model",
            "NAME",
            "stream",
            "",
            "needs",
            "LIST",
            "size",
            "TOKENS",
            "from",
            "FILE",
            "apply",
            "",
            "force",
            "",
            "strict",
            "",
            "safe",
            "");

    private static final Map<String, String> MEANINGS = map(
            "config", "read this file instead of looking in the usual places",
            "url", "the gateway at this address, running here or elsewhere",
            "key", "a key of the gateway's callers; better in $THANOS_KEY, which other users do not see",
            "instance", "which gateway, if several run: its process or one of its ports",
            "json", "print JSON",
            "model", "the name as a request gives it; without it: auto",
            "stream", "as for a request that wants a stream",
            "needs", "as for a request with images, or with tools: vision, tools, or vision,tools",
            "size", "as for a request of about so many tokens",
            "from", "the lists to compare with, and to apply",
            "apply", "replace the lists without asking",
            "force", "also if the lists are older, or lack more than half of the models or rules",
            "strict", "fail on a warning as on a mistake",
            "safe", "deploy only the plugins that ship");

    private static Map<String, String> map(String... namesAndValues) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Map.copyOf(map);
    }

    private final String words;
    private final String operands;
    private final String line;
    private final int least;
    private final int most;
    /** Names, with blanks between. */
    private final String options;

    private final String text;

    Verb(String words, String operands, String line, int least, int most, String options, String text) {
        this.words = words;
        this.operands = operands;
        this.line = line;
        this.least = least;
        this.most = most;
        this.options = options;
        this.text = text;
    }

    String words() {
        return words;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    List<String> options() {
        return options.isEmpty() ? List.of() : List.of(options.split(" "));
    }

    static Optional<Verb> of(String first) {
        return Arrays.stream(values())
                .filter(verb -> verb.words.split(" ", 2)[0].equals(first))
                .findFirst();
    }

    String usage() {
        String given = options().stream()
                .map(option -> " [--" + option + value(option) + "]")
                .collect(Collectors.joining());
        return "Usage: thanos " + words + given + (operands.isEmpty() ? "" : " " + operands);
    }

    private static String value(String option) {
        String value = OPTIONS.getOrDefault(option, "");
        return value.isEmpty() ? "" : " " + value;
    }

    /** {@code thanos <command> --help}. */
    String help() {
        StringBuilder help =
                new StringBuilder(usage()).append("\n\n  ").append(line).append("\n\n");
        for (String option : options()) {
            help.append(String.format("  %-20s %s%n", "--" + option + value(option), MEANINGS.get(option)));
        }
        return help.append(options.isEmpty() ? "" : "\n").append(text).toString();
    }

    /** {@code thanos --help}. */
    static String overview() {
        StringBuilder help = new StringBuilder("Usage: thanos [COMMAND] [OPTIONS]\n\n");
        for (Verb verb : values()) {
            help.append(String.format("  %-14s %s%n", verb.words, verb.line));
        }
        help.append("\n  --config FILE  ").append(MEANINGS.get("config"));
        help.append("\n  --safe         ").append(MEANINGS.get("safe"));
        help.append("\n  --help         print this text; thanos COMMAND --help tells more of one");
        help.append("\n  --version      print the version\n\n");
        return help.append(SERVE.text).toString();
    }
}
