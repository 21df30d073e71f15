package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One part of a message. Plugins switch with a default: a newer api may bring further kinds.
 *
 * <p>{@code hints} are fields beside the part's own that only some vendors have, by their wire names
 * ({@code cache_control}, {@code thought_signature}); a provider that does not own one leaves it out.
 */
public sealed interface Part {
    Map<String, Json> hints();

    record Text(String text, Map<String, Json> hints) implements Part {
        public Text {
            hints = Map.copyOf(hints);
        }

        public Text(String text) {
            this(text, Map.of());
        }
    }

    /** @param detail how closely to look, in the vendor's word ({@code low}, {@code high}, {@code auto}) */
    record Image(Source source, @Nullable String detail, Map<String, Json> hints) implements Part {
        public Image {
            hints = Map.copyOf(hints);
        }
    }

    /** @param name the file's name or title */
    record Document(Source source, @Nullable String name, Map<String, Json> hints) implements Part {
        public Document {
            hints = Map.copyOf(hints);
        }
    }

    /** @param format such as {@code wav}, {@code mp3} */
    record Audio(Source source, String format, Map<String, Json> hints) implements Part {
        public Audio {
            hints = Map.copyOf(hints);
        }
    }

    /**
     * A call the assistant made.
     *
     * @param arguments as the model wrote them: usually a JSON object, may be empty or cut
     */
    record ToolCall(String id, String name, String arguments, Map<String, Json> hints) implements Part {
        public ToolCall {
            hints = Map.copyOf(hints);
        }

        /**
         * A call of a custom tool, in the form that every provider can send: its text is the member {@link Tool#INPUT} of
         * the arguments.
         */
        public static ToolCall custom(String id, String name, String input) {
            return new ToolCall(id, name, "{\"" + Tool.INPUT + "\":" + JsonString.of(input) + "}", Map.of());
        }
    }

    /**
     * What a tool gave back.
     *
     * @param content text, images or documents, in order
     */
    record ToolResult(String callId, List<Part> content, boolean error, Map<String, Json> hints) implements Part {
        public ToolResult {
            content = List.copyOf(content);
            hints = Map.copyOf(hints);
        }
    }

    /**
     * Reasoning of an earlier turn.
     *
     * @param signature the vendor's proof that the text is its own
     */
    record Reasoning(String text, @Nullable String signature, Map<String, Json> hints) implements Part {
        public Reasoning {
            hints = Map.copyOf(hints);
        }
    }

    /** Reasoning of an earlier turn that only its vendor can read. */
    record RedactedReasoning(String data, Map<String, Json> hints) implements Part {
        public RedactedReasoning {
            hints = Map.copyOf(hints);
        }
    }

    /** The assistant declined, in words. */
    record Refusal(String text, Map<String, Json> hints) implements Part {
        public Refusal {
            hints = Map.copyOf(hints);
        }
    }

    /**
     * A part the model has no word for.
     *
     * @param dialect whose; other dialects answer UNSUPPORTED
     */
    record Other(String dialect, String type, Json json, Map<String, Json> hints) implements Part {
        public Other {
            hints = Map.copyOf(hints);
        }
    }

    /** Where the bytes of a part are. The gateway fetches nothing by itself. */
    sealed interface Source {
        record Url(String url) implements Source {}

        /** @param base64 standard alphabet with padding */
        record Data(String mediaType, String base64) implements Source {}

        /** A file stored at one vendor. */
        record FileId(String id) implements Source {}
    }
}
