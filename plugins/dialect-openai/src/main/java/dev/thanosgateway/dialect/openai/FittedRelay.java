package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a chat request in this language fit its model by changing only the values that {@link ModelFit} changed: every
 * other byte, fields unknown to the gateway included, stays as the caller sent it. For one request.
 */
final class FittedRelay {
    private static final String AUTO = "\"auto\"";

    private final byte[] bytes;
    private final JsonReader json;
    private final RequestFacts facts;
    private final ModelFit fit;
    private final ChatContent before;
    private final ChatContent after;
    private final ModelTraits traits;
    private final boolean streamOptions;
    private final String limit;
    private final Edits edits = new Edits();

    /**
     * @param begin where the JSON begins in {@code bytes}
     * @param before the content of the request
     * @param fit what of it the model takes
     */
    FittedRelay(
            byte[] bytes,
            int begin,
            RequestFacts facts,
            ChatContent before,
            ModelFit fit,
            ModelTraits traits,
            Quirks quirks) {
        this.bytes = bytes;
        this.json = JsonReader.lenient(bytes, begin, bytes.length);
        this.facts = facts;
        this.fit = fit;
        this.before = before;
        this.after = fit.content();
        this.traits = traits;
        this.streamOptions = quirks.streamOptions(traits);
        this.limit = quirks.maxTokensField(traits);
    }

    /** The request as the model takes it; the same bytes if it takes all of it. */
    byte[] apply() {
        try {
            json.enterObject();
            MemberRemoval removal = new MemberRemoval(json, edits);
            while (json.nextMember()) {
                removal.begin();
                String name = json.name();
                if (json.peek() != 'n' && isRefused(name)) {
                    json.skip();
                    removal.remove();
                } else {
                    member(name);
                    removal.keep();
                }
            }
            removal.end();
        } catch (JsonException e) {
            throw new IllegalStateException("a request that was read before", e);
        }
        return edits.isEmpty() ? bytes : edits.apply(bytes, 0, bytes.length);
    }

    private boolean isRefused(String name) {
        return switch (name) {
            case "stream_options" -> !streamOptions;
            case "reasoning_effort" -> effort() == null;
            case "max_tokens", "max_completion_tokens" -> facts.bothLimits() && !name.equals(limit);
            case "response_format" -> before.responseFormat() != null && after.responseFormat() == null;
            case "tool_choice" -> false;
            default -> fit.dropped().contains(name);
        };
    }

    private @Nullable String effort() {
        Reasoning asked = before.reasoning();
        String word = asked == null ? null : asked.effort();
        if (traits.list(Trait.EFFORT) == null) {
            return word;
        }
        return after.reasoning() == null ? null : ModelFit.effort(word, traits);
    }

    private void member(String name) throws JsonException {
        if (json.peek() == 'n') {
            json.skip();
            return;
        }
        switch (name) {
            case "messages" -> new FittedTurns(json, edits, fit, traits).read(before.messages(), facts);
            case "tools", "functions" -> names(json, fit, edits);
            case "tool_choice", "function_call" -> choice();
            case "user" -> value(before.user(), after.user());
            case "reasoning_effort" -> {
                Reasoning asked = before.reasoning();
                value(asked == null ? null : asked.effort(), effort());
            }
            case "max_tokens", "max_completion_tokens" -> {
                int from = json.position();
                json.skip();
                if (!Objects.equals(before.maxOutputTokens(), after.maxOutputTokens())) {
                    edits.replace(from, json.position(), String.valueOf(after.maxOutputTokens()));
                }
            }
            case "response_format" -> {
                int from = json.position();
                json.skip();
                ResponseFormat form = after.responseFormat();
                if (form != null && !form.equals(before.responseFormat())) {
                    JsonWriter written = new JsonWriter(128);
                    TypedJson.nested(written).format(form);
                    edits.replace(from, json.position(), written.toBytes());
                }
            }
            default -> json.skip();
        }
    }

    private void value(@Nullable String old, @Nullable String now) throws JsonException {
        int from = json.position();
        json.skip();
        if (now != null && !now.equals(old)) {
            edits.replace(from, json.position(), quoted(now));
        }
    }

    static byte[] quoted(String text) {
        return new JsonWriter(text.length() + 8).value(text).toBytes();
    }

    /** A forced call that the model refuses becomes its choice, among the tools that were allowed. */
    private void choice() throws JsonException {
        boolean freed = fit.dropped().contains("tool_choice");
        boolean allowed = false;
        int from = json.position();
        if (json.peek() == '{') {
            json.enterObject();
            while (json.nextMember()) {
                String name = json.name();
                if (name.equals("allowed_tools") && json.peek() == '{') {
                    allowed = true;
                    allowed(freed);
                } else {
                    named(name, json, fit, edits);
                }
            }
        } else {
            json.skip();
        }
        if (freed && !allowed) {
            edits.replace(from, json.position(), AUTO);
        }
    }

    private void allowed(boolean freed) throws JsonException {
        json.enterObject();
        while (json.nextMember()) {
            String name = json.name();
            json.peek();
            int from = json.position();
            if (name.equals("mode")) {
                json.skip();
                if (freed) {
                    edits.replace(from, json.position(), AUTO);
                }
            } else {
                named(name, json, fit, edits);
            }
        }
    }

    /** Reads over a value that names tools, and gives them the names that are sent. */
    static void names(JsonReader json, ModelFit fit, Edits edits) throws JsonException {
        switch (json.peek()) {
            case '[' -> {
                json.enterArray();
                while (json.nextElement()) {
                    names(json, fit, edits);
                }
            }
            case '{' -> {
                json.enterObject();
                while (json.nextMember()) {
                    named(json.name(), json, fit, edits);
                }
            }
            default -> json.skip();
        }
    }

    private static void named(String member, JsonReader json, ModelFit fit, Edits edits) throws JsonException {
        switch (member) {
            case "function", "tools" -> names(json, fit, edits);
            case "name" -> name(json, fit, edits);
            case "strict" -> {
                int from = json.position();
                boolean strict = json.peek() == 't';
                json.skip();
                if (strict && fit.dropped().contains("tools.strict")) {
                    edits.replace(from, json.position(), "false");
                }
            }
            default -> json.skip();
        }
    }

    /** Reads over a tool's name, and replaces it by the one that is sent. */
    static void name(JsonReader json, ModelFit fit, Edits edits) throws JsonException {
        if (json.peek() != '"') {
            json.skip();
            return;
        }
        int from = json.position();
        String name = json.string();
        String sent = fit.sentName(name);
        if (!sent.equals(name)) {
            edits.replace(from, json.position(), quoted(sent));
        }
    }
}
