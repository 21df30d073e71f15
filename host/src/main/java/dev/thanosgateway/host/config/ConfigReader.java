package dev.thanosgateway.host.config;

import dev.thanosgateway.api.provider.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * TOML to checked settings. Tells everything that is wrong with a file at once, each with its position; a file with
 * one mistake is refused whole. No message holds a value of the environment, or one that may be a credential.
 * Immutable.
 */
public final class ConfigReader {
    private static final long MEBIBYTE = 1 << 20;
    /** Of plain bytes no kind may hold more by default; what they cost is bounded beside that, for both together. */
    private static final long QUARTER = Math.max(1, Runtime.getRuntime().maxMemory() / 4 / MEBIBYTE) * MEBIBYTE;

    private static final Settings.Server SERVER = new Settings.Server(
            new HostPort("127.0.0.1", 8080),
            new HostPort("127.0.0.1", 50_051),
            32 * MEBIBYTE,
            Math.min(256 * MEBIBYTE, QUARTER),
            Math.min(256 * MEBIBYTE, QUARTER),
            10_000,
            30_000,
            30_000,
            "info",
            List.of(),
            List.of(),
            false,
            new Settings.Sockets(10_000, 900_000, 30_000, 3_600_000));

    private static final List<String> TABLES = List.of(
            "server",
            "auth",
            "timeouts",
            "rate_limiting",
            "providers",
            "routing",
            "circuit_breaker",
            "retry",
            "probes",
            "models");

    private final Map<String, String> environment;
    private final Function<String, Optional<Set<String>>> ownKeys;
    private final Installed installed;

    /**
     * @param environment what <code>${NAME}</code> stands for
     * @param installed what types and strategies are held against
     */
    public ConfigReader(Map<String, String> environment, Installed installed) {
        this(environment, type -> Optional.empty(), installed);
    }

    /** @param ownKeys the settings a provider type has of its own; empty = not known (yet), any is accepted */
    ConfigReader(
            Map<String, String> environment, Function<String, Optional<Set<String>>> ownKeys, Installed installed) {
        this.environment = Map.copyOf(environment);
        this.ownKeys = ownKeys;
        this.installed = installed;
    }

    /**
     * Reads a file, blocking.
     *
     * @param file null = the built-in defaults
     * @throws ConfigException with everything that is wrong with it
     */
    public Settings read(@Nullable Path file) throws ConfigException {
        return parse(file == null ? "" : ConfigFile.text(file), file);
    }

    /**
     * Reads what a file holds.
     *
     * @param file where it comes from; null = nowhere
     * @throws ConfigException with everything that is wrong with it
     */
    public Settings parse(String toml, @Nullable Path file) throws ConfigException {
        Problems problems = new Problems(file == null ? "configuration" : file.toString());
        // Some editors begin a file with a byte order mark.
        TomlParseResult parsed = Toml.parse(toml.startsWith("\ufeff") ? toml.substring(1) : toml);
        for (TomlParseError error : parsed.errors()) {
            problems.error(error.position(), Syntax.sentence(error, toml));
        }
        // Half a tree would only lead to wrong complaints.
        problems.check();
        Environment strict = Environment.strict(environment, problems);
        Settings settings = settings(new Section(parsed, "", null, problems, strict), strict, problems, file);
        problems.check();
        return withWarnings(settings, problems.warnings());
    }

    private Settings settings(Section top, Environment strict, Problems problems, @Nullable Path file) {
        Section serverTable = top.section("server");
        Settings.Server server = serverTable == null ? SERVER : server(serverTable);
        Section authTable = top.section("auth");
        Settings.Access access = authTable == null ? new Settings.Access(null, List.of()) : auth(authTable, server);
        Section timeoutsTable = top.section("timeouts");
        Timeouts timeouts =
                timeoutsTable == null ? Timeouts.DEFAULT : ProviderReader.timeouts(timeoutsTable, Timeouts.DEFAULT);
        boolean discover = !top.has("providers");
        Map<String, ProviderSettings> providers = providers(top, strict, problems, timeouts);
        Set<String> named = discover ? null : providers.keySet();
        Section limits = top.section("rate_limiting");
        RoutingReader reader = new RoutingReader(named);
        Settings.Routing routing = routing(top, reader);
        Section models = top.section("models");
        Map<String, Model> facts = new ModelFactsReader(named).read(models);
        AliasReader.Aliases aliases =
                models == null ? AliasReader.NONE : new AliasReader(reader, routing.all()).read(models);
        Settings settings = new Settings(
                file,
                server,
                access,
                timeouts,
                limits == null ? RateLimits.NONE : new RateLimitReader(named).read(limits),
                providers,
                discover,
                routing.with(aliases.routing()),
                aliases.targets(),
                facts,
                List.of());
        OriginalKeys.inTop(top);
        refuseOthers(top);
        return settings;
    }

    private void checkStrategy(Section table) {
        Section.Text text = table.isText("strategy") ? table.text("strategy") : null;
        Set<String> known = installed.strategies();
        if (text != null && !known.isEmpty() && !known.contains(text.value())) {
            table.warning(
                    "strategy",
                    "is in no jar of plugins/."
                            + Nearest.question(text.value(), known) + " There are: "
                            + String.join(", ", new TreeSet<>(known)) + ".");
        }
    }

