package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.LocalModels;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import dev.thanosgateway.host.transport.KeyRing;
import dev.thanosgateway.host.transport.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which provider serves which model: what each was configured with, and what each lists by itself, asked for at most
 * once a minute and never while a call waits if something is known already.
 */
final class Models implements ModelCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(Models.class);
    private static final int MODELS_LIMIT = 10_000;
    /** Of a provider that cannot be reached. */
    static final ModelList NOTHING = new ModelList(List.of());

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Transport transport;
    private final Deadlines deadlines;
    private final KeyRings keys;
    private final SignalBoard signals;
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Listing>> underway = new ConcurrentHashMap<>();
    private final ModelFacts facts;
    private final DefaultModels defaults;

    Models(
            Registry registry,
            Supplier<Settings> settings,
            Transport transport,
            Deadlines deadlines,
            KeyRings keys,
            SignalBoard signals) {
        this.registry = registry;
        this.settings = settings;
        this.transport = transport;
        this.deadlines = deadlines;
        this.keys = keys;
        this.signals = signals;
        this.facts = new ModelFacts(registry, settings, this::listing);
        this.defaults = new DefaultModels(registry, settings, facts, this::listing, this::refresh);
    }

    /** What is known of models, and which a name stands for. */
    ModelFacts facts() {
        return facts;
    }

    private @Nullable Listing listing(LiveProvider provider) {
        Listing listing = listings.get(provider.id());
        return listing == null || listing.of() != provider ? null : listing;
    }

    /** What providers are called with where nothing names a model. */
    DefaultModels defaults() {
        return defaults;
    }

    /** The model a provider is called with when a request leaves it open; null = there is none, or none known yet. */
    @Nullable
    String configured(LiveProvider provider) {
        return defaults.of(provider);
    }

    @Override
    public @Nullable String defaultModel(String id) {
        LiveProvider provider = registry.provider(id);
        return provider == null ? null : configured(provider);
    }

    @Override
    public @Nullable String first() {
        return defaults.first();
    }

    /** Asks the providers whose default is in their own list, so that it is at hand. */
    void look() {
        defaults.look();
        // Nothing may hold on to an instance that no longer serves.
        listings.values().removeIf(listing -> registry.provider(listing.of().id()) != listing.of());
    }

    /**
     * Finds who serves a bare name, in the configuration's order: the vendors among those that list it or are
     * configured with it, else the others, else those of which nothing is known. Where a vendor's listing is not at
     * hand, the catalogues say what it serves.
     *
     * @param then called once: now, if the listings are at hand or the vendor is known; else when they are
     */
    void whoServes(String name, Consumer<List<LiveProvider>> then) {
        whenListed(List.of(name), () -> then.accept(serving(name)));
    }

    /** @param then called once: now, if the listings are at hand or each name's vendor is known; else when they are */
    void whenListed(List<String> names, Runnable then) {
        if (names.isEmpty()) {
            then.run();
            return;
        }
        List<LiveProvider> all = registry.providers();
        List<CompletableFuture<Listing>> missing = missing(all);
        boolean known = names.stream().allMatch(name -> all.stream().anyMatch(provider -> isVendorOf(provider, name)));
        if (missing.isEmpty() || known) {
            then.run();
        } else {
            CompletableFuture.allOf(missing.toArray(CompletableFuture<?>[]::new))
                    .thenRun(then);
        }
    }

    /** Asks for every listing that is not fresh, all at once; gives those of which nothing is known yet. */
    private List<CompletableFuture<Listing>> missing(List<LiveProvider> all) {
        List<CompletableFuture<Listing>> missing = new ArrayList<>();
        for (LiveProvider provider : all) {
            Listing known = listings.get(provider.id());
            if (known == null || known.of() != provider) {
                missing.add(refresh(provider));
            } else if (!known.fresh(provider)) {
                refresh(provider);
            }
        }
        return missing;
    }

    private List<LiveProvider> serving(String name, List<LiveProvider> all) {
        List<LiveProvider> vendors = new ArrayList<>();
        List<LiveProvider> others = new ArrayList<>();
        List<LiveProvider> unreachable = new ArrayList<>();
        List<LiveProvider> unknown = new ArrayList<>();
        for (LiveProvider provider : all) {
            Listing listing = listings.get(provider.id());
            ModelList models = listing == null ? null : listing.models();
            if (isVendorOf(provider, name) || (provider.vendor() && serves(provider, name))) {
                vendors.add(provider);
            } else if (serves(provider, name)) {
                others.add(provider);
            } else if (models == null && name.indexOf('/') < 0) {
                unknown.add(provider);
            } else if (isCatalogued(provider, name) && Listing.failed(models)) {
                unreachable.add(provider);
            }
        }
        return List.of(vendors, others, unreachable, unknown).stream()
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private boolean serves(LiveProvider provider, String name) {
        String id = facts.named(provider, name);
        Listing listing = listings.get(provider.id());
        return id.equals(configured(provider)) || (listing != null && listing.model(id) != null);
    }

    private boolean isCatalogued(LiveProvider provider, String name) {
        return facts.catalogued(provider, facts.named(provider, name)) != null;
    }

    /** Whether the catalogues say so, and its own listing does not say otherwise. */
    private boolean isVendorOf(LiveProvider provider, String name) {
        Listing listing = listings.get(provider.id());
        return provider.vendor()
                && isCatalogued(provider, name)
                && (listing == null || listing.models() == null || serves(provider, name));
    }

    private CompletableFuture<Listing> refresh(LiveProvider provider) {
        CompletableFuture<Listing> mine = new CompletableFuture<>();
        CompletableFuture<Listing> other = underway.putIfAbsent(provider.id(), mine);
        if (other != null) {
            return other;
        }
        Consumer<@Nullable ModelList> found = models -> {
            Listing listing = newer(provider, models);
            listings.put(provider.id(), listing);
            underway.remove(provider.id(), mine);
            mine.complete(listing);
        };
        if (provider.service() instanceof LocalModels local) {
            provider.lanes().open(overrun -> found.accept(null)).execute(() -> found.accept(listed(provider, local)));
        } else if (provider.service() instanceof ModelListing listing) {
            ask(provider, listing, listed -> found.accept(served(listed)));
        } else if (provider.service() instanceof Signals) {
            signals.listing(provider).thenAccept(listed -> found.accept(served(listed)));
        } else {
            found.accept(null);
        }
        return mine;
    }

    /** Asks for a listing; {@code found} hears of it once, on any thread, within some seconds. */
    void ask(LiveProvider provider, ModelListing listing, Consumer<Listed> found) {
        KeyRing.Key key = keys.of(provider).next();
        new ListingCall(provider, listing, key, transport, deadlines, found).start();
    }

    /** Who cannot be reached serves nothing now; who only gives no list may serve anything. */
    private static @Nullable ModelList served(Listed listed) {
        ErrorKind kind = listed.failure() == null ? null : listed.failure().kind();
        boolean unreachable = kind == ErrorKind.UPSTREAM_UNAVAILABLE || kind == ErrorKind.UPSTREAM_TIMEOUT;
        return unreachable ? NOTHING : listed.models();
    }

    /** A listing that fails leaves what is known in place, to be asked for again soon. */
    private Listing newer(LiveProvider provider, @Nullable ModelList models) {
        long now = System.nanoTime();
        Listing before = listings.get(provider.id());
        return Listing.failed(models) && before != null && before.of() == provider && !Listing.failed(before.models())
                ? new Listing(provider, before.models(), now - Listing.FRESH_NANOS + Listing.FAILED_NANOS)
                : new Listing(provider, models, now);
    }

    private static @Nullable ModelList listed(LiveProvider provider, LocalModels local) {
        try {
            return local.models();
        } catch (Exception | Error e) {
            LOG.warn("The plugin {} does not list its models.", provider.bundle(), e);
            return null;
        }
    }

    @Override
    public List<ModelCard> models() {
        List<LiveProvider> all = registry.providers();
        CompletableFuture.allOf(missing(all).toArray(CompletableFuture<?>[]::new))
                .join();
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        for (LiveProvider provider : all) {
            for (String model : modelsOf(provider)) {
                if (cards.size() < MODELS_LIMIT) {
                    String id = provider.id() + "/" + model;
                    cards.putIfAbsent(id, new ModelCard(id, provider.id(), facts.of(provider, model)));
                }
            }
        }
        settings.get().aliases().forEach((alias, targets) -> targets.forEach(target -> addAlias(cards, alias, target)));
        return List.copyOf(cards.values());
    }

    private void addAlias(Map<String, ModelCard> cards, String alias, String target) {
        int slash = target.indexOf('/');
        LiveProvider live = registry.provider(slash < 0 ? target : target.substring(0, slash));
        String named;
        if (live == null) {
            // A bare name, or a provider that is not here.
            live = serving(target).stream().findFirst().orElse(null);
            named = live == null ? null : facts.named(live, target);
        } else {
            named = slash < 0 ? configured(live) : facts.named(live, target.substring(slash + 1));
        }
        if (live != null && named != null) {
            // Of a list, what is tried first describes it.
            cards.putIfAbsent(alias, new ModelCard(alias, live.id(), facts.of(live, named)));
        }
    }

    /** The ids of what it lists and is configured with. */
    private Set<String> modelsOf(LiveProvider provider) {
        Set<String> ids = new LinkedHashSet<>();
        Listing listing = listings.get(provider.id());
        ModelList listed = listing == null ? null : listing.models();
        if (listed != null) {
            listed.models().forEach(model -> ids.add(model.id()));
        }
        String configured = configured(provider);
        if (configured != null) {
            ids.add(configured);
        }
        return ids;
    }

    @Override
    public String canonical(String name) {
        int slash = name.indexOf('/');
        LiveProvider pinned = slash < 0 ? null : registry.provider(name.substring(0, slash));
        if (pinned != null) {
            return pinned.id() + "/" + listedAs(pinned, name.substring(slash + 1));
        }
        return serving(name, registry.providers()).stream()
                .findFirst()
                .map(provider -> provider.id() + "/" + listedAs(provider, name))
                .orElse(name);
    }

    @Override
    public @Nullable ModelCard unlisted(String name) {
        int slash = name.indexOf('/');
        LiveProvider pinned = slash < 0 ? null : registry.provider(name.substring(0, slash));
        if (slash == name.length() - 1) {
            return null;
        }
        LiveProvider live = pinned == null ? serving(name).stream().findFirst().orElse(null) : pinned;
        if (live == null) {
            return null;
        }
        String id = facts.named(live, pinned == null ? name : name.substring(slash + 1));
        return new ModelCard(live.id() + "/" + id, live.id(), facts.of(live, id));
    }

    private String listedAs(LiveProvider provider, String name) {
        String id = facts.named(provider, name);
        Listing listing = listing(provider);
        Model model = listing == null ? null : listing.model(id);
        return model == null ? id : model.id();
    }

    /** The providers that serve a bare name, by what is known at this moment; see {@link #whoServes}. */
    List<LiveProvider> serving(String name) {
        return serving(name, registry.providers());
    }

    /** The model's name as it was written, or where only another spelling of it is known now, that. Does not block. */
    String meant(ChatRequest request) {
        String written = request.model();
        if (request.spellings().isEmpty() || knows(written)) {
            return written;
        }
        return request.spellings().stream().filter(this::knows).findFirst().orElse(written);
    }

    private boolean knows(String name) {
        if (settings.get().aliases().containsKey(name)) {
            return true;
        }
        int slash = name.indexOf('/');
        LiveProvider pinned = slash < 0 ? null : registry.provider(name.substring(0, slash));
        List<LiveProvider> asked = pinned == null ? registry.providers() : List.of(pinned);
        String model = pinned == null ? name : name.substring(slash + 1);
        return asked.stream().anyMatch(p -> serves(p, model) || isCatalogued(p, model));
    }

    /** Names a caller can use, from what is known at this moment. Does not block. */
    List<String> known() {
        Set<String> names = new LinkedHashSet<>(settings.get().aliases().keySet());
        for (LiveProvider provider : registry.providers()) {
            Set<String> models = modelsOf(provider);
            if (models.isEmpty()) {
                names.add(provider.id() + "/<model>");
            }
            for (String model : models) {
                names.add(provider.id() + "/" + model);
            }
        }
        return List.copyOf(names);
    }
}
