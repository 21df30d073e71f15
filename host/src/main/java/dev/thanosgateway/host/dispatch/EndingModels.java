package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveProvider;
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

    private final Registry registry;
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

    private EndingModels(Registry registry, LocalDate today) {
        this.registry = registry;
        this.index = new CatalogIndex(registry.catalogs());
        this.today = today;
    }

    /**
     * The shutdowns of the models that the configuration names, in its order, each model once. Does not block.
     *
     * @param today in UTC
     */
    public static List<Shutdown> of(Settings settings, Registry registry, LocalDate today) {
        EndingModels models = new EndingModels(registry, today);
        for (ProviderSettings table : settings.providers().values()) {
            if (table.model() != null) {
                models.look(table.id() + "/" + table.model(), "providers." + table.id() + ".model");
            }
        }
        settings.aliases()
                .forEach((alias, targets) ->
                        targets.forEach(target -> models.look(target, "models.aliases." + alias)));
        settings.routing().fallbackChain().forEach(target -> models.look(target, "routing.fallback_chain"));
        settings.modelFacts().keySet().forEach(model -> models.look(model, "models.facts"));
        return models.shutdowns();
    }

    /** @param target a provider's id, or that, a slash and a model */
    private void look(String target, String place) {
        int slash = target.indexOf('/');
        LiveProvider provider = slash < 0 ? null : registry.provider(target.substring(0, slash));
        if (provider == null || !provider.vendor()) {
            return;
        }
        CatalogModel model = index.named(provider.type(), target.substring(slash + 1));
        LocalDate ends = model == null ? null : model.ends();
        if (model != null && ends != null && !ends.isAfter(today.plusDays(NOTICE_DAYS))) {
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