    private Settings.Routing routing(Section top, RoutingReader reader) {
        Section table = top.section("routing");
        Section breaker = top.section("circuit_breaker");
        Section retry = top.section("retry");
        Section probes = top.section("probes");
        if (table != null) {
            checkStrategy(table);
        }
        return (table == null ? RoutingReader.unsaid() : reader.routing(table))
                .with(
                        breaker == null ? BreakerSettings.DEFAULT : BreakerSettings.read(breaker),
                        retry == null ? RetrySettings.DEFAULT : RetrySettings.read(retry),
                        probes == null ? ProbeSettings.DEFAULT : ProbeSettings.read(probes));
    }

    private static void refuseOthers(Section top) {
        for (String key : top.keys()) {
            if (TABLES.contains(key) || OriginalKeys.isTable(key) || BindKeys.inTop(top, key)) {
                continue;
            }
            top.refuse(key, TABLES);
        }
    }

    private Map<String, ProviderSettings> providers(
            Section top, Environment strict, Problems problems, Timeouts timeouts) {
        Section table = top.section("providers");
        if (table == null) {
            // The built-in provider that makes a first call work without a key or a network.
            ProviderSettings echo = new ProviderSettings(
                    "echo", "echo", true, null, List.of(), null, "echo", Map.of(), timeouts, Map.of(), null);
            return Map.of(echo.id(), echo);
        }
        Map<String, ProviderSettings> providers =
                new ProviderReader(ownKeys, installed, problems).read(table, strict, timeouts);
        if (providers.isEmpty()) {
            top.warning("providers", "is empty: no call can be served. Add [providers.<id>], or remove it.");
        }
        return providers;
    }

    private static Settings.Server server(Section table) {
        BindKeys.check(table);
        HostPort http = table.parsed("bind", HostPort::parse);
        HostPort grpc = table.parsed("grpc", HostPort::parse);
        long maxBody = MEBIBYTE * table.whole("max_body_mb", 1, 1024, SERVER.maxBodyBytes() / MEBIBYTE);
        long unsaidBudget = Math.max(SERVER.bodyBudgetBytes(), maxBody);
        long budget = MEBIBYTE * table.whole("body_budget_mb", 1, 1 << 20, unsaidBudget / MEBIBYTE);
        if (budget < maxBody) {
            table.error(
                    table.has("body_budget_mb") ? "body_budget_mb" : "max_body_mb",
                    "leaves no room for one request of max_body_mb. Make body_budget_mb at least as large.");
        }
        String level = table.parsed("log_level", Values::logLevel);
        Settings.Server server = new Settings.Server(
                http == null ? SERVER.http() : http,
                grpc == null ? SERVER.grpc() : grpc,
                maxBody,
                budget,
                MEBIBYTE * table.whole("answer_budget_mb", 1, 1 << 20, SERVER.answerBudgetBytes() / MEBIBYTE),
                (int) table.whole("max_streams", 1, 1_000_000, SERVER.maxStreams()),
                table.whole("drain_ms", 0, 3_600_000, SERVER.drainMillis()),
                table.whole("early_keepalive_ms", 0, 3_600_000, SERVER.earlyKeepAliveMillis()),
                level == null ? SERVER.logLevel() : level,
                List.copyOf(table.list("allowed_hosts", Values::hostName)),
                List.copyOf(table.list("allowed_origins", Values::origin)),
                Boolean.TRUE.equals(table.bool("grpc_reflection")),
                sockets(table.section("websocket")));
        if (server.http().port() != 0 && server.http().equals(server.grpc())) {
            table.error(table.has("grpc") ? "grpc" : "bind", "is the same address as the other listener's.");
        }
        OriginalKeys.inServer(table);
        table.refuseOthers(List.of(
                "bind",
                "grpc",
                "max_body_mb",
                "body_budget_mb",
                "answer_budget_mb",
                "max_streams",
                "drain_ms",
                "early_keepalive_ms",
                "log_level",
                "allowed_hosts",
                "allowed_origins",
                "grpc_reflection",
                "websocket"));
        return server;
    }

    private static Settings.Sockets sockets(@Nullable Section table) {
        Settings.Sockets usual = SERVER.sockets();
        if (table == null) {
            return usual;
        }
        Settings.Sockets sockets = new Settings.Sockets(
                (int) table.whole("max_sockets", 0, 1_000_000, usual.most()),
                table.whole("idle_ms", 1_000, 86_400_000, usual.idleMillis()),
                table.whole("ping_ms", 1_000, 3_600_000, usual.pingMillis()),
                table.whole("max_age_ms", 60_000, 86_400_000, usual.maxAgeMillis()));
        table.refuseOthers();
        return sockets;
    }

    private static Settings.Access auth(Section table, Settings.Server server) {
        Boolean enabled = table.bool("enabled");
        List<Secret> keys = new ArrayList<>();
        for (Section.Text text : table.texts("api_keys")) {
            VariableName.check(table, "api_keys", text);
            Secret key = table.parsed("api_keys", text, CallerKey::checked);
            if (key != null) {
                keys.add(key);
            }
        }
        boolean loopback = server.http().loopback() && server.grpc().loopback();
        if (Boolean.FALSE.equals(enabled) && !loopback) {
            table.warning(
                    "enabled",
                    "= false: whoever reaches " + server.http() + " or " + server.grpc() + " can spend your credits.");
        }
        table.refuseOthers();
        return new Settings.Access(enabled, List.copyOf(keys));
    }

    private static Settings withWarnings(Settings of, List<String> warnings) {
        return new Settings(
                of.file(),
                of.server(),
                of.access(),
                of.timeouts(),
                of.rateLimits(),
                of.providers(),
                of.discover(),
                of.routing(),
                of.aliases(),
                of.modelFacts(),
                warnings);
    }
}
