package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.CustomInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a conversation as a response's {@code input}: what one message is elsewhere is items in a row here. Thoughts
 * that OpenAI did not encrypt are left out. For one request.
 */
final class InputWriter {
    private final JsonWriter json;
    private final Set<String> customs;
    private final Set<String> customCalls = new HashSet<>();
    /** Thoughts of the turn that wait for what they led to: OpenAI refuses those that led to nothing. */
    private final List<Part.Reasoning> thoughts = new ArrayList<>(1);

    private final List<Part> said = new ArrayList<>();
    private int place;

    /** @param customs the names of the custom tools that are written as such */
    InputWriter(JsonWriter json, Set<String> customs) {
        this.json = json;
        this.customs = customs;
    }

    void write(List<Message> messages) throws GatewayException {
        json.name("input").beginArray();
        for (Message message : messages) {
            if (message.parts().isEmpty()) {
                said.add(new Part.Text(""));
            }
            for (Part part : message.parts()) {
                part(part, message.role());
            }
            endMessage(message.role());
            thoughts.clear();
            place++;
        }
        json.endArray();
    }

    private void part(Part part, Role role) throws GatewayException {
        if (role == Role.ASSISTANT && part instanceof Part.Image image) {
            endMessage(role);
            picture(image.source());
            return;
        }
        switch (part) {
            case Part.Reasoning e -> {
                endMessage(role);
                if (EncryptedReasoning.own(e.signature()) != null) {
                    thoughts.add(e);
                }
            }
            case Part.RedactedReasoning e -> {}
            case Part.ToolCall e -> {
                endMessage(role);
                call(e);
            }
            case Part.ToolResult e -> {
                endMessage(role);
                boolean custom = customCalls.contains(e.callId());
                item(custom ? "custom_tool_call_output" : "function_call_output");
                json.name("call_id").value(e.callId());
                content("output", e.content(), Role.USER);
                json.endObject();
            }
            default -> said.add(part);
        }
    }

    private void call(Part.ToolCall call) {
        boolean custom = customs.contains(call.name());
        item(custom ? "custom_tool_call" : "function_call").name("call_id").value(call.id());
        json.name("name").value(call.name());
        if (custom) {
            customCalls.add(call.id());
            json.name("input").value(CustomInput.of(call.arguments())).endObject();
        } else {
            json.name("arguments").value(call.arguments()).endObject();
        }
    }

    /** Begins an item, behind the thoughts that led to it. */
    private JsonWriter item(String type) {
        for (Part.Reasoning thought : thoughts) {
            json.beginObject().name("type").value("reasoning").name("summary").beginArray();
            if (!thought.text().isEmpty()) {
                json.beginObject().name("type").value("summary_text");
                json.name("text").value(thought.text()).endObject();
            }
            json.endArray().name("encrypted_content");
            json.value(String.valueOf(EncryptedReasoning.own(thought.signature())))
                    .endObject();
        }
        thoughts.clear();
        return json.beginObject().name("type").value(type);
    }

    /** An assistant's turn without a word is nothing beside its calls, with which it is read as one. */
    private void endMessage(Role role) throws GatewayException {
        if (role == Role.ASSISTANT && said.stream().allMatch(InputWriter::isEmpty)) {
            said.clear();
        }
        if (!said.isEmpty()) {
            item("message").name("role").value(MessageWriter.role(role));
            content("content", said, role);
            json.endObject();
            said.clear();
        }
    }

    private static boolean isEmpty(Part part) {
        return part instanceof Part.Text text && text.text().isEmpty();
    }

    private void picture(Part.Source source) throws GatewayException {
        if (!(source instanceof Part.Source.Data data)) {
            throw unsupported("a picture of the assistant's that is not sent along");
        }
        item("image_generation_call").name("status").value("completed");
        json.name("result").value(data.base64()).endObject();
    }

    private void content(String name, List<Part> parts, Role role) throws GatewayException {
        json.name(name);
        if (parts.isEmpty() || (parts.size() == 1 && parts.get(0) instanceof Part.Text)) {
            json.value(parts.isEmpty() ? "" : ((Part.Text) parts.get(0)).text());
            return;
        }
        json.beginArray();
        for (Part part : parts) {
            json.beginObject().name("type");
            switch (part) {
                case Part.Text e ->
                    json.value(role == Role.ASSISTANT ? "output_text" : "input_text")
                            .name("text")
                            .value(e.text());
                case Part.Refusal e -> json.value("refusal").name("refusal").value(e.text());
                case Part.Image e -> image(e);
                case Part.Document e -> file(e);
                case Part.Audio e -> throw unsupported("audio");
                case Part.Other e -> throw unsupported("a part of type " + e.type());
                default -> throw unsupported("a part of this kind");
            }
            json.endObject();
        }
        json.endArray();
    }

    private void image(Part.Image image) throws GatewayException {
        json.value("input_image");
        switch (image.source()) {
            case Part.Source.Url e -> json.name("image_url").value(e.url());
            case Part.Source.Data e -> json.name("image_url").value(MessageWriter.url(e));
            case Part.Source.FileId e -> json.name("file_id").value(e.id());
            default -> throw unsupported("an image from elsewhere");
        }
        if (image.detail() != null) {
            json.name("detail").value(image.detail());
        }
    }

    private void file(Part.Document document) throws GatewayException {
        json.value("input_file");
        String name = document.name();
        switch (document.source()) {
            case Part.Source.Url e -> json.name("file_url").value(e.url());
            case Part.Source.FileId e -> json.name("file_id").value(e.id());
            case Part.Source.Data e -> {
                json.name("filename").value(name == null ? ResponsesPart.name(e.mediaType()) : name);
                json.name("file_data").value(MessageWriter.url(e));
            }
            default -> throw unsupported("a document from elsewhere");
        }
    }

    private GatewayException unsupported(String what) {
        return MessageWriter.unsupported(place, what);
    }
}
