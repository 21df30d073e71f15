package dev.thanosgateway.host.grpc;

import static dev.thanosgateway.host.grpc.JsonFields.invalid;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.proto.Media;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ToolCall;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one message of a request; every refusal is INVALID_REQUEST and names the field. */
final class MessageReader {
    private static final String BASE64 = ";base64";

    private final String field;
    private final Message in;

    private MessageReader(String field, Message in) {
        this.field = field;
        this.in = in;
    }

    /** @param field the message's own place, such as {@code messages[0]} */
    static dev.thanosgateway.api.chat.Message read(String field, Message in) throws GatewayException {
        MessageReader reader = new MessageReader(field, in);
        Role role = reader.role();
        return dev.thanosgateway.api.chat.Message.of(role, reader.parts(role))
                .withName(in.hasName() ? in.getName() : null)
                .withHints(hints(field, in.hasHintsJson() ? in.getHintsJson() : null));
    }

    private Role role() throws GatewayException {
        return switch (in.getRole().toLowerCase(Locale.ROOT)) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            case "developer" -> Role.DEVELOPER;
            case "tool" -> Role.TOOL;
            default ->
                throw invalid(
                        field + ".role",
                        field + ".role is '" + in.getRole()
                                + "': it can be user, assistant, system, developer or tool.");
        };
    }

    private List<Part> parts(Role role) throws GatewayException {
        if (role != Role.TOOL && in.hasToolCallId()) {
            throw invalid(field + ".tool_call_id", field + ".tool_call_id goes with the role tool only.");
        }
        if (role != Role.ASSISTANT && in.getToolCallsCount() > 0) {
            throw invalid(field + ".tool_calls", field + ".tool_calls goes with the role assistant only.");
        }
        List<Part> said = said();
        if (role == Role.TOOL) {
            if (in.getToolCallId().isEmpty()) {
                throw invalid(
                        field + ".tool_call_id",
                        field + ".tool_call_id is empty: say which call of the assistant this is the result of.");
            }
            return List.of(new Part.ToolResult(in.getToolCallId(), said, in.getToolError(), Map.of()));
        }
        for (int i = 0; i < in.getToolCallsCount(); i++) {
            said.add(toolCall(field + ".tool_calls[" + i + "]", in.getToolCalls(i)));
        }
        return said;
    }

    /** Content and parts; an empty content counts only where nothing else is said. */
    private List<Part> said() throws GatewayException {
        List<Part> out = new ArrayList<>();
        if (!in.getContent().isEmpty() || (in.getPartsCount() == 0 && in.getToolCallsCount() == 0)) {
            out.add(new Part.Text(in.getContent()));
        }
        for (int i = 0; i < in.getPartsCount(); i++) {
            out.add(part(field + ".parts[" + i + "]", in.getParts(i)));
        }
        return out;
    }

    private static Part toolCall(String field, ToolCall call) throws GatewayException {
        if (call.getId().isEmpty() || call.getName().isEmpty()) {
            throw invalid(field, field + " needs id and name.");
        }
        return new Part.ToolCall(
                call.getId(),
                call.getName(),
                call.getArguments(),
                hints(field, call.hasHintsJson() ? call.getHintsJson() : null));
    }

    private static Part part(String field, dev.thanosgateway.proto.Part part) throws GatewayException {
        Map<String, Json> hints = hints(field, part.hasHintsJson() ? part.getHintsJson() : null);
        return switch (part.getKindCase()) {
            case TEXT -> new Part.Text(part.getText(), hints);
            case IMAGE -> {
                Media image = part.getImage();
                yield new Part.Image(
                        source(field + ".image", image), image.hasDetail() ? image.getDetail() : null, hints);
            }
            case AUDIO ->
                new Part.Audio(source(field + ".audio", part.getAudio()), format(field, part.getAudio()), hints);
            case DOCUMENT -> {
                Media document = part.getDocument();
                yield new Part.Document(
                        source(field + ".document", document), document.hasName() ? document.getName() : null, hints);
            }
            case REASONING ->
                new Part.Reasoning(
                        part.getReasoning().getText(),
                        part.getReasoning().hasSignature() ? part.getReasoning().getSignature() : null,
                        hints);
            case REDACTED_REASONING -> new Part.RedactedReasoning(part.getRedactedReasoning(), hints);
            case REFUSAL -> new Part.Refusal(part.getRefusal(), hints);
            case OTHER ->
                new Part.Other(
                        part.getOther().getDialect(),
                        part.getOther().getType(),
                        JsonFields.value(field + ".other.json", part.getOther().getJson()),
                        hints);
            case KIND_NOT_SET -> throw invalid(field, field + " is empty, or of a kind this gateway does not know.");
        };
    }

    private static Part.Source source(String field, Media media) throws GatewayException {
        return switch (media.getSourceCase()) {
            case URL -> url(field, media.getUrl());
            case DATA -> {
                if (media.getMediaType().isEmpty()) {
                    throw invalid(field + ".media_type", field + ".media_type is empty: say what the data is.");
                }
                yield new Part.Source.Data(
                        media.getMediaType(),
                        Base64.getEncoder().encodeToString(media.getData().toByteArray()));
            }
            case FILE_ID -> new Part.Source.FileId(media.getFileId());
            case SOURCE_NOT_SET -> throw invalid(field, field + " needs url, data or file_id.");
        };
    }

    /** A data URL holds its bytes: providers take those another way than an address. */
    private static Part.Source url(String field, String url) throws GatewayException {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return new Part.Source.Url(url);
        }
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(5, comma);
        if (!head.endsWith(BASE64) || head.length() == BASE64.length()) {
            throw invalid(field + ".url", field + ".url must read data:<media type>;base64,<data>.");
        }
        return new Part.Source.Data(head.substring(0, head.length() - BASE64.length()), url.substring(comma + 1));
    }

    private static String format(String field, Media audio) throws GatewayException {
        if (audio.hasFormat()) {
            return audio.getFormat();
        }
        String type = audio.getMediaType();
        if (!type.startsWith("audio/")) {
            throw invalid(field + ".audio.format", field + ".audio.format is empty: say wav, mp3 or the like.");
        }
        String format = type.substring("audio/".length());
        return format.equals("mpeg") ? "mp3" : format;
    }

    private static Map<String, Json> hints(String field, @Nullable String json) throws GatewayException {
        return json == null ? Map.of() : JsonFields.members(field + ".hints_json", json);
    }
}
