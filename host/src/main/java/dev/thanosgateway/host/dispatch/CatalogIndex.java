package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.TraitRule;
import dev.thanosgateway.api.catalog.TraitTable;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.plugins.LiveCatalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The deployed catalogues, to be looked up in. Immutable. */
final class CatalogIndex {
    /** Callers choose names: how many resolved ones are kept. */
    private static final int RESOLVED_LIMIT = 2048;

    private final List<LiveCatalog> catalogs;
    private final Map<String, OfType> types = new HashMap<>();
    private final TraitTable traits;
    private final Map<String, ModelTraits> resolved = new ConcurrentHashMap<>();

    /**
     * @param ids what the vendor answers to
     * @param meant ids by the keys of names that stand for them
     */
    private record OfType(Map<String, CatalogModel> ids, Map<String, String> meant) {
        OfType() {
            this(new HashMap<>(), new HashMap<>());
        }
    }

    /** @param catalogs the one to be believed first */
    CatalogIndex(List<LiveCatalog> catalogs) {
        this.catalogs = catalogs;
        for (LiveCatalog catalog : catalogs) {
            addIds(catalog.models());
        }
        for (LiveCatalog catalog : catalogs) {
            addNames(catalog.models());
        }
        types.values().forEach(CatalogIndex::addFamilies);
        List<TraitRule> rules = new ArrayList<>();
        // Of two rules the later counts, of two catalogues the first.
        catalogs.reversed().forEach(catalog -> rules.addAll(catalog.traits()));
        traits = new TraitTable(rules);
    }

    boolean isOf(List<LiveCatalog> others) {
        return catalogs.equals(others);
    }

    private void addIds(List<CatalogModel> models) {
        for (CatalogModel model : models) {
            OfType type = types.computeIfAbsent(model.type(), t -> new OfType());
            type.ids().putIfAbsent(model.facts().id(), model);
        }
        for (CatalogModel model : models) {
            Map<String, CatalogModel> ids =
                    types.getOrDefault(model.type(), new OfType()).ids();
            if (ids.get(model.facts().id()) == model) {
                model.aliases().forEach(alias -> ids.putIfAbsent(alias, model));
            }
        }
    }

    private void addNames(List<CatalogModel> models) {
        for (CatalogModel model : models) {
            OfType type = types.getOrDefault(model.type(), new OfType());
            String id = model.facts().id();
            if (type.ids().get(id) == model) {
                type.meant().putIfAbsent(ModelNames.key(id), id);
                model.aliases().forEach(alias -> type.meant().putIfAbsent(ModelNames.key(alias), id));
                model.names().forEach(name -> type.meant().putIfAbsent(ModelNames.key(name), id));
            }
        }
    }

    /** A family's name stands for its newest model, where it is no name of its own. */
    private static void addFamilies(OfType type) {
        Map<String, ModelNames.Dated> newest = new HashMap<>();
        for (CatalogModel model : type.ids().values()) {
            ModelNames.Dated dated = ModelNames.Dated.of(model.facts().id());
            if (dated != null) {
                newest.merge(dated.family(), dated, ModelNames.Dated::newer);
            }
        }
        newest.forEach((family, dated) -> type.meant().putIfAbsent(family, dated.id()));
    }

    /** Whether anything is known of the type's models. */
    boolean has(String type) {
        return types.containsKey(type);
    }

    /** What is known of an id, exactly as the vendor knows it; null = nothing. */
    @Nullable
    Model facts(String type, String id) {
        CatalogModel model = model(type, id);
        return model == null ? null : model.facts();
    }

    private @Nullable CatalogModel model(String type, String id) {
        OfType known = types.get(type);
        return known == null ? null : known.ids().get(id);
    }

    /** The model of an id, or of a name that stands for one; null = none. */
    @Nullable
    CatalogModel named(String type, String written) {
        CatalogModel model = model(type, written);
        String meant = model == null ? meant(type, ModelNames.key(written)) : null;
        return meant == null ? model : model(type, meant);
    }

    /** What a model takes at an endpoint of this profile. */
    ModelTraits traits(String profile, String id) {
        String key = profile + ' ' + id;
        ModelTraits known = resolved.get(key);
        if (known == null) {
            known = traits.of(profile, id);
            if (resolved.size() >= RESOLVED_LIMIT) {
                resolved.clear();
            }
            resolved.put(key, known);
        }
        return known;
    }

    /** The model to use when none is named; null = the type has no default. */
    @Nullable
    String defaultModel(String type) {
        return catalogs.stream()
                .map(catalog -> catalog.defaults().get(type))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The id that a name stands for; null = none. */
    @Nullable
    String meant(String type, String key) {
        OfType known = types.get(type);
        return known == null ? null : known.meant().get(key);
    }
}
