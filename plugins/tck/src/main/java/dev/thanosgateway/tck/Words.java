package dev.thanosgateway.tck;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A recorded answer with words nobody knows yet, by a name that says which: those that every vendor picks from a list
 * of its own that grows. An answer that has none of them is not among its variants.
 */
final class Words {
    /** Valid wherever a word stands, found in what comes out. */
    static final String NEW = "x_new";

    /** The variant whose choices may have ended for another reason. */
    static final String REASONS = "why it ended";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATA = "data:";
    private static final Set<String> REASON_NAMES =
            Set.of("finish_reason", "finishReason", "stop_reason", "done_reason");
    private static final Set<String> ROLE_NAMES = Set.of("role");
    private static final Set<String> OTHER_NAMES =
            Set.of("service_tier", "serviceTier", "trafficType", "modality", "category", "probability", "blockReason");
    /** Lists whose members are of kinds. */
    private static final Set<String> LIST_NAMES = Set.of("content", "parts", "tool_calls");
    /** Objects of a kind that a message of a stream is about. */
    private static final Set<String> PIECE_NAMES = Set.of("content_block", "delta");

    private Words() {}

    /** Every variant with words that are not in {@code answer}. */
    static Map<String, RecordedAnswer> unknown(RecordedAnswer answer) {
        Map<String, RecordedAnswer> all = new LinkedHashMap<>();
        put(all, REASONS, answer, replacing(REASON_NAMES));
        put(all, "who says it", answer, replacing(ROLE_NAMES));
        put(all, "tiers and the like", answer, replacing(OTHER_NAMES));
        put(all, "kinds of parts", answer, Words::parts);
        if (answer.lines()) {
            put(all, "kinds of pieces", answer, withPieces(answer));
        }
        return all;
    }

    private static void put(
            Map<String, RecordedAnswer> all, String name, RecordedAnswer answer, Consumer<JsonNode> change) {
        put(all, name, answer, answer.lines() ? byLines(answer, change) : whole(answer, change));
    }

    private static void put(
            Map<String, RecordedAnswer> all, String name, RecordedAnswer answer, RecordedAnswer changed) {
        if (text(changed).contains(NEW) && !text(answer).contains(NEW)) {
            all.put(name, changed);
        }
    }

    private static RecordedAnswer whole(RecordedAnswer answer, Consumer<JsonNode> change) {
        String json = text(answer).stripTrailing();
        String behind = text(answer).substring(json.length());
        return answer.withBody(bytes(changed(json, change) + behind));
    }

    private static RecordedAnswer byLines(RecordedAnswer answer, Consumer<JsonNode> change) {
        StringBuilder body = new StringBuilder();
        text(answer).lines().forEach(line -> {
            int from = jsonFrom(line);
            body.append(from < 0 ? line : line.substring(0, from) + changed(line.substring(from), change))
                    .append('\n');
        });
        return answer.withBody(bytes(body.toString()));
    }

    /** Where the object on a line of a stream begins; -1 = there is none. */
    private static int jsonFrom(String line) {
        int from = line.startsWith(DATA) ? DATA.length() : 0;
        while (from < line.length() && line.charAt(from) == ' ') {
            from++;
        }
        return from < line.length() && line.charAt(from) == '{' ? from : -1;
    }

    /** As it was where nothing is to be changed, or where it is no JSON. */
    private static String changed(String json, Consumer<JsonNode> change) {
        try {
            JsonNode tree = JSON.readTree(json);
            JsonNode before = tree.deepCopy();
            change.accept(tree);
            return tree.equals(before) ? json : JSON.writeValueAsString(tree);
        } catch (JacksonException e) {
            return json;
        }
    }

    private static Consumer<JsonNode> replacing(Set<String> names) {
        return json -> each(json, object -> {
            for (String name : names) {
                if (!object.path(name).asString("").isEmpty()) {
                    object.put(name, NEW);
                }
            }
        });
    }

    /** Behind the members of each list one of a kind nobody knows. */
    private static void parts(JsonNode json) {
        each(json, object -> {
            for (String name : LIST_NAMES) {
                boolean kinds = !object.path(name).path(0).has("token");
                if (kinds
                        && object.get(name) instanceof ArrayNode list
                        && list.path(0).isObject()) {
                    int place = list.size();
                    ObjectNode one = list.addObject().put("index", 100 + place).put("id", "id_" + place);
                    one.put("type", NEW).putObject(NEW).put("text", "?");
                }
            }
        });
    }

    private static void each(JsonNode json, Consumer<ObjectNode> change) {
        List<JsonNode> children = new ArrayList<>();
        json.forEach(children::add);
        if (json instanceof ObjectNode object) {
            change.accept(object);
        }
        children.forEach(child -> each(child, change));
    }

    /** Before each message that is about a piece of a kind the same with one of a kind nobody knows. */
    private static RecordedAnswer withPieces(RecordedAnswer answer) {
        StringBuilder body = new StringBuilder();
        for (String event : text(answer).split("\n\n")) {
            int line = event.indexOf(DATA);
            String unknown = line < 0 ? "" : changed(event.substring(line + DATA.length()), Words::piece);
            if (unknown.contains(NEW)) {
                body.append(event, 0, line + DATA.length()).append(unknown).append("\n\n");
            }
            body.append(event).append("\n\n");
        }
        return answer.withBody(bytes(body.toString()));
    }

    private static void piece(JsonNode message) {
        for (String name : PIECE_NAMES) {
            if (message.path(name).path("type").isString()) {
                ((ObjectNode) message).putObject(name).put("type", NEW).put(NEW, "?");
            }
        }
    }

    private static String text(RecordedAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
