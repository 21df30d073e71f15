package dev.thanosgateway.host.command;

import dev.thanosgateway.host.admin.AdminClient;
import dev.thanosgateway.host.admin.AdminException;
import dev.thanosgateway.host.admin.Instance;
import dev.thanosgateway.host.plugins.PluginLock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Runs the commands that need no gateway of their own. */
public final class Commands {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** How many words each of the plugins' commands has. */
    private static final Map<String, Integer> PLUGIN_WORDS =
            Map.of("list", 1, "why", 2, "lock", 1, "switch", 3, "release", 2);

    private final Shell shell;

    public Commands(Shell shell) {
        this.shell = shell;
    }

    /**
     * @return the exit code
     * @throws UsageException when nothing could be done
     */
    public int run(CommandLine asked) throws UsageException {
        return switch (asked.verb()) {
            case CONFIG ->
                new ConfigCheck(shell)
                        .run(
                                asked.operand(0).orElse(null),
                                asked.option("strict").isPresent());
            case MODELS -> models(asked);
            case RELOAD -> reload(asked);
            case PLUGINS -> plugins(asked);
            case CHAT -> chat(asked);
            case EXPLAIN -> explain(asked);
            case ROUTE -> route(asked);
            case SERVE, DOCTOR -> throw new IllegalArgumentException(asked.verb() + " starts the framework");
        };
    }

    private int chat(CommandLine asked) throws UsageException {
        String key = asked.option("key").orElseGet(() -> shell.environment().getOrDefault("THANOS_KEY", ""));
        String url = asked.option("url").orElse(null);
        if (url == null) {
            Instance gateway = instance(asked);
            if (gateway.key() && key.isEmpty()) {
                throw new UsageException("The gateway at " + gateway.url()
                        + " needs a key: set THANOS_KEY, or say --key KEY. It printed one at its first start.");
            }
            url = gateway.url().toString();
        }
        Chat chat = new Chat(shell, url, key, asked.operand(0).orElse("auto"));
        List<String> words = asked.operands()
                .subList(Math.min(1, asked.operands().size()), asked.operands().size());
        return chat.run(String.join(" ", words));
    }

    private Instance instance(CommandLine asked) throws UsageException {
        List<Instance> running = Instance.all(shell.state());
        String wanted = asked.option("instance").orElse("");
        List<Instance> fitting = running.stream()
                .filter(gateway -> wanted.isEmpty() || fits(gateway, wanted))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (running.isEmpty()) {
            throw new UsageException("No gateway is running (none found in " + shell.state()
                    + "): start one in another terminal with: thanos");
        }
        String list = running.stream().map(gateway -> "\n  " + gateway).collect(Collectors.joining());
        throw new UsageException(
                fitting.isEmpty()
                        ? "No gateway with the process or port \"" + wanted + "\" is running. There are:" + list
                        : "Several gateways are running; say which with --instance PID|PORT:" + list);
    }

    private static boolean fits(Instance gateway, String wanted) {
        return wanted.matches("\\d{1,18}")
                && (gateway.pid() == Long.parseLong(wanted)
                        || (wanted.length() < 6 && gateway.listensOn(Integer.parseInt(wanted))));
    }

    private JsonNode ask(Instance gateway, String command) throws UsageException, AdminException {
        return ask(gateway, Map.of("command", command));
    }

    private JsonNode ask(Instance gateway, Map<String, ?> request) throws UsageException, AdminException {
        try {
            return AdminClient.call(gateway.socket(), request);
        } catch (IOException e) {
            throw new UsageException(
                    "The gateway " + gateway.pid() + " does not answer (" + e.getMessage() + "); its log may say why.");
        }
    }

    private int reload(CommandLine asked) throws UsageException {
        try {
            JsonNode told = ask(instance(asked), "reload");
            told.path("warnings").forEach(warning -> shell.err().println(warning.asString()));
            String file = told.path("file").asString("");
            JsonNode changes = told.path("changes");
            shell.out()
                    .println((file.isEmpty() ? "It was started without a configuration file; plugins" : file)
                            + (changes.isEmpty()
                                    ? ": in force, nothing has changed"
                                    : ": in force, changed since the last reload or the start:"));
            changes.forEach(change -> shell.out().println("  " + change.asString()));
            return DONE;
        } catch (AdminException e) {
            shell.complain("Refused; what was in force stays.\n" + e.getMessage());
            return FAILED;
        }
    }

    private int models(CommandLine asked) throws UsageException {
        if (asked.operand(0).orElse("").equals("refresh")) {
            return new ModelRefresh(shell, asked).run();
        }
        if (List.of("from", "apply", "force").stream()
                .anyMatch(name -> asked.option(name).isPresent())) {
            throw new UsageException("--from, --apply and --force are of thanos models refresh --from FILE.");
        }
        return asked.operand(0).isPresent() ? model(asked, asked.operand(0).get()) : allModels(asked);
    }

