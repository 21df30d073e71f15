package dev.thanosgateway.api.catalog;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Facts about vendors' models: a declarative service. Data, not behaviour: the host asks once, when the service
 * appears, and keeps what it got until the bundle goes. A bundle with newer facts is a newer version of it.
 *
 * <p>Where several catalogues know a model, one of them describes it whole: that with the highest {@code
 * service.ranking}, of equal ones that of the jar whose file name sorts last.
 */
@ConsumerType
public interface ModelCatalog {
    /** The most models the host takes of one catalogue; one with more is refused. */
    int MODELS_LIMIT = 10_000;

    /** The day its facts are as of. */
    LocalDate date();

    /** What it knows, each id of a type once. Does not block, and does no I/O but to read the bundle's own file. */
    List<CatalogModel> models();

    /** What its models take, in the order of {@link TraitTable}; at most {@link #MODELS_LIMIT} rules. */
    default List<TraitRule> traits() {
        return List.of();
    }

    /**
     * The models that a provider is called with when neither its table nor the request names one: by provider type, an id
     * or alias of one of {@link #models}. A type without one has no default. Asked once, as the models are.
     */
    default Map<String, String> defaults() {
        return Map.of();
    }
}
