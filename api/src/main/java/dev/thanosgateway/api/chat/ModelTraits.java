package dev.thanosgateway.api.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one model takes at one endpoint: data, from the catalogues and the configuration. Immutable. A trait that is
 * absent is unknown, and a model is taken to be able to do what is unknown of it.
 *
 * <p>The names of the traits are those of {@link Trait}, the same in a catalogue's file, in {@code [models.facts]} and in
 * what {@code thanos models NAME} prints.
 */
public final class ModelTraits {
    /** Nothing is known. */
    public static final ModelTraits UNKNOWN = new ModelTraits(Map.of());

    private final Map<Trait, List<String>> values;

    private ModelTraits(Map<Trait, List<String>> values) {
        this.values = values;
    }

    /**
     * These traits and one more.
     *
     * @param words the words of the value, several only for a list; an empty list is a value too
     * @throws IllegalArgumentException with a sentence about the value, if the trait cannot have it
     */
    public ModelTraits with(Trait trait, List<String> words) {
        trait.check(words);
        Map<Trait, List<String>> all = new LinkedHashMap<>(values);
        all.put(trait, List.copyOf(words));
        return new ModelTraits(all);
    }

    /** These traits, and those of {@code lower} that these do not name. */
    public ModelTraits over(ModelTraits lower) {
        if (values.isEmpty() || lower.values.isEmpty()) {
            return values.isEmpty() ? lower : this;
        }
        Map<Trait, List<String>> all = new LinkedHashMap<>(lower.values);
        all.putAll(values);
        return new ModelTraits(all);
    }

    /** The known traits with their words. */
    public Map<Trait, List<String>> values() {
        return Map.copyOf(values);
    }

    /** The words of a list; null = unknown. */
    public @Nullable List<String> list(Trait trait) {
        return values.get(trait);
    }

    /** Whether a list has this word; true where the list is unknown. */
    public boolean takes(Trait trait, String word) {
        List<String> known = values.get(trait);
        return known == null || known.contains(word);
    }

    /** The word of a trait that has one; null = unknown. */
    public @Nullable String word(Trait trait) {
        List<String> known = values.get(trait);
        return known == null || known.isEmpty() ? null : known.get(0);
    }

    /** Whether a trait is known to have this word. */
    public boolean is(Trait trait, String word) {
        return word.equals(word(trait));
    }

    /** Yes or no; {@code unknown} where nothing is known. */
    public boolean flag(Trait trait, boolean unknown) {
        String word = word(trait);
        return word == null ? unknown : word.equals(Trait.YES);
    }

    /** A number; {@code unknown} where nothing is known. */
    public long number(Trait trait, long unknown) {
        String word = word(trait);
        return word == null ? unknown : Long.parseLong(word);
    }

    /** The tokens a model may be told to think with, clamped to what it takes; as given where nothing is known. */
    public long budget(long tokens) {
        String range = word(Trait.BUDGET);
        if (range == null) {
            return tokens;
        }
        int dash = range.indexOf('-');
        return Math.clamp(tokens, Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelTraits traits && values.equals(traits.values);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(values);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
