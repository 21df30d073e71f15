package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one part of what an item of Responses says. */
final class ResponsesPart {
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "pdf",
            "application/pdf",
            "txt",
            "text/plain",
            "md",
            "text/markdown",
            "csv",
            "text/csv",
            "json",
            "application/json",
            "html",
            "text/html");

    private ResponsesPart() {}

    static Part read(Value part) throws JsonException, GatewayException {
        Map<String, Value> members = part.members();
        String type = ResponsesInput.required(part, members, "type").text();
        return switch (type) {
            case "input_text", "output_text", "text" ->
                new Part.Text(ResponsesInput.required(part, members, "text").text());
            case "refusal" ->
                new Part.Refusal(
                        ResponsesInput.required(part, members, "refusal").text(), Map.of());
            case "input_image" -> image(part, members);
            case "input_file" -> file(part, members);
            case "input_audio" -> audio(ResponsesInput.required(part, members, "input_audio"));
            default ->
                throw RequestBody.unsupported(
                        part.path() + ".type", "is \"" + type + "\", a part that only OpenAI itself knows.");
        };
    }

    private static @Nullable String text(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value == null ? null : value.text();
    }

    private static Part image(Value part, Map<String, Value> members) throws JsonException {
        String url = text(members, "image_url");
        String file = text(members, "file_id");
        if (url == null && file == null) {
            throw new JsonException(part.path() + ".image_url", "is required");
        }
        Part.Source source = url == null ? new Part.Source.FileId(String.valueOf(file)) : PartReader.source(url);
        String detail = text(members, "detail");
        // The SDKs always send the default.
        return new Part.Image(source, "auto".equals(detail) ? null : detail, Map.of());
    }

    private static Part file(Value part, Map<String, Value> members) throws JsonException {
        String name = text(members, "filename");
        String data = text(members, "file_data");
        String url = text(members, "file_url");
        String id = text(members, "file_id");
        Part.Source source;
        if (data != null) {
            Part.Source said = PartReader.source(data);
            source = said instanceof Part.Source.Data ? said : new Part.Source.Data(mediaType(name), data);
        } else if (url != null) {
            source = new Part.Source.Url(url);
        } else if (id != null) {
            source = new Part.Source.FileId(id);
        } else {
            throw new JsonException(part.path() + ".file_data", "is required");
        }
        return new Part.Document(source, name, Map.of());
    }

    /** Base64 that does not say of what. */
    private static String mediaType(@Nullable String name) {
        String end = name == null ? "" : name.substring(name.lastIndexOf('.') + 1);
        return MEDIA_TYPES.getOrDefault(end.toLowerCase(Locale.ROOT), "application/pdf");
    }

    /** A name for a file that has none, which OpenAI insists on. */
    static String name(String mediaType) {
        return MEDIA_TYPES.entrySet().stream()
                .filter(one -> one.getValue().equals(mediaType))
                .map(one -> "document." + one.getKey())
                .findFirst()
                .orElse("document");
    }

    private static Part audio(Value value) throws JsonException {
        Map<String, Value> members = value.members();
        String format = text(members, "format");
        String kind = format == null ? "wav" : format;
        String data = ResponsesInput.required(value, members, "data").text();
        return new Part.Audio(new Part.Source.Data("audio/" + kind, data), kind, Map.of());
    }
}
