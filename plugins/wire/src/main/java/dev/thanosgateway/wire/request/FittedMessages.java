package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Makes messages fit what a model takes. For one conversation. */
final class FittedMessages {
    private static final String JPEG = "image/jpeg";

    /** Names that some programs have for it. */
    private static final Set<String> ALSO_JPEG = Set.of("image/jpg", "image/pjpeg", "image/x-jpeg");

    /** What a user says where a model does not go on from its own words. */
    private static final String GO_ON = "Continue.";

    private final ModelTraits traits;
    private final ToolNames names;
    private final String model;
    private final CallIds ids;
    private final boolean imagesInResults;
    private final boolean developer;
    private final List<Message> fitted = new ArrayList<>();
    private final List<Part> shown = new ArrayList<>();
    private int place;

    FittedMessages(ModelTraits traits, ToolNames names, String model) {
        this.traits = traits;
        this.names = names;
        this.model = model;
        this.ids = new CallIds(traits);
        this.imagesInResults = traits.takes(Trait.IMAGE_PLACES, "tool");
        this.developer = traits.flag(Trait.DEVELOPER, true);
    }

    /** @throws GatewayException UNSUPPORTED for an image of a type the model is known not to take */
    List<Message> fit(List<Message> messages) throws GatewayException {
        for (Message message : messages) {
            Role role = message.role() == Role.DEVELOPER && !developer ? Role.SYSTEM : message.role();
            List<Part> parts = new ArrayList<>(message.parts().size());
            ids.turn(role == Role.ASSISTANT);
            boolean results = false;
            for (Part part : message.parts()) {
                results |= part instanceof Part.ToolResult;
                parts.add(fit(part));
            }
            if (!results) {
                show();
            }
            boolean same = role == message.role() && parts.equals(message.parts());
            fitted.add(
                    same
                            ? message
                            : Message.of(role, parts).withName(message.name()).withHints(message.hints()));
            place++;
        }
        show();
        goOn();
        return fitted;
    }

    /** Images of tools come behind the last result of a turn, since the results must stand together. */
    private void show() {
        if (!shown.isEmpty()) {
            fitted.add(Message.of(Role.USER, shown));
            shown.clear();
        }
    }

    private void goOn() {
        boolean ends = !fitted.isEmpty() && fitted.get(fitted.size() - 1).role() == Role.ASSISTANT;
        if (ends && !traits.flag(Trait.PREFILL, true)) {
            fitted.add(Message.text(Role.USER, GO_ON));
        }
    }

    private Part fit(Part part) throws GatewayException {
        return switch (part) {
            case Part.Image image -> image(image);
            case Part.ToolCall call ->
                new Part.ToolCall(
                        ids.called(call.id()), names.shorten(call.name()), call.arguments(), call.hints());
            case Part.ToolResult result -> result(result);
            default -> part;
        };
    }

    private Part.Image image(Part.Image image) throws GatewayException {
        if (!(image.source() instanceof Part.Source.Data data)) {
            return image;
        }
        String type = data.mediaType().toLowerCase(Locale.ROOT);
        type = ALSO_JPEG.contains(type) ? JPEG : type;
        List<String> taken = traits.list(Trait.IMAGES);
        if (taken != null && !taken.isEmpty() && !taken.contains(type)) {
            String field = "messages[" + place + "].content";
            throw ModelFit.unsupported(field, "takes images of " + String.join(", ", taken) + ", not " + type, model);
        }
        return type.equals(data.mediaType())
                ? image
                : new Part.Image(new Part.Source.Data(type, data.base64()), image.detail(), image.hints());
    }

    private Part.ToolResult result(Part.ToolResult result) throws GatewayException {
        String id = ids.answered(result.callId());
        List<Part> kept = new ArrayList<>();
        List<Part> images = new ArrayList<>();
        for (Part part : result.content()) {
            Part one = fit(part);
            (one instanceof Part.Image && !imagesInResults ? images : kept).add(one);
        }
        if (!images.isEmpty()) {
            if (kept.isEmpty()) {
                kept.add(new Part.Text("See the image below."));
            }
            shown.add(new Part.Text("From the tool call " + id + ":"));
            shown.addAll(images);
        }
        return new Part.ToolResult(id, kept, result.error(), result.hints());
    }
}
