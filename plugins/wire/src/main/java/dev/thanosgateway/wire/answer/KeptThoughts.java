package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The thoughts of one choice, put together from the pieces of a stream until what they led to is known. */
public final class KeptThoughts {
    /** Copies of a text while it is written: the part, its JSON, and the frame. */
    private static final long WRITTEN = 6;

    private final List<Part> thoughts = new ArrayList<>(0);
    private final StringBuilder signature = new StringBuilder(0);
    private KeptText text = new KeptText();
    private long keptBytes;
    private int taken;

    /** A piece of a thought; behind a signature it begins another one. */
    public void text(String piece) {
        if (!signature.isEmpty()) {
            end();
        }
        text.append(piece);
    }

    /** Something else is said: what is thought behind it, or signed, is another thought. */
    public void said() {
        end();
    }

    /** A signature, or a piece of one. It ends its thought. */
    public void signature(String piece) {
        signature.append(piece);
    }

    /** A thought that only its vendor can read. */
    public void redacted(String data) {
        end();
        thoughts.add(new Part.RedactedReasoning(data, Map.of()));
        keptBytes += data.length();
    }

    /** A part of a whole answer; what is no thought is left out. */
    public void add(Part part) {
        if (part instanceof Part.Reasoning thought) {
            end();
            text(thought.text());
            signature(thought.signature() == null ? "" : thought.signature());
        } else if (part instanceof Part.RedactedReasoning thought) {
            redacted(thought.data());
        }
    }

    private void end() {
        if (text.length() > 0 || !signature.isEmpty()) {
            thoughts.add(
                    new Part.Reasoning(text.toString(), signature.isEmpty() ? null : signature.toString(), Map.of()));
            keptBytes += text.bytes() + signature.length();
        }
        text = new KeptText();
        signature.setLength(0);
    }

    /** How many thoughts were taken so far. */
    public int taken() {
        return taken;
    }

    /** The thoughts so far, which are then forgotten. */
    public List<Part> take() {
        end();
        taken += thoughts.size();
        List<Part> all = List.copyOf(thoughts);
        thoughts.clear();
        keptBytes = 0;
        return all;
    }

    /** The {@link ThoughtDetails} of the thoughts so far, which are then forgotten; null = there is nothing to prove. */
    public @Nullable Json takeDetails() {
        int first = taken;
        return ThoughtDetails.write(take(), first);
    }

    /** Bytes of memory, as {@link dev.thanosgateway.api.dialect.ChatWriter#kept} counts them. */
    public long kept() {
        return WRITTEN * (keptBytes + text.bytes() + signature.length());
    }
}
