package dev.thanosgateway.host.plugins;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.TraitRule;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** A catalogue of models that is deployed. Its facts were taken when it came: they hold on to none of its classes. */
public interface LiveCatalog {
    /** Symbolic name and version, for messages. */
    String bundle();

    LocalDate date();

    List<CatalogModel> models();

    List<TraitRule> traits();

    /** The model to use when none is named, by provider type. */
    Map<String, String> defaults();
}
