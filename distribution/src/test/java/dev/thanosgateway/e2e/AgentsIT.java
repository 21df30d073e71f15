package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Coding agents, unmodified, set to the gateway as the page says: each before its own and one foreign provider, with
 * {@code -Dagents=all} (profile {@code agents}) each before every provider. One gateway, and a scripted vendor for each
 * provider. {@code target/agents.md} says what was run.
 */
class AgentsIT {
    private static final String KEY = "thanos-agents-4b1d90";
    private static final NodePackages PACKAGES = new NodePackages("agents");
    private static final String WANTED = System.getProperty("agents", "");
    private static final String CASES = System.getProperty("agents.cases", ".*");
    /** Agents that run at a time. */
    private static final int AT_ONCE = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);

    private static final AgentTable TABLE = new AgentTable();
    private static final Map<String, String> VERSIONS = new ConcurrentHashMap<>();
    private static List<AgentProvider> providers = List.of();
    private static Gateway gateway;
    private static FakeUpstream elsewhere;
    private static AgentPage page;

    @BeforeAll
    static void start() throws Exception {
        page = new AgentPage();
        providers = AgentProvider.all();
        elsewhere = new FakeUpstream(call -> call.whole(403, "text/plain", "There is no network."));
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT);
        tables.append("[auth]\nenabled = true\napi_keys = [\"" + KEY + "\"]\n");
        providers.forEach(one -> tables.append(one.table()));
        gateway = Gateway.with(tables.toString()).start();
    }

    @AfterAll
    static void stop() throws Exception {
        Set<String> hosts = new TreeSet<>();
        while (elsewhere.untaken() > 0) {
            hosts.add(elsewhere.take().path());
        }
        TABLE.write(hosts);
        gateway.close();
        elsewhere.close();
        for (AgentProvider one : providers) {
            one.close();
        }
    }

    /** Each agent's cases before a provider, some cells at a time. */
    @TestFactory
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> agents() throws Exception {
        String missing = PACKAGES.install();
        List<DynamicTest> tests = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        for (Agent agent : Agent.ALL) {
            AgentRun.End says = missing == null ? version(agent) : new AgentRun.End(1, missing);
            String version = says.code() == 0 ? AgentTable.version(says.out()) : "none";
            VERSIONS.put(agent.name(), version);
            for (AgentProvider provider : providers) {
                Set<AgentTask.Case> cases = cases(agent, provider);
                for (AgentTask.Case one : Set.copyOf(cases)) {
                    String why = says.code() == 0
                            ? agent.impossible(one, provider.id())
                            : "It does not run here: " + says.out();
                    if (why != null) {
                        cases.remove(one);
                        tests.add(skipped(agent, version, provider, one, why));
                    }
                }
                if (!cases.isEmpty()) {
                    Future<Map<AgentTask.Case, Throwable>> cell = workers.submit(() -> cell(agent, provider, cases));
                    cases.forEach(one -> tests.add(test(agent, version, provider, one, cell)));
                }
            }
        }
        workers.shutdown();
        return tests.stream();
    }

    private static DynamicTest skipped(
            Agent agent, String version, AgentProvider provider, AgentTask.Case what, String why) throws Exception {
        TABLE.add(agent, version, provider.id(), what, "skipped: " + why);
        return DynamicTest.dynamicTest(name(agent, version, provider, what), () -> abort(why));
    }

    private static DynamicTest test(
            Agent agent,
            String version,
            AgentProvider provider,
            AgentTask.Case what,
            Future<Map<AgentTask.Case, Throwable>> cell) {
        return DynamicTest.dynamicTest(name(agent, version, provider, what), () -> {
            Throwable failure = cell.get().get(what);
            TABLE.add(agent, version, provider.id(), what, failure == null ? "passed" : "failed");
            if (failure != null) {
                throw failure;
            }
        });
    }

    private static String name(Agent agent, String version, AgentProvider provider, AgentTask.Case what) {
        return agent.label() + " " + version + " before " + provider.id() + ": "
                + what.name().toLowerCase(Locale.ROOT);
    }

    /** Which cases run before a provider: all before its own, the task before the others. */
    private static Set<AgentTask.Case> cases(Agent agent, AgentProvider provider) {
        boolean all = WANTED.equals("all");
        if (!WANTED.isEmpty() && !all && !(agent.name() + "/" + provider.id()).matches(WANTED)) {
            return EnumSet.noneOf(AgentTask.Case.class);
        }
        if (agent.own().equals(provider.id()) || !WANTED.isEmpty()) {
            Set<AgentTask.Case> some = EnumSet.allOf(AgentTask.Case.class);
            some.removeIf(one ->
                    !agent.has(one) || !one.name().toLowerCase(Locale.ROOT).matches(CASES));
            return some;
        }
        return agent.foreign().equals(provider.id())
                ? EnumSet.of(AgentTask.Case.EDIT)
                : EnumSet.noneOf(AgentTask.Case.class);
    }

    /** @return what failed, by case */
    private static Map<AgentTask.Case, Throwable> cell(Agent agent, AgentProvider provider, Set<AgentTask.Case> cases)
            throws Exception {
        Map<AgentTask.Case, Throwable> failures = new ConcurrentHashMap<>();
        try (AgentRun run = new AgentRun(AgentCell.folder(), bin(), elsewhere.port())) {
            AgentCell cell = new AgentCell(agent, provider, run, page);
            for (AgentTask.Case one : cases) {
                try {
                    cell.check(one, gateway.http().toString(), KEY);
                } catch (Exception | AssertionError e) {
                    failures.put(one, e);
                }
            }
        }
        return failures;
    }

    /** What an agent says of its version. */
    private static AgentRun.End version(Agent agent) throws Exception {
        try (AgentRun run = new AgentRun(AgentCell.folder(), bin(), elsewhere.port())) {
            return run.run(List.of(page.run(agent.name(), "m").get(0), "--version"));
        }
    }

    /**
     * Where the programs are. Two packages bring their program in a package of the machine's own, which their install
     * scripts, which do not run, would link.
     */
    private static List<Path> bin() throws Exception {
        Path modules = PACKAGES.folder().resolve("node_modules");
        Path links = Files.createDirectories(PACKAGES.folder().resolve("bin"));
        String machine = (System.getProperty("os.name").startsWith("Mac") ? "darwin-" : "linux-")
                + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64");
        link(links.resolve("claude"), modules.resolve("@anthropic-ai/claude-code-" + machine + "/claude"));
        link(links.resolve("opencode"), modules.resolve("opencode-" + machine + "/bin/opencode"));
        return List.of(links, modules.resolve(".bin"));
    }

    private static synchronized void link(Path link, Path program) throws Exception {
        if (!Files.isSymbolicLink(link)) {
            Files.createSymbolicLink(link, program);
        }
    }

    /** Of agents that are installed the version is what the lock file pins. */
    @TestFactory
    Stream<DynamicTest> thePageHasTheLinesAndTheVersionOfEveryAgent() throws Exception {
        JsonNode pinned = JsonMapper.shared()
                .readTree(Files.readString(Path.of("src/test/agents/package.json")))
                .path("dependencies");
        String text = Files.readString(AgentPage.FILE);
        return Agent.ALL.stream()
                .map(agent -> DynamicTest.dynamicTest(agent.label(), () -> {
                    String version = pinned.path(agent.npm()).asString();
                    assertThat(page.run(agent.name(), "m")).contains(AgentPage.PROMPT);
                    assertThat(text)
                            .contains("## " + agent.label() + "\n", "| " + agent.label() + " | " + version + " |");
                    assertThat(VERSIONS.getOrDefault(agent.name(), "none")).isIn(version, "none");
                }));
    }
}
