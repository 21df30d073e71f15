package dev.thanosgateway.host.decision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The record of a request that ended, as JSON has it. For one reader. */
public final class Decision {
    /** What the reader is not told. */
    static final String CALLER_KEY = "caller_key";

    /** What a line of a list leaves out. */
    private static final List<String> DETAILS =
            List.of("session", "needs", "names", "left_out", "order", "passed_over");

    private final long number;
    private final Map<String, @Nullable Object> told;
    private final @Nullable Object callerKey;

    /** @param members what {@link Trail} packed */
    Decision(long number, Map<String, @Nullable Object> members) {
        this.number = number;
        this.told = members;
        this.callerKey = members.remove(CALLER_KEY);
    }

    /** Its place among all that ended. */
    long number() {
        return number;
    }

    String requestId() {
        return String.valueOf(told.get("request_id"));
    }

    /** Whether its caller had shown that it may call. */
    boolean callerKnown() {
        return Boolean.TRUE.equals(told.get("caller_known"));
    }

    /** What tells the caller's key from others, as {@link Arrival#key()} has it. */
    @Nullable
    Object callerKey() {
        return callerKey;
    }

    /** Everything. */
    public Map<String, @Nullable Object> told() {
        return told;
    }

    /** One line of a list. */
    public Map<String, @Nullable Object> line() {
        Map<String, @Nullable Object> line = new LinkedHashMap<>(told);
        line.keySet().removeAll(DETAILS);
        line.put("attempts", told.get("attempts") instanceof List<?> attempts ? attempts.size() : 0);
        return line;
    }
}
