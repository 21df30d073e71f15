package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveCatalog;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows what is known of a model, and which one a name stands for. The configuration's word goes
 * before the provider's own listing, that before the catalogues, and these are of a type's own service only: what a
 * compatible endpoint serves under a vendor's name may be anything. Nothing here blocks or asks anybody.
 */
final class ModelFacts {
    /** What Needs looks for. */
    private static final Set<String> ABILITIES = Set.of(Needs.VISION, Needs.FUNCTIONS);

    private static final String REASONING = "reasoning";
    private static final ModelTraits NO_EFFORT = ModelTraits.UNKNOWN.with(Trait.EFFORT, List.of());

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Function<LiveProvider, @Nullable Listing> listings;
    private final LearnedEfforts learned = new LearnedEfforts(System::nanoTime);
    private volatile CatalogIndex index = new CatalogIndex(List.of());

    /** @param listings what is at hand of a provider's listing; null = nothing */
    ModelFacts(Registry registry, Supplier<Settings> settings, Function<LiveProvider, @Nullable Listing> listings) {
        this.registry = registry;
        this.settings = settings;
        this.listings = listings;
    }

    /**
     * What is known of a model.
     *
     * @param id as it goes upstream
     */
    Model of(LiveProvider provider, String id) {
        Listing listing = listings.apply(provider);
        Model listed = listing == null ? null : listing.model(id);
        Model catalogued = catalogued(provider, id);
        Model said = said(provider, id);
        return merged(id, said, listed, catalogued, traits(provider, id));
    }

    /**
     * What a model takes in a request; asked before every call.
     *
     * @param id as it goes upstream
     */
    ModelTraits traits(LiveProvider provider, String id) {
        Listing listing = listings.apply(provider);
        Model listed = listing == null ? null : listing.model(id);
        Model said = said(provider, id);
        ModelTraits known = index().traits(provider.profile(), id);
        if (listed != null) {
            known = listed.traits().over(lacksReasoning(said, listed) ? NO_EFFORT.over(known) : known);
        }
        if (learned.refuses(provider.id(), id)) {
            known = NO_EFFORT.over(known);
        }
        return said == null ? known : said.traits().over(lacksReasoning(said, said) ? NO_EFFORT.over(known) : known);
    }

    private static boolean lacksReasoning(@Nullable Model said, Model model) {
        boolean able = said != null && said.capabilities().contains(REASONING);
        return !able
                && (model.lacking().contains(REASONING)
                        || (model == said && !said.capabilities().isEmpty()));
    }

    /** The same for a model that takes no effort. */
    ModelTraits withoutEffort(LiveProvider provider, String id) {
        return NO_EFFORT.over(traits(provider, id));
    }

    /** A model refuses every effort: for a while it is taken for one that does not reason. */
    void learnWithoutEffort(Target refuses) {
        learned.learn(refuses.provider(), refuses.model());
    }

    /** The prices alone, as in {@link #of}: asked after every call that was counted. */
    Map<String, Double> pricing(LiveProvider provider, String id) {
        Listing listing = listings.apply(provider);
        Model listed = listing == null ? null : listing.model(id);
        Model catalogued = catalogued(provider, id);
        Model said = said(provider, id);
        Map<String, Double> known = listed != null && !listed.pricing().isEmpty()
                ? listed.pricing()
                : catalogued == null ? Map.of() : catalogued.pricing();
        return said == null ? known : prices(said.pricing(), known);
    }

