package dev.thanosgateway.api.catalog;

import dev.thanosgateway.api.provider.Model;
import java.util.List;

/** One model of one vendor, with its names. Immutable. */
public final class CatalogModel {
    private final String type;
    private final Model facts;
    private final List<String> aliases;
    private final List<String> names;

    private CatalogModel(String type, Model facts, List<String> aliases, List<String> names) {
        this.type = type;
        this.facts = facts;
        this.aliases = List.copyOf(aliases);
        this.names = List.copyOf(names);
    }

    /**
     * @param type the provider type whose vendor serves it
     * @param facts what is known, and nothing that is guessed; its id is what the vendor is asked for
     */
    public static CatalogModel of(String type, Model facts) {
        return new CatalogModel(type, facts, List.of(), List.of());
    }

    /** @param ids see {@link #aliases()} */
    public CatalogModel withAliases(List<String> ids) {
        return new CatalogModel(type, facts, ids, names);
    }

    /** @param others see {@link #names()} */
    public CatalogModel withNames(List<String> others) {
        return new CatalogModel(type, facts, aliases, others);
    }

    public String type() {
        return type;
    }

    public Model facts() {
        return facts;
    }

    /** Further ids the vendor itself answers to; they go upstream as they are. */
    public List<String> aliases() {
        return aliases;
    }

    /**
     * Names people use that the vendor does not know; they stand for this model. The id without its date, and any of
     * these with other punctuation, need not be said.
     */
    public List<String> names() {
        return names;
    }

    @Override
    public String toString() {
        return type + "/" + facts.id();
    }
}
