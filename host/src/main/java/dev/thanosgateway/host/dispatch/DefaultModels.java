package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.provider.LocalModels;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.LiveProvider;
import dev.thanosgateway.host.plugins.Registry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The model a provider is called with when a request names none: its table's, else the catalogues' default, else the
 * first that it lists and that chats, where no call is paid for. Used from many threads.
 */
final class DefaultModels {
    /** Asks a provider for its listing, or joins those who do. */
    interface Lists {
        CompletableFuture<Listing> refresh(LiveProvider provider);
    }

    private final Registry registry;
    private final Supplier<Settings> settings;
    private final ModelFacts facts;
    private final Function<LiveProvider, @Nullable Listing> listings;
    private final Lists lists;

    /**
     * @param listings what is at hand of a provider's listing; null = nothing
     * @param lists asks for a listing anew
     */
    DefaultModels(
            Registry registry,
            Supplier<Settings> settings,
            ModelFacts facts,
            Function<LiveProvider, @Nullable Listing> listings,
            Lists lists) {
        this.registry = registry;
        this.settings = settings;
        this.facts = facts;
        this.listings = listings;
        this.lists = lists;
    }

    /** null = there is none, or none is known yet. */
    @Nullable
    String of(LiveProvider provider) {
        String model = provider.settings().model();
        if (model == null) {
            model = facts.defaultModel(provider);
        }
        Listing listing = listings.apply(provider);
        return model != null || listing == null || !isListed(provider) ? model : listing.firstThatChats();
    }

    /** Whether it is the first model of the provider's own list: what is installed, at no price. */
    private boolean isListed(LiveProvider provider) {
        boolean server = provider.vendor() || (provider.settings().keys().isEmpty() && provider.autoBy() == null);
        boolean free = server && !provider.needsKey();
        return provider.settings().model() == null
                && (provider.service() instanceof LocalModels || (free && provider.service() instanceof ModelListing))
                && facts.defaultModel(provider) == null;
    }

    /**
     * The providers that a request without a model may reach. Where providers are found and not configured, what answers
     * by itself serves only while no upstream was found that has a model to be called with, or may have one.
     */
    List<LiveProvider> open() {
        List<LiveProvider> all = registry.providers();
        List<LiveProvider> upstreams =
                all.stream().filter(provider -> provider.endpoint() != null).toList();
        return settings.get().discover() && upstreams.stream().anyMatch(this::mayHaveOne) ? upstreams : all;
    }

    /** A list that is not at hand may hold a model; one that was given and is empty holds none. */
    private boolean mayHaveOne(LiveProvider provider) {
        Listing listing = listings.apply(provider);
        return of(provider) != null
                || provider.service() instanceof Signals
                || (isListed(provider) && (listing == null || listing.models() == null || listing.unreachable()));
    }

    /** See {@link ModelCatalog#first}. Blocks while models are listed. */
    @Nullable
    String first() {
        Object preferred = settings.get().routing().all().get("preferred");
        CompletableFuture<Void> known = new CompletableFuture<>();
        whenKnown(open(), () -> known.complete(null));
        known.join();
        List<LiveProvider> open = new ArrayList<>(open());
        open.sort(Comparator.comparing(provider -> !provider.id().equals(preferred)));
        for (LiveProvider provider : open) {
            String model = of(provider);
            if (model != null) {
                return provider.id() + "/" + model;
            }
        }
        return null;
    }

    /** @param then called once: now, if the lists that defaults are taken from are at hand; else when they are */
    void whenKnown(List<LiveProvider> providers, Runnable then) {
        List<CompletableFuture<Listing>> missing = new ArrayList<>();
        for (LiveProvider provider : providers) {
            if (!isListed(provider)) {
                continue;
            }
            Listing known = listings.apply(provider);
            boolean none = known == null || known.firstThatChats() == null;
            // A model may have been installed since; what cannot be reached is not asked for each request.
            boolean installable = none && known != null && !known.unreachable();
            if (known == null || installable || !known.fresh(provider)) {
                CompletableFuture<Listing> coming = lists.refresh(provider);
                if (none) {
                    missing.add(coming);
                }
            }
        }
        if (missing.isEmpty()) {
            then.run();
        } else {
            CompletableFuture.allOf(missing.toArray(CompletableFuture<?>[]::new))
                    .thenRun(then);
        }
    }

    /** Asks for the lists that defaults are taken from and that are not at hand. */
    void look() {
        for (LiveProvider provider : registry.providers()) {
            if (listings.apply(provider) == null && isListed(provider)) {
                lists.refresh(provider);
            }
        }
    }
}
