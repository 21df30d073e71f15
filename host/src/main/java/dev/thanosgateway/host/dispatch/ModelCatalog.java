package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.dialect.ModelCard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models clients can ask for. */
public interface ModelCatalog {
    /** Every model of every provider that serves, and the aliases. May block for a moment: ask on a virtual thread. */
    List<ModelCard> models();

    /** The model a provider is called with when a request names none; null = there is none, or none is known yet. */
    default @Nullable String defaultModel(String provider) {
        return null;
    }

    /**
     * The preferred provider that serves and has a default model, else the first in the configuration's order, as {@code
     * provider/model}; null = none has. May block for some seconds, while models are listed.
     */
    default @Nullable String first() {
        return null;
    }

    /**
     * The model that a caller gets by a name; null = there is none. May block for a moment, as {@link #models} does.
     */
    default @Nullable ModelCard find(String name) {
        List<ModelCard> all = models();
        ModelCard exact = named(all, name);
        return exact == null ? named(all, canonical(name)) : exact;
    }

    private static @Nullable ModelCard named(List<ModelCard> all, String name) {
        for (ModelCard card : all) {
            if (card.id().equals(name)) {
                return card;
            }
        }
        // A bare name is the model of whoever lists it first, as in a chat.
        for (ModelCard card : all) {
            if (card.model().id().equals(name)) {
                return card;
            }
        }
        return null;
    }

    /** The {@code provider/model} that a name stands for, from what is known at this moment; else the name. */
    default String canonical(String name) {
        return name;
    }

    /**
     * What is known of a model that nobody lists, by the name a request would give: {@code provider/model}, or a bare
     * name, which means what it means in a chat; null = no provider would be called for it.
     */
    default @Nullable ModelCard unlisted(String name) {
        return null;
    }
}
