package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** What one reading has found so far. Not thread-safe: one for each reading. */
final class Problems {
    /** A file that is no configuration at all must not flood the terminal. */
    private static final int MOST = 100;

    private static final Comparator<Problem> BY_POSITION =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final String file;
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** @param at null = the file as a whole */
    void error(@Nullable TomlPosition at, String sentence) {
        if (errors.size() < MOST) {
            errors.add(at(at, sentence));
        }
    }

    /** @param at null = the file as a whole */
    void warning(@Nullable TomlPosition at, String sentence) {
        if (warnings.size() < MOST) {
            warnings.add(at(at, sentence));
        }
    }

    /** Ends the reading if anything was wrong. */
    void check() throws ConfigException {
        if (!errors.isEmpty()) {
            throw new ConfigException(errors.stream().sorted(BY_POSITION).toList());
        }
    }

    List<String> warnings() {
        return warnings.stream().sorted(BY_POSITION).map(Problem::toString).toList();
    }

    private Problem at(@Nullable TomlPosition at, String sentence) {
        return at == null ? new Problem(file, 0, 0, sentence) : new Problem(file, at.line(), at.column(), sentence);
    }
}
