package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveCatalog;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.ProviderType;
import dev.thanosgateway.host.plugins.Registry;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Configured models that their vendor has shut down, or shuts down soon, as the deployed catalogues know it. */
public final class EndingModels {
    /** How many days before a shutdown it is reported. */
    static final int NOTICE_DAYS = 60;

    private final Map<String, Known> providers;
    private final CatalogIndex index;
    private final LocalDate today;
    private final Map<String, CatalogModel> found = new LinkedHashMap<>();
    private final Map<String, Set<String>> places = new LinkedHashMap<>();

    /**
     * A shutdown.
     *
     * @param what names the model, its places in the configuration and the day; a sentence
     * @param mend names the vendor's current model in its place, where one is known; a sentence
     */
    public record Shutdown(String what, String mend) {
        @Override
        public String toString() {
            return what + " " + mend;
        }
    }

    /**
     * A provider.
     *
     * @param official whether the catalogues hold for it
     * @param vendor whether a bare name may mean its model
     */
    private record Known(String type, boolean official, boolean vendor) {}

    private EndingModels(Map<String, Known> providers, List<LiveCatalog> catalogs, LocalDate today) {
        this.providers = providers;
        this.index = new CatalogIndex(catalogs);
        this.today = today;
    }

    /**
     * The shutdowns of the models that the configuration names, in its order, each model once. Does not block.
     *
     * @param today in UTC
     */
    public static List<Shutdown> of(Settings settings, Registry registry, LocalDate today) {
        Map<String, Known> providers = new LinkedHashMap<>();
        for (LiveProvider live : registry.providers()) {
            providers.put(live.id(), new Known(live.type(), live.official(), live.vendor()));
        }
        return new EndingModels(providers, registry.catalogs(), today).of(settings);
    }

    /**
     * The same where no plugin is started.
     *
     * @param types what the jars declare
     * @param variables names of the environment's variables, from which keys may be adopted
     * @param today in UTC
     */
    public static List<Shutdown> of(
            Settings settings,
            List<ProviderType> types,
            Set<String> variables,
            List<LiveCatalog> catalogs,
            LocalDate today) {
        Map<String, Known> providers = new LinkedHashMap<>();
        for (ProviderType type : types) {
            if (settings.discover() && type.env().stream().anyMatch(variables::contains)) {
                providers.put(type.type(), new Known(type.type(), true, !type.aggregator()));
            }
            for (ProviderSettings table : settings.providers().values()) {
                if (table.enabled() && table.type().equals(type.type())) {
                    providers.put(table.id(), new Known(type.type(), type.official(table), type.vendor(table)));
                }
            }
        }
        return new EndingModels(providers, catalogs, today).of(settings);
    }

    private List<Shutdown> of(Settings settings) {
        for (ProviderSettings table : settings.providers().values()) {
            if (table.model() != null) {
                look(table.id() + "/" + table.model(), "providers." + table.id() + ".model");
            }
        }
        settings.aliases()
                .forEach((alias, targets) -> targets.forEach(target -> look(target, "models.aliases." + alias)));
        Map<String, Object> global = settings.routing().all();
        settings.routing()
                .aliases()
                .forEach((alias, own) -> own.all().forEach((key, value) -> {
                    // The rest is inherited.
                    if (!value.equals(global.get(key))) {
                        lookInto(value, "models.aliases." + alias + "." + key);
                    }
                }));
        global.forEach((key, value) -> lookInto(value, "routing." + key));
        settings.modelFacts().keySet().forEach(model -> look(model, "models.facts"));
        return shutdowns();
    }

    /** A setting of a strategy's may name models anywhere: in lists, and as keys and values of tables. */
    private void lookInto(@Nullable Object value, String place) {
        if (value instanceof Map<?, ?> table) {
            table.forEach((key, inner) -> {
                look(String.valueOf(key), place);
                lookInto(inner, place);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> lookInto(inner, place));
        } else if (value instanceof String text) {
            look(text, place);
        }
    }

    /** @param target a provider's id, or that, a slash and a model, or a model's bare name */
    private void look(String target, String place) {
        int slash = target.indexOf('/');
        String id = slash < 0 ? target : target.substring(0, slash);
        Known pinned = providers.get(id);
        if (pinned == null) {
            providers.forEach((vendor, known) -> {
                if (known.vendor()) {
                    ends(vendor, known, target, place);
                }
            });
        } else if (slash >= 0 && pinned.official()) {
            ends(id, pinned, target.substring(slash + 1), place);
        }
    }

    private void ends(String id, Known provider, String name, String place) {
        CatalogModel model = index.named(provider.type(), name);
        LocalDate ends = model == null ? null : model.ends();
        if (model != null && ends != null && !ends.isAfter(today.plusDays(NOTICE_DAYS))) {
            String target = id + "/" + name;
            found.put(target, model);
            places.computeIfAbsent(target, t -> new LinkedHashSet<>()).add(place);
        }
    }

    private List<Shutdown> shutdowns() {
        List<Shutdown> all = new ArrayList<>();
        found.forEach((target, model) -> {
            LocalDate ends = model.ends();
            if (ends != null) {
                String where = String.join(", ", places.getOrDefault(target, Set.of()));
                all.add(new Shutdown(target + " (" + where + ") " + when(ends), mend(model.successor())));
            }
        });
        return all;
    }

    private String when(LocalDate ends) {
        long days = ChronoUnit.DAYS.between(today, ends);
        if (days <= 0) {
            return "was shut down by its vendor on " + ends + ".";
        }
        return "will be shut down by its vendor on " + ends + ", in " + days + (days == 1 ? " day." : " days.");
    }

    private static String mend(@Nullable String successor) {
        return successor == null
                ? "Name another model there; thanos models lists what is served."
                : "Name " + successor + " there, the vendor's current model in its place, or another.";
    }
}
