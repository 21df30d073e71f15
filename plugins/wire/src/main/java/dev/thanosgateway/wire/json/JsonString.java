package dev.thanosgateway.wire.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON that stands in a string, such as a tool call's arguments. The host weighs a string as text, so nothing is made of
 * its values: it is checked and copied token by token.
 */
public final class JsonString {
    private static final int MAX_DEPTH = 128;

    /** Names are not collected: a string may hold millions of them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonString() {}

    /** Whether {@code text} is one JSON object and nothing else. */
    public static boolean isObject(String text) {
        return object(text, token -> true);
    }

    /** The one JSON object that {@code text} is, without white space; null = it is none. */
    public static @Nullable String compact(String text) {
        return compact(text, "");
    }

    /**
     * The one JSON object that {@code text} is, without white space.
     *
     * @param without a name that no member may have, at any depth; empty = they may have any
     * @return null = the text is none, or there is such a member
     */
    public static @Nullable String compact(String text, String without) {
        JsonText compact = new JsonText();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), compact)) {
            boolean copied = object(text, in -> {
                if (!without.isEmpty()
                        && in.currentToken() == JsonToken.PROPERTY_NAME
                        && in.currentName().equals(without)) {
                    return false;
                }
                // Numbers keep their digits.
                out.copyCurrentEventExact(in);
                return true;
            });
            if (!copied) {
                return null;
            }
            out.flush();
            return compact.toString();
        }
    }

    /** Takes the tokens of an object one by one. */
    private interface Tokens {
        /** @return false = the rest does not matter */
        boolean take(JsonParser in);
    }

    private static boolean object(String text, Tokens tokens) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int depth = 1;
            while (tokens.take(in)) {
                if (depth == 0) {
                    return in.nextToken() == null;
                }
                JsonToken token = in.nextToken();
                if (token == null) {
                    return false;
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return false;
        } catch (JacksonException e) {
            return false;
        }
    }
}
