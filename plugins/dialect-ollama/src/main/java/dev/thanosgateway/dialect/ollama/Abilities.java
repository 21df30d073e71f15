package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a server has said of its models in {@code /api/show}, which older ones do not say in their list. Kept for some
 * minutes, as a model may be pulled again under its name. For one endpoint, used by any thread.
 */
public final class Abilities {
    private static final int LIMIT = 1024;
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** Efforts of a model that only says that it reasons; one without levels takes any of them for yes. */
    private static final List<String> EFFORTS = List.of("none", "low", "medium", "high", "max");

    private static final String NONE = "none";

    private record Known(ModelTraits traits, long nanos) {}

    private final Map<String, Known> models = new ConcurrentHashMap<>();

    /** What the server said of a model; null = it was not asked, or long ago. */
    @Nullable
    ModelTraits of(String model) {
        Known known = models.get(model);
        return known == null || System.nanoTime() - known.nanos() > FRESH_NANOS ? null : known.traits();
    }

    /** @param traits {@link ModelTraits#UNKNOWN} where the server did not say */
    void keep(String model, ModelTraits traits) {
        if (models.size() >= LIMIT) {
            models.clear();
        }
        models.put(model, new Known(traits, System.nanoTime()));
    }

    /** The words of Ollama for what a model can do, in those of {@code Model.capabilities()}. */
    static Set<String> words(@Nullable Value list) throws JsonException {
        Set<String> known = new HashSet<>();
        if (list != null && list.isArray()) {
            for (Value one : list.elements()) {
                switch (one.text()) {
                    case "completion" -> known.add("streaming");
                    case "tools" -> known.add("functions");
                    case "thinking" -> known.add("reasoning");
                    case "embedding" -> known.add("embeddings");
                    default -> known.add(one.text());
                }
            }
        }
        return known;
    }

    /**
     * What a model takes by what it can do.
     *
     * @param words as {@link #words} gives them; empty = nothing is known
     * @param thinking what the server says of how it reasons, of which {@code values} are the words it takes; null =
     *     nothing
     */
    static ModelTraits traits(Set<String> words, @Nullable Value thinking) throws JsonException {
        if (words.isEmpty()) {
            return ModelTraits.UNKNOWN;
        }
        return ModelTraits.UNKNOWN.with(Trait.EFFORT, words.contains("reasoning") ? efforts(thinking) : List.of());
    }

    private static List<String> efforts(@Nullable Value thinking) throws JsonException {
        Value values =
                thinking != null && thinking.isObject() ? thinking.members().get("values") : null;
        if (values == null || !values.isArray()) {
            return EFFORTS;
        }
        List<String> efforts = new ArrayList<>();
        for (Value one : values.elements()) {
            String word = one.isString() ? one.text() : one.json().text().equals("false") ? NONE : "";
            if (EFFORTS.contains(word)) {
                efforts.add(word);
            }
        }
        // Yes is the only other word: whatever effort is asked for.
        return List.of(NONE).containsAll(efforts) ? withLevels(efforts) : efforts;
    }

    private static List<String> withLevels(List<String> efforts) {
        return efforts.isEmpty() ? EFFORTS.subList(1, EFFORTS.size()) : EFFORTS;
    }
}
