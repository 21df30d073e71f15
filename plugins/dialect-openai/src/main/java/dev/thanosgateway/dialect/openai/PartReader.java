package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one part of a message's content. */
final class PartReader {
    private static final String BASE64 = ";base64,";

    private String type = "";
    private @Nullable String text;
    private final Map<String, Json> members = new LinkedHashMap<>();

    private PartReader() {}

    static Part read(JsonReader json) throws JsonException {
        PartReader part = new PartReader();
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.skipNull()) {
                continue;
            }
            switch (name) {
                case "type" -> part.type = json.string();
                case "text", "refusal" -> part.text = json.string();
                default -> part.members.put(name, json.json());
            }
        }
        return part.build();
    }

    private Part build() throws JsonException {
        String said = text == null ? "" : text;
        Json own = members.remove(type);
        Part known = switch (type) {
            case "text" -> new Part.Text(said, members);
            case "refusal" -> new Part.Refusal(said, members);
            case "image_url" -> own == null ? null : image(own);
            case "input_audio" -> own == null ? null : audio(own);
            case "file" -> own == null ? null : file(own);
            default -> null;
        };
        return known == null ? other(own) : known;
    }

    private Part other(@Nullable Json own) {
        JsonWriter whole = new JsonWriter(256);
        whole.beginObject().name("type").value(type);
        if (own != null) {
            whole.name(type).value(own);
        }
        if (text != null) {
            whole.name("text").value(text);
        }
        members.forEach((name, value) -> whole.name(name).value(value));
        return new Part.Other(
                ChatOriginal.DIALECT, type, new Json(whole.endObject().toString()), Map.of());
    }

    private Part image(Json own) throws JsonException {
        Map<String, String> fields = strings(own, "url");
        String url = fields.getOrDefault("url", "");
        return new Part.Image(source(url), fields.get("detail"), members);
    }

    private Part audio(Json own) throws JsonException {
        Map<String, String> fields = strings(own, "data");
        String format = fields.getOrDefault("format", "wav");
        return new Part.Audio(
                new Part.Source.Data("audio/" + format, fields.getOrDefault("data", "")), format, members);
    }

    private @Nullable Part file(Json own) throws JsonException {
        Map<String, String> fields = strings(own, "file_id");
        String id = fields.get("file_id");
        if (id != null) {
            return new Part.Document(new Part.Source.FileId(id), fields.get("filename"), members);
        }
        Part.Source data = source(fields.getOrDefault("file_data", ""));
        if (data instanceof Part.Source.Data) {
            return new Part.Document(data, fields.get("filename"), members);
        }
        return null;
    }

    /** A {@code data:} URL (RFC 2397) in base64 is its bytes; any other URL is passed on. */
    static Part.Source source(String url) {
        int comma = url.indexOf(BASE64);
        if (comma > 0 && url.regionMatches(true, 0, "data:", 0, 5)) {
            // Nobody elsewhere knows a type with parameters.
            String mediaType = url.substring(5, comma).toLowerCase(Locale.ROOT).replaceFirst(";.*", "");
            return new Part.Source.Data(mediaType, url.substring(comma + BASE64.length()));
        }
        return new Part.Source.Url(url);
    }

    /** The members that are strings; a bare string is the value of {@code bare}. */
    private static Map<String, String> strings(Json value, String bare) throws JsonException {
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        if (json.peek() == '"') {
            return Map.of(bare, json.string());
        }
        Map<String, String> all = new LinkedHashMap<>();
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            if (json.peek() == '"') {
                all.put(name, json.string());
            } else {
                json.skip();
            }
        }
        return all;
    }
}
