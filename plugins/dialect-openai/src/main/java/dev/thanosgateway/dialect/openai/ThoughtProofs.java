package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What proves thoughts, for a client of chat completions that sends it back: a signature of Gemini's in
 * {@code extra_content}, as at Google's OpenAI-compatible endpoint, beside the call that the thoughts led to; all others
 * with their text in {@code reasoning_details} of the message.
 *
 * @param details null = none
 * @param google Gemini's signature; null = none
 */
record ThoughtProofs(@Nullable Json details, @Nullable String google) {
    private static final ThoughtProofs NONE = new ThoughtProofs(null, null);

    /**
     * @param thoughts parts, of which others than thoughts are left out
     * @param firstIndex of the details
     */
    static ThoughtProofs of(List<Part> thoughts, int firstIndex) {
        String google = null;
        StringBuilder foreign = new StringBuilder(0);
        List<Part> others = new ArrayList<>(thoughts.size());
        for (Part one : thoughts) {
            String signature = one instanceof Part.Reasoning thought ? thought.signature() : null;
            String own = ThoughtSignature.own(signature);
            String details = ReasoningDetails.of(signature);
            if (own != null) {
                google = own;
            } else if (details != null) {
                foreign.append(foreign.isEmpty() || details.isEmpty() ? "" : ",")
                        .append(details);
            } else {
                others.add(one);
            }
        }
        return new ThoughtProofs(joined(ThoughtDetails.write(others, firstIndex), foreign.toString()), google);
    }

    /** @param more elements of an array, separated by commas */
    private static @Nullable Json joined(@Nullable Json details, String more) {
        if (more.isEmpty()) {
            return details;
        }
        String own = details == null
                ? ""
                : details.text().substring(1, details.text().length() - 1) + ',';
        return new Json('[' + own + more + ']');
    }

    /** A whole answer's proofs, by the call they stand beside; those of the message by {@code message}. */
    static IdentityHashMap<Object, ThoughtProofs> of(List<Part> parts, Object message) {
        IdentityHashMap<Object, ThoughtProofs> places = new IdentityHashMap<>();
        List<Part> loose = new ArrayList<>(0);
        List<Part> next = new ArrayList<>(0);
        for (Part part : parts) {
            if (part instanceof Part.ToolCall) {
                places.put(part, of(next, 0).beside());
                next.stream().filter(one -> !isGoogles(one)).forEach(loose::add);
                next.clear();
            } else if (part instanceof Part.Text) {
                loose.addAll(next);
                next.clear();
            } else {
                next.add(part);
            }
        }
        loose.addAll(next);
        places.put(message, of(loose, 0));
        return places;
    }

    private static boolean isGoogles(Part part) {
        return part instanceof Part.Reasoning thought && ThoughtSignature.own(thought.signature()) != null;
    }

    /** What stands beside the call that the thoughts led to. */
    ThoughtProofs beside() {
        return google == null ? NONE : new ThoughtProofs(null, google);
    }

    /** What stands in the message if the thoughts led to a call. */
    ThoughtProofs inMessage() {
        return details == null ? NONE : new ThoughtProofs(details, null);
    }

    boolean isEmpty() {
        return details == null && google == null;
    }

    /** Writes the members, into the object of a message or a call. */
    void write(JsonWriter json) {
        if (details != null) {
            json.name(ThoughtDetails.FIELD).value(details);
        }
        if (google != null) {
            ThoughtSignature.write(json, google);
        }
    }
}