    /** What is known of one model, a fact a line. */
    private int model(CommandLine asked, String name) throws UsageException {
        JsonNode model;
        try {
            model = ask(instance(asked), Map.of("command", "models", "name", name));
        } catch (AdminException e) {
            shell.complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
        if (asked.option("json").isPresent()) {
            shell.out().println(model.toPrettyString());
        } else {
            ModelFactsTable.print(model, shell.out());
        }
        return DONE;
    }

    private int allModels(CommandLine asked) throws UsageException {
        JsonNode models;
        try {
            models = ask(instance(asked), "models");
        } catch (AdminException e) {
            shell.complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
        if (asked.option("json").isPresent()) {
            shell.out().println(models.toPrettyString());
            return DONE;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("MODEL", "PROVIDER", "CONTEXT", "MAX OUTPUT"));
        for (JsonNode model : models) {
            rows.add(List.of(
                    model.path("id").asString(""),
                    model.path("provider").asString(""),
                    number(model.path("context_length")),
                    number(model.path("max_output"))));
        }
        Table.print(rows, shell.out());
        return DONE;
    }

    private int explain(CommandLine asked) throws UsageException {
        JsonNode told;
        try {
            told = ask(
                    instance(asked),
                    Map.of("command", "explain", "id", asked.operand(0).orElse("")));
        } catch (AdminException e) {
            shell.complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
        if (asked.option("json").isPresent()) {
            shell.out().println(told.toPrettyString());
        } else {
            new Explanation(told, shell.out()).decision();
        }
        return DONE;
    }

    private int route(CommandLine asked) throws UsageException {
        Map<String, Object> request = new HashMap<>(Map.of("command", "route"));
        asked.option("model").ifPresent(model -> request.put("model", model));
        request.put("stream", asked.option("stream").isPresent());
        asked.option("needs").ifPresent(needs -> request.put("needs", List.of(needs.split(",", -1))));
        String size = asked.option("size").orElse("0");
        if (!size.matches("\\d{1,9}")) {
            throw new UsageException("--size needs a number of tokens, such as --size 20000.");
        }
        request.put("tokens", Integer.parseInt(size));
        JsonNode told;
        try {
            told = ask(instance(asked), request);
        } catch (AdminException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (asked.option("json").isPresent()) {
            shell.out().println(told.toPrettyString());
        } else {
            new Explanation(told, shell.out()).route();
        }
        return told.path("failure").isString() ? FAILED : DONE;
    }

    private static String number(JsonNode value) {
        return value.isNumber() ? value.asString() : "-";
    }

    private int plugins(CommandLine asked) throws UsageException {
        String what = asked.operands().get(0);
        boolean why = what.equals("why");
        Integer words = PLUGIN_WORDS.get(what);
        if (words == null || asked.operands().size() != words) {
            throw new UsageException(Verb.PLUGINS.usage());
        }
        switch (what) {
            case "lock" -> {
                return lock();
            }
            case "switch" -> {
                Map<String, String> request = Map.of(
                        "command",
                        what,
                        "what",
                        asked.operands().get(1),
                        "to",
                        asked.operands().get(2));
                return decide(
                        asked,
                        request,
                        asked.operands().get(1) + " is served by "
                                + asked.operands().get(2) + " now.");
            }
            case "release" -> {
                Map<String, String> request =
                        Map.of("command", what, "name", asked.operands().get(1));
                return decide(
                        asked,
                        request,
                        asked.operands().get(1)
                                + " is no longer quarantined; thanos plugins list shows whether it serves.");
            }
            default -> {}
        }
        JsonNode told;
        try {
            told = ask(instance(asked), "plugins");
        } catch (AdminException e) {
            shell.complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
        PluginTable table = new PluginTable(told);
        if (why) {
            return table.why(asked.operands().get(1), shell.out());
        }
        if (asked.option("json").isPresent()) {
            shell.out().println(told.toPrettyString());
        } else {
            table.print(shell.out());
        }
        return DONE;
    }

    private int decide(CommandLine asked, Map<String, String> request, String done) throws UsageException {
        try {
            ask(instance(asked), request);
            shell.out().println(done);
            return DONE;
        } catch (AdminException e) {
            shell.complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    private int lock() throws UsageException {
        try {
            PluginLock.write(shell.plugins())
                    .forEach((jar, digest) -> shell.out().println(digest + "  " + jar));
            return DONE;
        } catch (IOException e) {
            throw new UsageException("The jars of " + shell.plugins() + " cannot be locked (" + e.getMessage()
                    + "): check that this user may write there.");
        }
    }
}