    private static Model merged(
            String id, @Nullable Model said, @Nullable Model listed, @Nullable Model catalogued, ModelTraits traits) {
        Model none = Model.builder(id).build();
        Model first = Objects.requireNonNullElse(said, none);
        Model second = Objects.requireNonNullElse(listed, none);
        Model third = Objects.requireNonNullElse(catalogued, none);
        String name = first.name() != null ? first.name() : second.name();
        return Model.builder(id)
                .name(name != null ? name : third.name())
                .ownedBy(second.ownedBy() != null ? second.ownedBy() : third.ownedBy())
                .created(second.created() > 0 ? second.created() : third.created())
                .contextLength(count(first.contextLength(), second.contextLength(), third.contextLength()))
                .maxOutput(count(first.maxOutput(), second.maxOutput(), third.maxOutput()))
                .dimensions(count(first.dimensions(), second.dimensions(), third.dimensions()))
                .capabilities(first.capabilities().isEmpty() ? either(second, third) : first.capabilities())
                .lacking(first.capabilities().isEmpty() ? second.lacking() : others(first.capabilities()))
                .pricing(prices(first.pricing(), second.pricing().isEmpty() ? third.pricing() : second.pricing()))
                .scores(second.scores())
                .traits(traits)
                .build();
    }

    private static int count(int first, int second, int third) {
        return first > 0 ? first : second > 0 ? second : third;
    }

    /** The configuration names all a model can do. */
    private static Set<String> others(Set<String> abilities) {
        Set<String> others = new HashSet<>(ABILITIES);
        others.removeAll(abilities);
        return others;
    }

    /** An ability one of them does not name is unknown to it, not denied. */
    private static Set<String> either(Model a, Model b) {
        if (a.capabilities().isEmpty() || b.capabilities().isEmpty()) {
            return a.capabilities().isEmpty() ? b.capabilities() : a.capabilities();
        }
        Set<String> both = new HashSet<>(a.capabilities());
        both.addAll(b.capabilities());
        return both;
    }

    private static Map<String, Double> prices(Map<String, Double> said, Map<String, Double> known) {
        if (said.isEmpty()) {
            return known;
        }
        Map<String, Double> prices = new HashMap<>(known);
        prices.putAll(said);
        return prices;
    }

    /** What the configuration says, of the id or of a name that stands for it. */
    private @Nullable Model said(LiveProvider provider, String id) {
        Map<String, Model> all = settings.get().modelFacts();
        if (all.isEmpty()) {
            return null;
        }
        String prefix = provider.id() + "/";
        Model exact = all.get(prefix + id);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, Model> one : all.entrySet()) {
            if (one.getKey().startsWith(prefix)
                    && named(provider, one.getKey().substring(prefix.length())).equals(id)) {
                return one.getValue();
            }
        }
        return null;
    }

    /** What the catalogues say of an id at its type's own service; null = nothing. */
    @Nullable
    Model catalogued(LiveProvider provider, String id) {
        return provider.official() ? index().facts(provider.type(), id) : null;
    }

    /** The catalogues' default for a provider at its type's own service; null = there is none. */
    @Nullable
    String defaultModel(LiveProvider provider) {
        return provider.official() ? index().defaultModel(provider.type()) : null;
    }

    /** Whether the catalogues know a name as a model of a type's vendor. */
    boolean isOfVendor(String type, String name) {
        return index().facts(type, name) != null || index().meant(type, ModelNames.key(name)) != null;
    }

    /**
     * What a provider is asked for when somebody writes this: the same, if it is an id that is configured, listed or
     * known, or no name that stands for one.
     */
    String named(LiveProvider provider, String written) {
        CatalogIndex known = index();
        if (written.equals(provider.settings().model())) {
            return written;
        }
        Listing listing = listings.apply(provider);
        Model listed = listing == null ? null : listing.model(written);
        if (listed != null) {
            return listed.id();
        }
        if (!provider.vendor() || !known.has(provider.type()) || known.facts(provider.type(), written) != null) {
            return written;
        }
        String key = ModelNames.key(written);
        String meant = known.meant(provider.type(), key);
        if (meant == null && listing != null) {
            meant = listing.newest(key);
        }
        return meant == null ? written : meant;
    }

    private CatalogIndex index() {
        List<LiveCatalog> now = registry.catalogs();
        CatalogIndex known = index;
        if (!known.isOf(now)) {
            known = new CatalogIndex(now);
            index = known;
        }
        return known;
    }
}
