package dev.thanosgateway.host.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/**
 * Where <code>${NAME}</code> comes from while one table is read, and what to do when it does not: refuse the file, or
 * collect what is missing so that only this table is left out.
 */
final class Environment {
    /** A variable that is needed and not there. */
    record Missing(String variable, @Nullable TomlPosition at) {}

    private final Map<String, String> variables;
    private final Problems problems;
    private final boolean collects;
    private final List<Missing> missing = new ArrayList<>();

    private Environment(Map<String, String> variables, Problems problems, boolean collects) {
        this.variables = variables;
        this.problems = problems;
        this.collects = collects;
    }

    /** A missing variable is a problem of the file. */
    static Environment strict(Map<String, String> variables, Problems problems) {
        return new Environment(variables, problems, false);
    }

    /** The same variables, but a missing one goes to {@link #missing()}. */
    Environment collecting() {
        return new Environment(variables, problems, true);
    }

    List<Missing> missing() {
        return missing;
    }

    /**
     * @param name of the key, for messages
     * @return null = a variable is missing, and that has been told or collected
     * @throws IllegalArgumentException when <code>${</code> begins no variable; the message completes "KEY …"
     */
    @Nullable
    String fill(String name, String written, @Nullable TomlPosition at) {
        Interpolation filled = Interpolation.of(written, variables);
        // A variable that is there and empty is how people switch a credential off: nothing else is in the text then.
        List<String> lacking = filled.value().isBlank() && !filled.empty().isEmpty() ? filled.empty() : filled.unset();
        if (lacking.isEmpty()) {
            return filled.value();
        }
        String variable = lacking.getFirst();
        if (collects) {
            missing.add(new Missing(variable, at));
        } else {
            problems.error(
                    at,
                    name + " needs the environment variable " + variable
                            + ", which is not set or is empty. Set it, or write ${" + variable + ":-default}.");
        }
        return null;
    }
}
