package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.dialect.ModelCard;
import java.util.List;

/** The models clients can ask for. */
public interface ModelCatalog {
    /** Every model of every provider that serves, and the aliases. May block for a moment: ask on a virtual thread. */
    List<ModelCard> models();

    /** The {@code provider/model} that a name stands for, from what is known at this moment; else the name. */
    default String canonical(String name) {
        return name;
    }
}
