package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.host.plugins.LiveProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a provider gave when it was asked for its models, and when. Immutable. */
final class Listing {
    static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);
    static final long FAILED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LiveProvider of;
    private final @Nullable ModelList models;
    private final long atNanos;
    private final Map<String, Model> byId = new HashMap<>();
    private final Map<String, Model> byAlias = new HashMap<>();
    private final Map<String, ModelNames.Dated> newest = new HashMap<>();

    /**
     * @param models null = it gives no listing: what this provider serves is not known; empty = nothing, for one that
     *     cannot be reached
     */
    Listing(LiveProvider of, @Nullable ModelList models, long atNanos) {
        this.of = of;
        this.models = models;
        this.atNanos = atNanos;
        for (Model model : models == null ? List.<Model>of() : models.models()) {
            byId.putIfAbsent(model.id(), model);
            model.aliases().forEach(alias -> byAlias.putIfAbsent(alias, model));
            ModelNames.Dated dated = ModelNames.Dated.of(model.id());
            if (dated != null) {
                newest.merge(dated.family(), dated, ModelNames.Dated::newer);
            }
        }
    }

    LiveProvider of() {
        return of;
    }

    @Nullable
    ModelList models() {
        return models;
    }

    boolean fresh(LiveProvider provider) {
        long age = System.nanoTime() - atNanos;
        return of == provider && age < (failed(models) ? FAILED_NANOS : FRESH_NANOS);
    }

    static boolean failed(@Nullable ModelList models) {
        return models == null || models.models().isEmpty();
    }

    /** Whether the provider did not answer when it was asked. */
    boolean unreachable() {
        return models == Models.NOTHING;
    }

    /** What it says of a model, by its id or one of its aliases; null = it does not list it. */
    @Nullable
    Model model(String id) {
        Model model = byId.get(id);
        return model == null ? byAlias.get(id) : model;
    }

    /** The first model that is not known to make embeddings only; null = it lists none. */
    @Nullable
    String firstThatChats() {
        return models == null
                ? null
                : models.models().stream()
                        .filter(model -> !model.capabilities().contains("embeddings")
                                || model.capabilities().contains("streaming"))
                        .map(Model::id)
                        .findFirst()
                        .orElse(null);
    }

    /** The newest of the dated ids of a family; null = there is none. */
    @Nullable
    String newest(String family) {
        ModelNames.Dated dated = newest.get(family);
        return dated == null ? null : dated.id();
    }
}
