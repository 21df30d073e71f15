package dev.thanosgateway.host.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that is refused as a whole. Its message has one line for each problem. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /** @param problems in the file's order, at least one */
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
