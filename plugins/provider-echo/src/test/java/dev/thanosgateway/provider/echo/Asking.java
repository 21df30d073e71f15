package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.provider.ChatStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the echo provider and keeps every event. */
final class Asking {
    static final Tool WEATHER = Tool.function(
            "get_weather",
            "The weather at a place",
            new Json(
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"},"
                            + "\"metric\":{\"type\":\"boolean\"}},\"required\":[\"city\",\"days\"]}"));
    static final Tool CLOCK = Tool.function("clock", null, null);

    private Asking() {}

    static ChatContent.Builder saying(String text) {
        return ChatContent.builder().messages(List.of(Message.text(Role.USER, text)));
    }

    static Message result(String text) {
        return Message.of(
                Role.TOOL, List.of(new Part.ToolResult("call_1", List.of(new Part.Text(text)), false, Map.of())));
    }

    static ChatRequest request(ChatContent.Builder content) {
        return ChatRequest.builder("echo").content(content.build()).build();
    }

    static ChatRequest paced(String echo) {
        return ChatRequest.builder("echo")
                .extensions(Map.of("echo", new Json(echo)))
                .content(saying("one two three").build())
                .build();
    }

    static List<ChatEvent> events(ChatRequest request) throws GatewayException, InterruptedException {
        List<ChatEvent> events = new ArrayList<>();
        try (ChatStream stream = new EchoProvider().open(request)) {
            do {
                events.add(stream.next());
            } while (!(events.get(events.size() - 1) instanceof ChatEvent.Finished));
        }
        return events;
    }

    /** The whole answer; its events are checked against the grammar on the way. */
    static ChatResponse answer(ChatContent.Builder content) throws GatewayException, InterruptedException {
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events(request(content))) {
            fold.add(event);
        }
        return fold.response();
    }

    static List<String> words(ChatContent.Builder content) throws GatewayException, InterruptedException {
        return events(request(content)).stream()
                .filter(ChatEvent.TextDelta.class::isInstance)
                .map(e -> ((ChatEvent.TextDelta) e).text())
                .toList();
    }

    static Part.ToolCall call(ChatResponse answer) {
        return (Part.ToolCall) answer.choices().get(0).parts().get(0);
    }
}
