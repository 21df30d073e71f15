package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.provider.LocalModels;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import dev.thanosgateway.host.transport.KeyRing;
import dev.thanosgateway.host.transport.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MODELS_LIMIT = 10_000;
    private static final ModelList NOTHING = new ModelList(List.of());

    /**
     * @param models null = it gives no listing: what this provider serves is not known; empty = nothing, for one that
     *     cannot be reached
     */
    private record Listing(
            LiveProvider of, @Nullable ModelList models, long atNanos, Map<String, Map<String, Double>> prices) {
        static Listing of(LiveProvider of, @Nullable ModelList models, long atNanos) {
            Map<String, Map<String, Double>> prices = new HashMap<>();
            for (Model model : models == null ? List.<Model>of() : models.models()) {
                if (!model.pricing().isEmpty()) {
                    prices.put(model.id(), model.pricing());
                }
            }
            return new Listing(of, models, atNanos, prices);
        }

        boolean fresh(LiveProvider provider) {
            long age = System.nanoTime() - atNanos;
            return of == provider && age < (failed(models) ? FAILED_NANOS : FRESH_NANOS);
        }

        static boolean failed(@Nullable ModelList models) {
            return models == null || models.models().isEmpty();
        }
    }

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final Transport transport;
    private final Deadlines deadlines;
    private final KeyRings keys;
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Listing>> underway = new ConcurrentHashMap<>();

    Models(Registry registry, Supplier<Settings> settings, Transport transport, Deadlines deadlines, KeyRings keys) {
        this.registry = registry;
        this.settings = settings;
        this.transport = transport;
        this.deadlines = deadlines;
        this.keys = keys;
    }

    /** What a provider is asked for when a request leaves the model open; null = nothing is set. */
    @Nullable
    String configured(LiveProvider provider) {
        String model = provider.settings().model();
        if (model != null) {
            return model;
        }
        Listing listing = listings.get(provider.id());
        ModelList own = listing == null || !(provider.service() instanceof LocalModels) ? null : listing.models();
        return own == null || own.models().isEmpty()
                ? null
                : own.models().get(0).id();
    }

    /** US dollars per million tokens by kind, from what the provider listed; empty = not known. Does not block. */
    Map<String, Double> prices(LiveProvider provider, @Nullable String model) {
        Listing listing = listings.get(provider.id());
        return model == null || listing == null || listing.of() != provider
                ? Map.of()
                : listing.prices().getOrDefault(model, Map.of());
    }

    /** Asks the providers that know their models by themselves, so that their first model is at hand. */
    void look() {
        for (LiveProvider provider : registry.providers()) {
            Listing known = listings.get(provider.id());
            if (provider.service() instanceof LocalModels && (known == null || known.of() != provider)) {
                refresh(provider);
            }
        }
        // Nothing may hold on to an instance that no longer serves.
        listings.values().removeIf(listing -> registry.provider(listing.of().id()) != listing.of());
    }

    /**
     * Finds who serves a bare name, in the configuration's order: those that list it or are configured with it, else
     * those of which nothing is known.
     *
     * @param then called once, now if the listings are at hand, else when they are
     */
    void whoServes(String name, Consumer<List<LiveProvider>> then) {
        List<LiveProvider> all = registry.providers();
        List<CompletableFuture<Listing>> missing = missing(all);
        if (missing.isEmpty()) {
            then.accept(serving(name, all));
            return;
        }
        CompletableFuture.allOf(missing.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> then.accept(serving(name, all)));
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
        List<LiveProvider> listed = new ArrayList<>();
        List<LiveProvider> unknown = new ArrayList<>();
        for (LiveProvider provider : all) {
            Listing listing = listings.get(provider.id());
            ModelList models = listing == null ? null : listing.models();
            if (name.equals(configured(provider)) || (models != null && lists(models, name))) {
                listed.add(provider);
            } else if (models == null && name.indexOf('/') < 0) {
                unknown.add(provider);
            }
        }
        return listed.isEmpty() ? unknown : listed;
    }

    private static boolean lists(ModelList models, String name) {
        for (Model model : models.models()) {
            if (model.id().equals(name)) {
                return true;
            }
        }
        return false;
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
                ? new Listing(provider, before.models(), now - FRESH_NANOS + FAILED_NANOS, before.prices())
                : Listing.of(provider, models, now);
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
            for (Model model : modelsOf(provider)) {
                if (cards.size() < MODELS_LIMIT) {
                    String id = provider.id() + "/" + model.id();
                    cards.putIfAbsent(id, new ModelCard(id, provider.id(), model));
                }
            }
        }
        settings.get().aliases().forEach((alias, targets) -> targets.forEach(target -> addAlias(cards, alias, target)));
        return List.copyOf(cards.values());
    }

    private void addAlias(Map<String, ModelCard> cards, String alias, String target) {
        int slash = target.indexOf('/');
        String provider = slash < 0 ? target : target.substring(0, slash);
        ModelCard same = cards.get(target);
        LiveProvider live = registry.provider(provider);
        if (live == null) {
            return;
        }
        String named = slash < 0 ? configured(live) : target.substring(slash + 1);
        Model model = same != null
                ? same.model()
                : named == null ? null : Model.builder(named).build();
        if (model != null) {
            // Of a list, what is tried first describes it.
            cards.putIfAbsent(alias, new ModelCard(alias, provider, model));
        }
    }

    private List<Model> modelsOf(LiveProvider provider) {
        Map<String, Model> models = new LinkedHashMap<>();
        Listing listing = listings.get(provider.id());
        ModelList listed = listing == null ? null : listing.models();
        if (listed != null) {
            listed.models().forEach(model -> models.putIfAbsent(model.id(), model));
        }
        String configured = configured(provider);
        if (configured != null) {
            models.putIfAbsent(configured, Model.builder(configured).build());
        }
        return List.copyOf(models.values());
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
        return asked.stream().flatMap(p -> modelsOf(p).stream()).anyMatch(m -> m.id().equals(model));
    }

    /** Names a caller can use, from what is known at this moment. Does not block. */
    List<String> known() {
        Set<String> names = new LinkedHashSet<>(settings.get().aliases().keySet());
        for (LiveProvider provider : registry.providers()) {
            List<Model> models = modelsOf(provider);
            if (models.isEmpty()) {
                names.add(provider.id() + "/<model>");
            }
            for (Model model : models) {
                names.add(provider.id() + "/" + model.id());
            }
        }
        return List.copyOf(names);
    }
}
