package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a client of Responses keeps in {@code encrypted_content} for the next turn. OpenAI's own goes by as it is;
 * outside this language it bears a mark, as decision 0014 says. Others' signatures bear one here, so that they come
 * back and are not sent to OpenAI, which refuses what it did not encrypt.
 */
final class EncryptedReasoning {
    private static final String OWN = "openai:";
    private static final String SIGNED = "thanos-signed:";
    private static final String REDACTED = "thanos-redacted:";

    private EncryptedReasoning() {}

    /** The content that carries a signature; or none, which says that OpenAI has not this reasoning either. */
    static String signed(String signature) {
        String own = own(signature);
        return own == null ? SIGNED + signature : own;
    }

    /** The content OpenAI itself gave; null = the signature is not its own. */
    static @Nullable String own(@Nullable String signature) {
        return signature != null && signature.startsWith(OWN) ? signature.substring(OWN.length()) : null;
    }

    /** The content that carries reasoning only its vendor can read. */
    static String redacted(String data) {
        return REDACTED + data;
    }

    /**
     * The reasoning of an earlier turn.
     *
     * @param content null = the client has none
     */
    static Part read(String text, @Nullable String content) {
        if (content == null) {
            return new Part.Reasoning(text, null, Map.of());
        }
        if (content.startsWith(REDACTED)) {
            return new Part.RedactedReasoning(content.substring(REDACTED.length()), Map.of());
        }
        String signature = content.startsWith(SIGNED) ? content.substring(SIGNED.length()) : OWN + content;
        return new Part.Reasoning(text, signature.isEmpty() ? null : signature, Map.of());
    }

    /** The change that takes what others thought out of a request for OpenAI; none, if there is nothing of the kind. */
    static Edits withoutForeign(@Nullable Value input) throws JsonException {
        Edits edits = new Edits();
        if (input == null || !input.isArray()) {
            return edits;
        }
        List<Value> items = input.elements();
        List<Value> kept = new ArrayList<>();
        for (Value item : items) {
            if (!foreign(item)) {
                kept.add(item);
            }
        }
        if (kept.size() < items.size()) {
            String rest = kept.stream().map(Value::json).map(Json::text).collect(Collectors.joining(","));
            edits.replace(input.from(), input.to(), "[" + rest + "]");
        }
        return edits;
    }

    private static boolean foreign(Value item) throws JsonException {
        if (!item.isObject()) {
            return false;
        }
        Value content = item.members().get("encrypted_content");
        if (content == null || !content.isString()) {
            return false;
        }
        String text = content.text();
        return text.startsWith(SIGNED) || text.startsWith(REDACTED);
    }
}
