package dev.thanosgateway.wire.json;

import java.util.Map;

/** What an object's {@link Value#members members} say, and what it means where one is not there. */
public final class Members {
    private Members() {}

    /**
     * A text, empty where there is none.
     *
     * @throws JsonException when it is no string
     */
    public static String text(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value == null ? "" : value.text();
    }

    /**
     * A number.
     *
     * @param unsaid what stands for it where there is none
     * @throws JsonException when it is no number
     */
    public static double number(Map<String, Value> members, String name, double unsaid) throws JsonException {
        Value value = members.get(name);
        return value == null ? unsaid : value.number();
    }

    /**
     * Whether it is so, which it is not where nothing is said.
     *
     * @throws JsonException when it is neither true nor false
     */
    public static boolean bool(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value != null && value.bool();
    }

    /**
     * The members of an object within, none where it is not there.
     *
     * @throws JsonException when it is no object
     */
    public static Map<String, Value> below(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value == null ? Map.of() : value.members();
    }
}
