package dev.thanosgateway.host;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.admin.AdminException;
import dev.thanosgateway.host.admin.AdminSocket;
import dev.thanosgateway.host.config.ConfigException;
import dev.thanosgateway.host.config.ConfigWatch;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.decision.Decision;
import dev.thanosgateway.host.decision.Decisions;
import dev.thanosgateway.host.decision.Reader;
import dev.thanosgateway.host.dispatch.ChatService;
import dev.thanosgateway.host.dispatch.ModelCatalog;
import dev.thanosgateway.host.plugins.Deployed;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.PluginHost;
import dev.thanosgateway.host.plugins.ProviderStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a running gateway does for its owner's commands. */
final class GatewayCommands implements AdminSocket.Commands {
    private final Map<String, @Nullable Object> status;
    private final LiveSettings settings;
    private final PluginHost plugins;
    private final ChatService service;
    private final @Nullable ConfigWatch watch;
    /** As it was told last, or at the start: an edit may be in force before anybody asks. */
    private Settings toldSettings;

    private List<Deployed> toldJars;

    /**
     * @param status what does not change while it runs
     * @param watch of the file it was started with; null = it was started without one
     */
    GatewayCommands(
            Map<String, @Nullable Object> status,
            LiveSettings settings,
            PluginHost plugins,
            ChatService service,
            @Nullable ConfigWatch watch) {
        this.status = status;
        this.settings = settings;
        this.plugins = plugins;
        this.service = service;
        this.watch = watch;
        this.toldSettings = settings.now();
        this.toldJars = plugins.deployed();
    }

    @Override
    public @Nullable Object run(String command) throws AdminException {
        return switch (command) {
            case "status" -> status;
            case "reload" -> reload();
            case "models" ->
                service.models().models().stream().map(GatewayCommands::model).toList();
            case "plugins" -> plugins();
            case "health" -> health();
            default -> null;
        };
    }

    @Override
    public @Nullable Object run(String command, JsonNode request) throws AdminException {
        return switch (command) {
            case "explain" -> explain(request.path("id").asString(""));
            case "route" -> route(RouteQuestion.of(request));
            case "models" -> request.has("name") ? model(request.path("name").asString("")) : run(command);
            case "switch" ->
                decided(() -> plugins.give(
                        request.path("what").asString(""), request.path("to").asString("")));
            case "release" -> decided(() -> plugins.release(request.path("name").asString("")));
            default -> run(command);
        };
    }

    private interface Choice {
        void take() throws IOException;
    }

    private static Map<String, Object> decided(Choice choice) throws AdminException {
        try {
            choice.take();
            return Map.of("done", true);
        } catch (IOException e) {
            throw new AdminException(String.valueOf(e.getMessage()));
        }
    }

    /** @param id empty = the request that ended last, of a caller who may call if there is one */
    private Map<String, @Nullable Object> explain(String id) throws AdminException {
        Decisions decisions = service.decisions();
        if (!id.isEmpty()) {
            Decision found = decisions.find(id, Reader.OPERATOR);
            if (found == null) {
                throw new AdminException(decisions.missing(id));
            }
            return found.told();
        }
        // Strangers knock all the time where others can reach the gateway.
        List<Decision> newest = new ArrayList<>(decisions.newest(1, Reader.caller(null)));
        newest.addAll(decisions.newest(1, Reader.OPERATOR));
        if (newest.isEmpty()) {
            throw new AdminException("No request has ended yet, or [routing] decisions is 0.");
        }
        return newest.get(0).told();
    }

    private Map<String, @Nullable Object> route(ChatRequest request) throws AdminException {
        try {
            return service.dryRun(request);
        } catch (InterruptedException e) {
            throw new AdminException("The gateway stops.");
        }
    }

    private synchronized Map<String, @Nullable Object> reload() throws AdminException {
        plugins.look();
        List<String> notes = new ArrayList<>();
        if (watch != null) {
            try {
                Settings read = watch.reload();
                notes.addAll(read.warnings());
                Settings.Server bound = toldSettings.server();
                if (!read.server().http().equals(bound.http())
                        || !read.server().grpc().equals(bound.grpc())) {
                    notes.add("[server] bind and grpc are read at the start only; restart to listen elsewhere.");
                }
            } catch (ConfigException | IOException e) {
                throw new AdminException(String.valueOf(e.getMessage()));
            }
        }
        notes.addAll(settings.shutdowns());
        Settings now = settings.now();
        List<Deployed> jars = plugins.deployed();
        List<String> changes = new ArrayList<>(Changes.of(toldSettings, now));
        changes.addAll(Changes.of(toldJars, jars));
        toldSettings = now;
        toldJars = jars;
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("file", status.get("config"));
        told.put("changes", changes);
        told.put("warnings", notes);
        return told;
    }

    private static Map<String, @Nullable Object> model(ModelCard card) {
        Model model = card.model();
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("id", card.id());
        one.put("provider", card.provider());
        one.put("name", model.name());
        one.put("owned_by", model.ownedBy());
        one.put("context_length", model.contextLength() == 0 ? null : model.contextLength());
        one.put("max_output", model.maxOutput() == 0 ? null : model.maxOutput());
        one.put("capabilities", new TreeSet<>(model.capabilities()));
        return one;
    }

    /** What is known of one model; its members may become more. */
    private Map<String, @Nullable Object> model(String name) throws AdminException {
        ModelCatalog models = service.models();
        ModelCard listed = models.find(name);
        ModelCard card = listed == null ? models.unlisted(name) : listed;
        if (card == null) {
            throw new AdminException("There is no model '" + name + "'. thanos models lists what there is.");
        }
        Map<String, @Nullable Object> one = model(card);
        Model model = card.model();
        one.put("calls", card.provider() + "/" + model.id());
        one.put("dimensions", model.dimensions() == 0 ? null : model.dimensions());
        one.put("lacking", new TreeSet<>(model.lacking()));
        one.put("pricing", new TreeMap<>(model.pricing()));
        one.put("aliases", new TreeSet<>(model.aliases()));
        LiveProvider provider = plugins.registry().provider(card.provider());
        one.put("profile", provider == null ? null : provider.profile());
        Map<String, Object> traits = new TreeMap<>();
        model.traits()
                .values()
                .forEach((trait, words) -> traits.put(trait.key(), trait.isList() ? words : words.get(0)));
        one.put("traits", traits);
        return one;
    }

    /** What was learned of each provider, by id. */
    private Map<String, Object> health() {
        Map<String, Object> all = new LinkedHashMap<>();
        service.health().now().providers().forEach((id, provider) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("status", provider.status());
            one.put("error", provider.error());
            one.put("set_aside", provider.aside());
            one.put("resting_keys", provider.restingKeys());
            all.put(id, one);
        });
        return all;
    }

    private Map<String, @Nullable Object> plugins() {
        List<Map<String, @Nullable Object>> jars = new ArrayList<>();
        for (Deployed jar : plugins.deployed()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("jar", jar.path() == null ? null : String.valueOf(jar.path().getFileName()));
            one.put("name", jar.symbolicName());
            one.put("version", jar.version());
            one.put("state", jar.state());
            one.put("reason", jar.reason());
            jars.add(one);
        }
        List<Map<String, @Nullable Object>> providers = new ArrayList<>();
        for (ProviderStatus status : plugins.registry().statuses()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("id", status.id());
            one.put("type", status.type());
            one.put("name", status.bundle());
            one.put("state", status.state());
            one.put("reason", status.reason());
            providers.add(one);
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("plugins", jars);
        all.put("providers", providers);
        all.put("strategies", plugins.registry().strategies());
        return all;
    }
}
