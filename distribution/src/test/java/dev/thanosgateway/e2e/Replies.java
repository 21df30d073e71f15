package dev.thanosgateway.e2e;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What every fake upstream answers to the same words, whatever its language. */
final class Replies {
    /** A user who says this is told what pictures there were. */
    static final String LOOK = "What is on the pictures?";

    /** Of every tool that is called; also the structured answer, where the schema has a city. */
    static final String ARGUMENTS = "{\"city\":\"Zürich 🏔\"}";

    private Replies() {}

    /** @param pictures each as its base64 */
    static String to(String said, List<String> pictures) {
        return said.equals(LOOK) ? "I see " + String.join(" and ", pictures) : FakeOpenAi.reply(said);
    }

    static boolean asksForCity(JsonNode schema) {
        return schema.path("properties").has("city");
    }
}
