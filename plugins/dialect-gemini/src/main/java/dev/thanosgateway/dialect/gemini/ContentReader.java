package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes the canonical content of a request's bytes that {@link RequestScan} has found good. For one request. */
final class ContentReader {
    private final ChatContent.Builder content = ChatContent.builder();
    private final Map<String, Json> hints = new LinkedHashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private List<Tool> tools = List.of();
    private Set<String> allowed = Set.of();

    private ContentReader() {}

    /** @throws GatewayException INVALID_REQUEST naming the field; UNSUPPORTED where only Gemini itself could do it */
    static ChatContent read(Field root) throws GatewayException {
        return new ContentReader().content(root);
    }

    private ChatContent content(Field root) throws GatewayException {
        Map<String, Field> members = root.members();
        Field contents = members.remove("contents");
        if (contents == null || contents.node().isEmpty()) {
            throw root.missing("contents").invalid("is required: send at least one content");
        }
        Field system = members.remove("systemInstruction");
        if (system != null) {
            system(system);
        }
        PartReader parts = new PartReader();
        for (Field one : contents.elements()) {
            content(one, parts);
        }
        messages.removeIf(ContentReader::isEmptyAnswer);
        for (Map.Entry<String, Field> member : members.entrySet()) {
            member(member.getKey(), member.getValue());
        }
        if (!allowed.isEmpty()) {
            tools = tools.stream().filter(tool -> allowed.contains(tool.name())).toList();
        }
        return content.messages(messages)
                .tools(tools)
                .hints(GeminiOriginal.DIALECT, hints)
                .build();
    }

    private void member(String name, Field value) throws GatewayException {
        switch (name) {
            case "tools" -> tools = ToolReader.read(value);
            case "toolConfig" -> toolConfig(value);
            case "generationConfig" -> {
                Map<String, Json> others = new ConfigReader(content).read(value);
                others.forEach((other, json) -> hints.put("generationConfig." + other, json));
            }
            case "cachedContent" -> throw value.unsupported();
            default -> {
                if (!RequestScan.elsewhere(name)) {
                    hints.put(name, value.json());
                }
            }
        }
    }

    /** A content, or a bare text, as some write it. */
    private void system(Field value) throws GatewayException {
        List<Part> parts = value.node().isString()
                ? List.of(new Part.Text(value.text()))
                : new PartReader().read(parts(value), true);
        if (!parts.isEmpty()) {
            messages.add(Message.of(Role.SYSTEM, parts));
        }
    }

    private static Field parts(Field content) throws GatewayException {
        Field parts = content.members().get("parts");
        return parts == null ? new Field(content.path() + ".parts", Trees.array()) : parts;
    }

    /** What tools gave back is a message of its own; what stands beside it is the user's. */
    private void content(Field value, PartReader reader) throws GatewayException {
        Field role = value.members().get("role");
        String said = role == null ? "user" : role.text().toLowerCase(Locale.ROOT);
        switch (said) {
            case "model" -> model(reader.read(parts(value), false));
            case "user", "function", "tool", "" -> {
                List<Part> run = new ArrayList<>();
                Set<String> answered = new HashSet<>();
                for (Part part : reader.read(parts(value), true)) {
                    boolean result = part instanceof Part.ToolResult;
                    // As on a relay: see RepeatedResults.
                    if (part instanceof Part.ToolResult told && !answered.add(told.callId())) {
                        continue;
                    }
                    if (!run.isEmpty() && result != run.get(0) instanceof Part.ToolResult) {
                        user(run);
                        run = new ArrayList<>();
                    }
                    run.add(part);
                }
                user(run);
            }
            case "system" -> add(Role.SYSTEM, reader.read(parts(value), true));
            default -> throw new Field(value.path() + ".role", value.node()).invalid("must be user or model");
        }
    }

    /** Clients that keep a stream as it came have a content per piece: pieces side by side are one turn. */
    private void model(List<Part> parts) {
        Message last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        if (last == null || last.role() != Role.ASSISTANT) {
            add(Role.ASSISTANT, parts);
            return;
        }
        List<Part> both = new ArrayList<>(last.parts());
        both.addAll(parts);
        messages.set(messages.size() - 1, Message.of(Role.ASSISTANT, both));
    }

    /** The last piece of a stream often has an empty text alone; vendors refuse an answer that says nothing. */
    private static boolean isEmptyAnswer(Message message) {
        return message.role() == Role.ASSISTANT
                && message.parts().stream()
                        .allMatch(part -> part instanceof Part.Text text
                                && text.text().isEmpty()
                                && text.hints().isEmpty());
    }

    private void user(List<Part> run) {
        add(!run.isEmpty() && run.get(0) instanceof Part.ToolResult ? Role.TOOL : Role.USER, run);
    }

    private void add(Role role, List<Part> parts) {
        if (!parts.isEmpty()) {
            messages.add(Message.of(role, parts));
        }
    }

    private void toolConfig(Field value) throws GatewayException {
        Map<String, Field> members = value.members();
        Field calling = members.remove("functionCallingConfig");
        members.forEach((name, other) -> hints.put("toolConfig." + name, other.json()));
        if (calling == null) {
            return;
        }
        Map<String, Field> config = calling.members();
        Field names = config.get("allowedFunctionNames");
        List<String> only = names == null ? List.of() : names.texts();
        Field mode = config.get("mode");
        switch (mode == null ? "" : mode.text().toUpperCase(Locale.ROOT)) {
            case "AUTO" -> content.toolChoice(new ToolChoice.Auto());
            case "NONE" -> content.toolChoice(new ToolChoice.None());
            case "ANY" -> {
                content.toolChoice(only.size() == 1 ? new ToolChoice.Named(only.get(0)) : new ToolChoice.Required());
                // Of several that are allowed one must be called: the others are not shown at all.
                allowed = only.size() > 1 ? new TreeSet<>(only) : Set.of();
            }
            // It may call or not, and what it calls follows the schema: so do others who follow schemas at all.
            case "VALIDATED" -> {
                content.toolChoice(new ToolChoice.Auto());
                allowed = new TreeSet<>(only);
            }
            case "", "MODE_UNSPECIFIED" -> {}
            default -> {
                if (mode != null) {
                    throw mode.unsupported();
                }
            }
        }
    }
}
