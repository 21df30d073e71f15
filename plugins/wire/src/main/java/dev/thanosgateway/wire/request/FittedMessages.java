package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Makes messages fit what a model takes. For one conversation. */
final class FittedMessages {
    private final ModelTraits traits;
    private final ToolNames names;
    private final String model;
    private final CallIds ids;
    private final boolean filesInResults;
    private final boolean filesInAnswers;
    private final boolean developer;
    private final List<Message> fitted = new ArrayList<>();
    private final Set<Message> added = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Part> shown = new ArrayList<>();
    private int place;

    FittedMessages(ModelTraits traits, ToolNames names, String model) {
        this.traits = traits;
        this.names = names;
        this.model = model;
        this.ids = new CallIds(traits);
        this.filesInResults = traits.takes(Trait.IMAGE_PLACES, "tool");
        this.filesInAnswers = traits.takes(Trait.IMAGE_PLACES, "assistant");
        this.developer = traits.flag(Trait.DEVELOPER, true);
    }

    /** @throws GatewayException UNSUPPORTED for an image of a type the model is known not to take */
    List<Message> fit(List<Message> asked, AnswerForm form) throws GatewayException {
        List<Message> messages = form.told(asked);
        boolean instructed = messages.size() > asked.size();
        place = instructed ? -1 : 0;
        for (Message message : messages) {
            Role role = message.role() == Role.DEVELOPER && !developer ? Role.SYSTEM : message.role();
            List<Part> parts = new ArrayList<>(message.parts().size());
            ids.turn(role == Role.ASSISTANT);
            boolean beside = message.parts().stream().anyMatch(FittedMessages::standsAlone);
            boolean said = beside || !message.parts().stream().allMatch(FittedMessages::isBlank);
            for (Part part : message.parts()) {
                if (!(beside && isBlank(part)) && !(said && isEmpty(part))) {
                    parts.add(fit(part));
                }
            }
            if (parts.stream().noneMatch(Part.ToolResult.class::isInstance)) {
                show();
            }
            if (role == Role.ASSISTANT && !filesInAnswers) {
                showFilesOf(parts);
            }
            // Beside a result stands the name of the tool.
            String name = role == Role.TOOL && message.name() != null ? names.fit(message.name()) : message.name();
            boolean same =
                    role == message.role() && parts.equals(message.parts()) && Objects.equals(name, message.name());
            fitted.add(same ? message : Message.of(role, parts).withName(name).withHints(message.hints()));
            place++;
        }
        show();
        goOn();
        if (instructed) {
            added.add(fitted.get(0));
        }
        return fitted;
    }

    /** Takes the files out of an assistant's turn: they come behind it, and behind the results of its calls. */
    private void showFilesOf(List<Part> parts) {
        List<Part> files = parts.stream().filter(FittedMessages::isFile).toList();
        if (files.isEmpty()) {
            return;
        }
        parts.removeAll(files);
        if (parts.stream().noneMatch(Part.ToolCall.class::isInstance)
                && parts.stream().allMatch(FittedMessages::isBlank)) {
            parts.clear();
            parts.add(new Part.Text("My answer follows in the next message."));
        }
        shown.add(new Part.Text("From the assistant's answer:"));
        shown.addAll(files);
    }

    /** Files of tools come behind the last result of a turn, since the results must stand together. */
    private void show() {
        if (!shown.isEmpty()) {
            add(Message.of(Role.USER, shown));
            shown.clear();
        }
    }

    /** Calls without results are for the vendor to refuse. */
    private void goOn() {
        if (!traits.flag(Trait.PREFILL, true) && endsInAnAnswer()) {
            add(Message.text(Role.USER, ModelFit.GO_ON));
        }
    }

    private void add(Message message) {
        added.add(message);
        fitted.add(message);
    }

    /** The messages that the conversation did not have. */
    Set<Message> added() {
        return added;
    }

    /** Whether the assistant speaks last, instructions and what says nothing aside. */
    private boolean endsInAnAnswer() {
        boolean begun = false;
        for (int i = fitted.size() - 1; i >= 0; i--) {
            Message message = fitted.get(i);
            boolean said = message.role() != Role.SYSTEM
                    && message.role() != Role.DEVELOPER
                    && !message.parts().stream().allMatch(FittedMessages::isBlank);
            if (said && message.role() != Role.ASSISTANT) {
                break;
            }
            if (said && message.parts().stream().anyMatch(Part.ToolCall.class::isInstance)) {
                return false;
            }
            begun |= said;
        }
        return begun;
    }

    private static boolean isEmpty(Part part) {
        return part instanceof Part.Text text && text.text().isEmpty();
    }

    private static boolean isBlank(Part part) {
        return part instanceof Part.Text text && text.text().isBlank();
    }

    /** Whether a message needs no text beside this; models write line ends before a call, and vendors refuse them. */
    private static boolean standsAlone(Part part) {
        return part instanceof Part.ToolCall
                || part instanceof Part.ToolResult
                || part instanceof Part.Image
                || part instanceof Part.Document
                || part instanceof Part.Audio;
    }

    private Part fit(Part part) throws GatewayException {
        return switch (part) {
            case Part.Image image -> image(image);
            case Part.ToolCall call ->
                new Part.ToolCall(ids.called(call.id()), names.fit(call.name()), call.arguments(), call.hints());
            case Part.ToolResult result -> result(result);
            default -> part;
        };
    }

    private Part.Image image(Part.Image image) throws GatewayException {
        if (!(image.source() instanceof Part.Source.Data data)) {
            return image;
        }
        String type = ModelFit.mediaType(data.mediaType());
        List<String> taken = traits.list(Trait.IMAGES);
        if (taken != null && !taken.contains(type)) {
            String clause = taken.isEmpty()
                    ? "takes no images"
                    : "takes images of " + String.join(", ", taken) + ", not " + type;
            throw ModelFit.unsupported("messages[" + place + "].content", clause, model);
        }
        return type.equals(data.mediaType())
                ? image
                : new Part.Image(new Part.Source.Data(type, data.base64()), image.detail(), image.hints());
    }

    /** An image, or a document that is read like one. */
    private static boolean isFile(Part part) {
        return part instanceof Part.Image
                || (part instanceof Part.Document document
                        && !(document.source() instanceof Part.Source.Data data
                                && data.mediaType().startsWith("text/")));
    }

    private Part.ToolResult result(Part.ToolResult result) throws GatewayException {
        String id = ids.answered(result.callId());
        List<Part> kept = new ArrayList<>();
        List<Part> moved = new ArrayList<>();
        for (Part part : result.content()) {
            Part one = fit(part);
            (isFile(one) && !filesInResults ? moved : kept).add(one);
        }
        if (!moved.isEmpty()) {
            if (kept.stream().allMatch(FittedMessages::isBlank)) {
                kept.clear();
                kept.add(new Part.Text("The result follows the results of all calls."));
            }
            shown.add(new Part.Text("From the tool call " + id + ":"));
            shown.addAll(moved);
        }
        return new Part.ToolResult(id, kept, result.error(), result.hints());
    }
}
