package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the parts of a request's contents, in order. Calls and results need no id in this language; elsewhere they do,
 * so one is made up, and a result without one answers the first call of its name that has no result yet.
 */
final class PartReader {
    /** What stands beside a part's data. */
    private static final Set<String> BESIDE =
            Set.of("thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata");

    private final Map<String, Deque<String>> open = new HashMap<>();
    private int calls;

    /** @param user whether the client's side says them, whose own thoughts mean nothing */
    List<Part> read(Field values, boolean user) throws GatewayException {
        List<Part> parts = new ArrayList<>();
        for (Field value : values.elements()) {
            Map<String, Field> members = value.members();
            Field signature = members.get("thoughtSignature");
            Field thought = members.get("thought");
            if (thought != null && thought.bool()) {
                Field text = members.get("text");
                String mark = signature == null ? null : Signatures.read(signature.text());
                if (mark != null && mark.startsWith(ThoughtDetails.REDACTED)) {
                    sign(parts, mark);
                } else {
                    parts.add(new Part.Reasoning(text == null ? "" : text.text(), mark, Map.of()));
                }
                continue;
            }
            if (signature != null && !user) {
                sign(parts, Signatures.read(signature.text()));
            }
            Part part = data(value, members);
            if (part != null) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** A signature on a part proves the thought before it. */
    private static void sign(List<Part> parts, String signature) {
        if (signature.startsWith(ThoughtDetails.REDACTED)) {
            parts.add(new Part.RedactedReasoning(signature.substring(ThoughtDetails.REDACTED.length()), Map.of()));
            return;
        }
        int last = parts.size() - 1;
        if (last >= 0 && parts.get(last) instanceof Part.Reasoning thought && thought.signature() == null) {
            parts.set(last, new Part.Reasoning(thought.text(), signature, Map.of()));
        } else {
            parts.add(new Part.Reasoning("", signature, Map.of()));
        }
    }

    private @Nullable Part data(Field value, Map<String, Field> members) throws GatewayException {
        Map<String, Json> hints = new LinkedHashMap<>();
        Part part = null;
        for (Map.Entry<String, Field> member : members.entrySet()) {
            if (BESIDE.contains(member.getKey())) {
                if (!member.getKey().startsWith("thought")) {
                    hints.put(member.getKey(), member.getValue().json());
                }
            } else if (part != null) {
                throw value.invalid("must hold one kind of data");
            } else {
                part = one(member.getKey(), member.getValue());
            }
        }
        if (part == null) {
            throw value.invalid("must hold data, such as \"text\"");
        }
        if (part instanceof Part.Text text && text.text().isEmpty()) {
            return null;
        }
        return hints.isEmpty() ? part : hinted(part, hints);
    }

    private static Part hinted(Part part, Map<String, Json> hints) {
        return switch (part) {
            case Part.Text p -> new Part.Text(p.text(), hints);
            case Part.Image p -> new Part.Image(p.source(), p.detail(), hints);
            case Part.Document p -> new Part.Document(p.source(), p.name(), hints);
            case Part.Audio p -> new Part.Audio(p.source(), p.format(), hints);
            default -> part;
        };
    }

    private Part one(String name, Field value) throws GatewayException {
        return switch (name) {
            case "text" -> new Part.Text(value.text());
            case "inlineData" -> {
                Map<String, Field> members = value.members();
                String type = required(value, members, "mimeType").toLowerCase(Locale.ROOT);
                String data = required(value, members, "data").replace('-', '+').replace('_', '/');
                yield media(value, type, new Part.Source.Data(type, padded(data)), members.get("displayName"));
            }
            case "fileData" -> {
                Map<String, Field> members = value.members();
                Field type = members.get("mimeType");
                String uri = required(value, members, "fileUri");
                Part.Source source = Media.storedAtGoogle(uri) ? new Part.Source.FileId(uri) : new Part.Source.Url(uri);
                String said = type == null ? Media.typeOf(uri) : type.text().toLowerCase(Locale.ROOT);
                yield media(value, said == null ? "application/pdf" : said, source, members.get("displayName"));
            }
            case "functionCall" -> call(value);
            case "functionResponse" -> result(value);
            default -> new Part.Other(GeminiOriginal.DIALECT, name, value.json(), Map.of());
        };
    }

    private static String padded(String base64) {
        return base64 + "=".repeat((4 - base64.length() % 4) % 4);
    }

    private static String required(Field value, Map<String, Field> members, String name) throws GatewayException {
        Field member = members.get(name);
        if (member == null) {
            throw value.invalid("needs \"" + name + "\"");
        }
        return member.text();
    }

    private static Part media(Field value, String type, Part.Source source, @Nullable Field name)
            throws GatewayException {
        if (type.startsWith("image/")) {
            return new Part.Image(source, null, Map.of());
        }
        if (type.startsWith("audio/")) {
            return new Part.Audio(source, Media.audioFormat(type), Map.of());
        }
        if (type.startsWith("video/")) {
            // Nobody else sees films.
            String kind = source instanceof Part.Source.Data ? "inlineData" : "fileData";
            return new Part.Other(GeminiOriginal.DIALECT, kind, value.json(), Map.of());
        }
        return new Part.Document(source, name == null ? null : name.text(), Map.of());
    }

    private Part call(Field value) throws GatewayException {
        Map<String, Field> members = value.members();
        String name = required(value, members, "name");
        Field id = members.get("id");
        String known = id == null || id.text().isEmpty() ? "call_" + calls : id.text();
        calls++;
        open.computeIfAbsent(name, n -> new ArrayDeque<>()).add(known);
        Field args = members.get("args");
        return new Part.ToolCall(known, name, args == null ? "{}" : args.json().text(), Map.of());
    }

    private Part result(Field value) throws GatewayException {
        Map<String, Field> members = value.members();
        String name = required(value, members, "name");
        Deque<String> unanswered = open.computeIfAbsent(name, n -> new ArrayDeque<>());
        Field id = members.get("id");
        String known;
        if (id != null && !id.text().isEmpty()) {
            known = id.text();
            unanswered.remove(known);
        } else if (!unanswered.isEmpty()) {
            known = unanswered.remove();
        } else {
            throw value.invalid("answers no call: no content before it calls \"" + name + "\"");
        }
        List<Part> content = new ArrayList<>();
        Field response = members.get("response");
        JsonNode said = response == null ? Trees.object() : response.node();
        boolean error = said.size() == 1 && said.has("error");
        content.add(new Part.Text(resultText(said)));
        Field parts = members.get("parts");
        if (parts != null) {
            content.addAll(new PartReader().read(parts, true));
        }
        return new Part.ToolResult(known, content, error, Map.of());
    }

    /** The one text that Google says where a result or an error is put, else the object. */
    private static String resultText(JsonNode said) {
        if (said.size() == 1) {
            for (String name : List.of("output", "result", "error")) {
                if (said.path(name).isString()) {
                    return said.path(name).stringValue();
                }
            }
        }
        return Trees.text(said);
    }
}
