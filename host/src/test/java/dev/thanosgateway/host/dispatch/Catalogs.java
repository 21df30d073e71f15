package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.TraitRule;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.host.plugins.LiveCatalog;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Catalogues to test with, of models of the type {@code toy}. */
final class Catalogs {
    private Catalogs() {}

    private record Fixed(List<CatalogModel> models, Map<String, String> defaults) implements LiveCatalog {
        @Override
        public String bundle() {
            return "test.catalog 1.0.0";
        }

        @Override
        public List<TraitRule> traits() {
            return List.of();
        }

        @Override
        public LocalDate date() {
            return LocalDate.of(2026, 1, 31);
        }
    }

    static LiveCatalog of(CatalogModel... models) {
        return new Fixed(List.of(models), Map.of());
    }

    /** @param model what is asked for where none is named */
    static LiveCatalog withDefault(String model, CatalogModel... models) {
        return new Fixed(List.of(models), Map.of("toy", model));
    }

    static CatalogModel model(String id, int context, double input) {
        return CatalogModel.of(
                "toy",
                Model.builder(id)
                        .name("Known " + id)
                        .contextLength(context)
                        .maxOutput(context / 10)
                        .capabilities(Set.of("vision"))
                        .pricing(Map.of("input", input, "output", 5 * input))
                        .build());
    }
}
