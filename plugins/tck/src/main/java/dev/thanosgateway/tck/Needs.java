package dev.thanosgateway.tck;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Requests that cannot be answered without one thing, which holds a mark that can be found in the call. */
final class Needs {
    /** Valid as text, as a name and as base64. */
    static final String MARK = "TCKMARK0";

    private static final Message ASKED = Message.text(Role.USER, "hi");
    private static final Tool TOOL = Tool.function(MARK, null, new Json("{\"type\":\"object\",\"properties\":{}}"));

    private static final Map<String, Consumer<ChatContent.Builder>> PLAIN = Map.of(
            "the question", chat -> says(chat, Message.text(Role.USER, MARK)),
            "a system prompt", chat -> says(chat, Message.text(Role.SYSTEM, MARK), ASKED),
            "a system prompt that comes later", chat -> says(chat, ASKED, Message.text(Role.SYSTEM, MARK), ASKED),
            "an earlier answer", chat -> says(chat, ASKED, Message.text(Role.ASSISTANT, MARK), ASKED),
            "a second part",
                    chat -> says(chat, Message.of(Role.USER, List.of(new Part.Text("a"), new Part.Text(MARK)))),
            "an image", chat -> says(chat, part(new Part.Image(data("image/png"), null, Map.of()))),
            "a document", chat -> says(chat, part(new Part.Document(data("application/pdf"), "a.pdf", Map.of()))),
            "a tool", chat -> says(chat.tools(List.of(TOOL)), ASKED),
            "a tool's result", Needs::result,
            "a stop sequence", chat -> says(chat.stop(List.of(MARK)), ASKED));

    /** By a name that says what is needed. */
    static final Map<String, Consumer<ChatContent.Builder>> ALL = all();

    private Needs() {}

    private static Map<String, Consumer<ChatContent.Builder>> all() {
        Map<String, Consumer<ChatContent.Builder>> all = new TreeMap<>(PLAIN);
        all.put("a custom tool's grammar", chat -> says(chat.tools(List.of(custom(MARK))), ASKED));
        all.put("the text a custom tool was called with", Needs::called);
        return all;
    }

    private static Tool custom(String definition) {
        return Tool.custom("apply_patch", "Edits files", new Tool.Grammar("lark", definition));
    }

    private static void called(ChatContent.Builder chat) {
        Part call = Part.ToolCall.custom("call_1", "apply_patch", MARK);
        Part result = new Part.ToolResult("call_1", List.of(new Part.Text("done")), false, Map.of());
        says(
                chat.tools(List.of(custom("start: /.+/"))),
                ASKED,
                Message.of(Role.ASSISTANT, List.of(call)),
                Message.of(Role.TOOL, List.of(result)));
    }

    private static void says(ChatContent.Builder chat, Message... messages) {
        chat.messages(Arrays.asList(messages));
    }

    private static Message part(Part part) {
        List<Part> parts = new ArrayList<>(List.of(new Part.Text("What is this?")));
        parts.add(part);
        return Message.of(Role.USER, parts);
    }

    private static Part.Source data(String type) {
        return new Part.Source.Data(type, MARK);
    }

    private static void result(ChatContent.Builder chat) {
        Part call = new Part.ToolCall("call_1", "get_weather", "{}", Map.of());
        Part result = new Part.ToolResult("call_1", List.of(new Part.Text(MARK)), false, Map.of());
        says(
                chat.tools(List.of(Tool.function("get_weather", null, null))),
                ASKED,
                Message.of(Role.ASSISTANT, List.of(call)),
                Message.of(Role.TOOL, List.of(result)));
    }

    static ChatRequest request(String model, boolean stream, Consumer<ChatContent.Builder> need) {
        ChatContent.Builder content = ChatContent.builder();
        need.accept(content);
        return ChatRequest.builder(model).stream(stream)
                .content(content.build())
                .build();
    }
}
