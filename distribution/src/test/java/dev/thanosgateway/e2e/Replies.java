package dev.thanosgateway.e2e;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What every fake upstream answers to the same words, whatever its language. */
final class Replies {
    /** A user who says this is told what pictures there were. */
    static final String LOOK = "What is on the pictures?";

    /** A user who says this has every tool called, where otherwise only the first is. */
    static final String ALL = "Ask all of them.";

    /** Of a tool that is called; also the structured answer, where the schema has a city. */
    static final String ARGUMENTS = "{\"city\":\"Zürich 🏔\"}";

    private Replies() {}

    /** @param pictures each as its base64 */
    static String to(String said, List<String> pictures) {
        return said.equals(LOOK) ? "I see " + String.join(" and ", pictures) : FakeOpenAi.reply(said);
    }

    /** What a tool is called with: of several each with a city of its own name. */
    static String arguments(String said, String tool) {
        return said.equals(ALL) ? "{\"city\":\"" + tool + " 🏔\"}" : ARGUMENTS;
    }

    /** @param results in the order of the calls, whichever way they came */
    static String told(List<String> results) {
        return "The tool said: " + String.join(", ", results);
    }

    static boolean asksForCity(JsonNode schema) {
        return schema.path("properties").has("city");
    }
}
