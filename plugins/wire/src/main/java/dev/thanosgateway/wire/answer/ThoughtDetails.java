package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Members;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signed thoughts for clients whose language has no field for a signature: an array {@code reasoning_details} in the
 * form that OpenRouter gave it and that agents send back unchanged. Signatures bear a mark, so that a provider that did
 * not make them can tell them from its own and leaves them out (decisions 0014 and 0081).
 */
public final class ThoughtDetails {
    /** The member of a message, or of the function of a tool call that the thoughts led to. */
    public static final String FIELD = "reasoning_details";

    /** What the signatures of this gateway's own details begin with. */
    public static final String SIGNED = "thanos-signed:";

    /** What the data of thoughts begins with that only their vendor can read. */
    public static final String REDACTED = "thanos-redacted:";

    /** The mark of decision 0060. */
    private static final String CARRIER = "reasoning_details:";

    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private ThoughtDetails() {}

    /**
     * The details of thoughts, in their order.
     *
     * @param thoughts {@link Part.Reasoning} and {@link Part.RedactedReasoning}; other parts are left out
     * @param firstIndex of the first detail: clients put pieces with one index together
     * @return null = none of them is signed or encrypted, so that their text says all there is
     */
    public static @Nullable Json write(List<Part> thoughts, int firstIndex) {
        boolean proven = false;
        int index = firstIndex;
        // Another gateway's details have the texts of all its thoughts.
        boolean carried = thoughts.stream()
                .anyMatch(one -> one instanceof Part.Reasoning thought && isCarrier(thought.signature()));
        JsonOut out = new JsonOut().beginArray();
        for (Part part : thoughts) {
            if (part instanceof Part.Reasoning thought) {
                String signature = thought.signature();
                boolean signed = signature != null && !signature.isEmpty();
                proven |= signed;
                if (carried && !signed) {
                    continue;
                }
                if (signed && isCarrier(signature)) {
                    for (String element : elements(signature)) {
                        out.value(new Json(element));
                    }
                    continue;
                }
                out.beginObject().name("index").value(index++);
                out.member("signature", signed ? SIGNED + signature : null);
                out.name("text").value(thought.text()).name("type").value(TEXT);
                out.endObject();
            } else if (part instanceof Part.RedactedReasoning thought) {
                proven = true;
                out.beginObject().name("data").value(REDACTED + thought.data());
                out.name("index").value(index++).name("type").value(ENCRYPTED);
                out.endObject();
            }
        }
        return proven ? new Json(out.endArray().toString()) : null;
    }

    /** Whether a signature is a whole array of this gateway's details, as {@link #carried} made it. */
    private static boolean isCarrier(@Nullable String signature) {
        return signature != null
                && signature.startsWith(CARRIER)
                && (signature.contains(SIGNED) || signature.contains(REDACTED));
    }

    private static List<String> elements(@Nullable String carrier) {
        List<String> elements = new ArrayList<>();
        try {
            Value all = Value.of(new Json(String.valueOf(carrier).substring(CARRIER.length())));
            for (Value one : all.elements()) {
                elements.add(one.json().text());
            }
        } catch (JsonException e) {
            elements.clear();
        }
        return elements;
    }

    /** Details in another gateway's answer as one signature, in which they go on; null = they are none of a gateway. */
    public static @Nullable String carried(Json details) {
        return read(details).isEmpty() ? null : CARRIER + details.text();
    }

    /** The thoughts in details that {@link #write} made; empty = these are another's, or no details. */
    public static List<Part> read(Json details) {
        List<Part> thoughts = new ArrayList<>();
        boolean own = false;
        try {
            Value all = Value.of(details);
            if (!all.isArray()) {
                return List.of();
            }
            for (Value one : all.elements()) {
                Map<String, Value> members = one.isObject() ? one.members() : Map.of();
                String data = text(members, "data");
                String signature = text(members, "signature");
                own |= data.startsWith(REDACTED) || signature.startsWith(SIGNED);
                if (data.startsWith(REDACTED)) {
                    thoughts.add(new Part.RedactedReasoning(data.substring(REDACTED.length()), Map.of()));
                } else if (text(members, "type").equals(TEXT)) {
                    String proof = signature.startsWith(SIGNED) ? signature.substring(SIGNED.length()) : null;
                    thoughts.add(new Part.Reasoning(text(members, "text"), proof, Map.of()));
                }
            }
        } catch (JsonException e) {
            return List.of();
        }
        return own ? List.copyOf(thoughts) : List.of();
    }

    private static String text(Map<String, Value> members, String name) throws JsonException {
        Value value = members.get(name);
        return value == null || !value.isString() ? "" : Members.text(members, name);
    }
}
