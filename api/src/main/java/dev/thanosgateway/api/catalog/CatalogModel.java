package dev.thanosgateway.api.catalog;

import dev.thanosgateway.api.provider.Model;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One model of one vendor, with its names. Immutable. */
public final class CatalogModel {
    private final String type;
    private final Model facts;
    private final List<String> aliases;
    private final List<String> names;
    private final @Nullable LocalDate ends;
    private final @Nullable String successor;

    private CatalogModel(
            String type,
            Model facts,
            List<String> aliases,
            List<String> names,
            @Nullable LocalDate ends,
            @Nullable String successor) {
        this.type = type;
        this.facts = facts;
        this.aliases = List.copyOf(aliases);
        this.names = List.copyOf(names);
        this.ends = ends;
        this.successor = successor;
    }

    /**
     * @param type the provider type whose vendor serves it
     * @param facts what is known, and nothing that is guessed; its id is what the vendor is asked for
     */
    public static CatalogModel of(String type, Model facts) {
        return new CatalogModel(type, facts, List.of(), List.of(), null, null);
    }

    /** @param ids see {@link #aliases()} */
    public CatalogModel withAliases(List<String> ids) {
        return new CatalogModel(type, facts, ids, names, ends, successor);
    }

    /** @param others see {@link #names()} */
    public CatalogModel withNames(List<String> others) {
        return new CatalogModel(type, facts, aliases, others, ends, successor);
    }

    /**
     * @param day see {@link #ends()}
     * @param next see {@link #successor()}
     */
    public CatalogModel withEnd(@Nullable LocalDate day, @Nullable String next) {
        return new CatalogModel(type, facts, aliases, names, day, next);
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

    /** The announced day on which the vendor stops serving it; it may be past. {@code null} = none is known. */
    public @Nullable LocalDate ends() {
        return ends;
    }

    /** The id of the vendor's current model in its place; {@code null} = none is known. */
    public @Nullable String successor() {
        return successor;
    }

    @Override
    public String toString() {
        return type + "/" + facts.id();
    }
}
