package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One choice's {@code reasoning_details}, as OpenRouter has them: thoughts as text, as a summary or encrypted, with the
 * signatures of the vendor behind it. They must come back as they were, so what is signed or encrypted becomes one
 * signature: this language's mark and the details' array, pieces of a stream put together. For one answer.
 */
final class ReasoningDetails {
    /** What such a signature begins with; see decision 0014. */
    static final String MARK = "reasoning_details:";

    private static final int MOST = 4096;
    private static final int MOST_LENGTH = 1 << 20;

    private final int choice;
    private final List<Map<String, Json>> all = new ArrayList<>(0);
    private int length;
    private boolean signed;
    private boolean told;

    ReasoningDetails(int choice) {
        this.choice = choice;
    }

    /** The elements of the array in a signature, separated by commas; null = it is no such signature. */
    static @Nullable String of(@Nullable String signature) {
        if (signature == null || !signature.startsWith(MARK)) {
            return null;
        }
        String array = signature.substring(MARK.length()).strip();
        return array.length() > 2 ? array.substring(1, array.length() - 1) : "";
    }

    /**
     * Notes the details of one payload.
     *
     * @param beside whether the payload has the same thoughts in a field of their own
     * @return the thoughts to be told; empty where others tell them
     */
    String add(List<Json> details, boolean beside) throws GatewayException {
        told |= beside;
        StringBuilder text = new StringBuilder(0);
        for (Json detail : details) {
            Map<String, Json> members = members(detail);
            text.append(string(members, "text")).append(string(members, "summary"));
            signed |= members.containsKey("signature") || members.containsKey("data");
            length += detail.text().length();
            if (all.size() < MOST && length <= MOST_LENGTH) {
                merge(members);
            } else {
                // Without a part of them the vendor would refuse the rest.
                all.clear();
                signed = false;
            }
        }
        return told ? "" : text.toString();
    }

    /** A piece goes on with the detail before it where both have one type and index; an encrypted one is always whole. */
    private void merge(Map<String, Json> piece) {
        Map<String, Json> last = all.isEmpty() ? Map.of() : all.get(all.size() - 1);
        boolean same = !all.isEmpty()
                && !piece.containsKey("data")
                && string(last, "type").equals(string(piece, "type"))
                && String.valueOf(last.get("index")).equals(String.valueOf(piece.get("index")));
        if (!same) {
            all.add(piece);
            return;
        }
        piece.forEach((name, value) -> {
            boolean grows = name.equals("text") || name.equals("summary");
            last.put(name, grows ? quoted(string(last, name) + string(piece, name)) : value);
        });
    }

    /** Tells what is signed of the details so far, once. */
    void sign(EventTarget out) throws GatewayException {
        if (signed) {
            JsonWriter json = new JsonWriter(1024).beginArray();
            for (Map<String, Json> detail : all) {
                json.beginObject();
                detail.forEach((name, value) -> json.name(name).value(value));
                json.endObject();
            }
            out.event(new ChatEvent.ReasoningSignature(
                    choice, MARK + new String(json.endArray().toBytes(), StandardCharsets.UTF_8)));
        }
        all.clear();
        length = 0;
        signed = false;
    }

    /** Members without a value are left out: they say nothing, and would hide what an earlier piece said. */
    private static Map<String, Json> members(Json detail) throws GatewayException {
        Map<String, Json> members = new TreeMap<>();
        byte[] bytes = detail.text().getBytes(StandardCharsets.UTF_8);
        JsonReader json = JsonReader.lenient(bytes, 0, bytes.length);
        try {
            if (json.peek() != '{') {
                return members;
            }
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (!json.skipNull()) {
                    members.put(name, json.json());
                }
            }
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        return members;
    }

    private static String string(Map<String, Json> members, String name) {
        Json value = members.get(name);
        if (value == null) {
            return "";
        }
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        try {
            return ChoiceReader.text(JsonReader.lenient(bytes, 0, bytes.length));
        } catch (JsonException e) {
            return "";
        }
    }

    private static Json quoted(String text) {
        return new Json(new String(new JsonWriter(text.length() + 2).value(text).toBytes(), StandardCharsets.UTF_8));
    }
}
