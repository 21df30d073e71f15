package dev.thanosgateway.host;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.host.admin.AdminException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A request that nobody sends, made from what a command says of it. */
final class RouteQuestion {
    private static final int TOKENS_LIMIT = 5_000_000;
    /** As strategies and the gateway estimate. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private RouteQuestion() {}

    /**
     * @param asked {@code model}, {@code stream}, {@code needs} (a list of {@code vision}, {@code tools}), {@code tokens}
     * @throws AdminException naming what makes no sense
     */
    static ChatRequest of(JsonNode asked) throws AdminException {
        int tokens = asked.path("tokens").asInt(0);
        if (tokens < 0 || tokens > TOKENS_LIMIT) {
            throw new AdminException("The size must be a number of tokens from 0 to " + TOKENS_LIMIT + ".");
        }
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Text("x".repeat(tokens * CHARACTERS_PER_TOKEN)));
        ChatContent.Builder content = ChatContent.builder();
        for (JsonNode need : asked.path("needs")) {
            switch (need.asString("")) {
                case "vision" ->
                    parts.add(new Part.Image(new Part.Source.Url("https://image.invalid/"), null, Map.of()));
                case "tools" -> content.tools(List.of(Tool.function("tool", null, null)));
                default ->
                    throw new AdminException("A request can need vision and tools, not \"" + need.asString("") + "\".");
            }
        }
        content.messages(List.of(Message.of(Role.USER, parts)));
        return ChatRequest.builder(asked.path("model").asString("auto")).stream(
                        asked.path("stream").asBoolean(false))
                .content(content.build())
                .build();
    }
}
