package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table while it is being read: hands out typed values, tells what is wrong with the others, and knows which keys
 * nobody asked for. A value that is wrong is told once and then counts as absent.
 */
final class Section {
    private final TomlTable table;
    private final String path;
    private final @Nullable TomlPosition at;
    private final Problems problems;
    private final Environment environment;
    private final Set<String> asked = new LinkedHashSet<>();

    /**
     * @param path what messages put before a key; empty = the file's top
     * @param at where the table stands; null = the file's top
     */
    Section(TomlTable table, String path, @Nullable TomlPosition at, Problems problems, Environment environment) {
        this.table = table;
        this.path = path;
        this.at = at;
        this.problems = problems;
        this.environment = environment;
    }

    /**
     * Text of the file.
     *
     * @param value with everything from the environment in it; not for messages
     * @param written as it stands in the file
     */
    record Text(String value, String written, @Nullable TomlPosition at) {}

    /** Whether the key is there, of whatever type. Counts as asked for. */
    boolean has(String key) {
        asked.add(key);
        return value(key) != null;
    }

    boolean isText(String key) {
        return value(key) instanceof String;
    }

    boolean isWhole(String key) {
        return value(key) instanceof Long;
    }

    boolean isTable(String key) {
        return value(key) instanceof TomlTable;
    }

    boolean isEmptyList(String key) {
        return value(key) instanceof TomlArray list && list.isEmpty();
    }

    Set<String> keys() {
        return table.keySet();
    }

    /** The same table with another way to treat variables that are not set. */
    Section with(Environment other) {
        return new Section(table, path, at, problems, other);
    }

    @Nullable
    TomlPosition at(String key) {
        TomlPosition position = table.inputPositionOf(List.of(key));
        return position == null ? at : position;
    }

    void error(String key, String clause) {
        problems.error(at(key), name(key) + " " + clause);
    }

    void warning(String key, String clause) {
        problems.warning(at(key), name(key) + " " + clause);
    }

    /** @param where within the value, such as an entry of a list */
    void warning(String key, @Nullable TomlPosition where, String clause) {
        problems.warning(where == null ? at(key) : where, name(key) + " " + clause);
    }

    @Nullable
    Section section(String key) {
        TomlTable found = typed(key, TomlTable.class, "must be a table: write [" + name(key) + "].");
        return found == null ? null : new Section(found, name(key), at(key), problems, environment);
    }

    @Nullable
    Boolean bool(String key) {
        return typed(key, Boolean.class, "must be true or false, without quotes.");
    }

    long whole(String key, long least, long most, long fallback) {
        String range = "must be a whole number from " + least + " to " + most + ", without quotes.";
        Long found = typed(key, Long.class, range);
        if (found == null) {
            return fallback;
        }
        if (found < least || found > most) {
            error(key, range);
            return fallback;
        }
        return found;
    }

    @Nullable
    Text text(String key) {
        String written = typed(key, String.class, "must be text in quotes.");
        return written == null ? null : filled(key, written, at(key));
    }

    /** @param read fails with an IllegalArgumentException whose message completes "KEY …" and quotes nothing */
    <T> @Nullable T parsed(String key, Function<String, T> read) {
        Text text = text(key);
        return text == null ? null : parsed(key, text, read);
    }

    <T> @Nullable T parsed(String key, Text text, Function<String, T> read) {
        try {
            return read.apply(text.value());
        } catch (IllegalArgumentException e) {
            problems.error(text.at(), name(key) + " " + e.getMessage());
            return null;
        }
    }

    /** A list of texts; empty when absent. */
    List<Text> texts(String key) {
        TomlArray list = typed(key, TomlArray.class, "must be a list of texts: write [\"…\", \"…\"].");
        if (list == null) {
            return List.of();
        }
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            TomlPosition position = list.inputPositionOf(i);
            if (list.get(i) instanceof String written) {
                Text text = filled(key, written, position);
                if (text != null) {
                    texts.add(text);
                }
            } else {
                problems.error(position, name(key) + " must hold texts in quotes only.");
            }
        }
        return texts;
    }

    /** A list of texts, each read; empty when absent. */
    <T> List<T> list(String key, Function<String, T> read) {
        List<T> values = new ArrayList<>();
        for (Text text : texts(key)) {
            T value = parsed(key, text, read);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    /** Any value as String, Long, Double, Boolean, List or Map of these; null = wrong, and told. */
    @Nullable
    Object plain(String key) {
        asked.add(key);
        Object value = value(key);
        return value == null ? null : plain(key, value, at(key));
    }

    /** Warns once for a key that is understood and without effect. */
    void ignored(String key, String why) {
        if (has(key)) {
            warning(key, "has no effect: " + why);
        }
    }

    /** Refuses every key nobody asked for. */
    void refuseOthers() {
        refuseOthers(asked);
    }

    /** @param known what to suggest */
    void refuseOthers(Collection<String> known) {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                refuse(key, known);
            }
        }
    }

    void refuse(String key, Collection<String> known) {
        String question = Nearest.question(key, known);
        String advice = question.isEmpty() ? " Remove it; known here: " + String.join(", ", known) + "." : question;
        error(key, "is unknown." + advice);
    }

    private String name(String key) {
        String shown = key.codePoints()
                .limit(80)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private @Nullable Object value(String key) {
        return table.get(List.of(key));
    }

    private <T> @Nullable T typed(String key, Class<T> type, String clause) {
        asked.add(key);
        Object value = value(key);
        if (value == null || type.isInstance(value)) {
            return value == null ? null : type.cast(value);
        }
        error(key, clause);
        return null;
    }

    private @Nullable Text filled(String key, String written, @Nullable TomlPosition position) {
        try {
            String value = environment.fill(name(key), written, position);
            return value == null ? null : new Text(value, written, position);
        } catch (IllegalArgumentException e) {
            problems.error(position, name(key) + " " + e.getMessage());
            return null;
        }
    }

    private @Nullable Object plain(String key, Object value, @Nullable TomlPosition position) {
        if (value instanceof String written) {
            Text text = filled(key, written, position);
            return text == null ? null : text.value();
        }
        if (value instanceof Long || value instanceof Double || value instanceof Boolean) {
            return value;
        }
        if (value instanceof TomlTable inner) {
            Section section = new Section(inner, name(key), position, problems, environment);
            Map<String, Object> map = new LinkedHashMap<>();
            for (String innerKey : inner.keySet()) {
                Object innerValue = section.plain(innerKey);
                if (innerValue != null) {
                    map.put(innerKey, innerValue);
                }
            }
            return Map.copyOf(map);
        }
        if (value instanceof TomlArray list) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                Object inner = plain(key, list.get(i), list.inputPositionOf(i));
                if (inner != null) {
                    values.add(inner);
                }
            }
            return List.copyOf(values);
        }
        problems.error(position, name(key) + " is a date or a time; write it as text in quotes.");
        return null;
    }
}
