package dev.thanosgateway.host.decision;

import java.util.Locale;

/** How a model's name was understood: contract 4. */
public enum Understood {
    /** {@code provider/model}. */
    PINNED,
    /** A provider's id, for its configured model. */
    PROVIDER,
    /** A name of {@code [models.aliases]}. */
    ALIAS,
    /** A model's name without a provider. */
    BARE,
    /** The strategy chooses. */
    AUTO;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
