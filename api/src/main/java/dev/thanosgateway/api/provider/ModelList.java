package dev.thanosgateway.api.provider;

import java.util.List;

/** The models a provider offers, in its order. */
public record ModelList(List<Model> models) {
    public ModelList {
        models = List.copyOf(models);
    }
}
