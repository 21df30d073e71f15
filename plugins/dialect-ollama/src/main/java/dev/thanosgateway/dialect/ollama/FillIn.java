package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text and what comes behind the gap in it: what {@code /api/generate} with a suffix is asked. It comes from legacy
 * completions, as a text and a part of the kind {@code suffix} whose JSON is a string.
 */
final class FillIn {
    private static final String SUFFIX = "suffix";

    private final String prompt;
    private final String suffix;

    private FillIn(String prompt, String suffix) {
        this.prompt = prompt;
        this.suffix = suffix;
    }

    /** What is asked, if it is that; null = it is a chat. */
    static @Nullable FillIn of(ChatContent content) throws GatewayException {
        List<Message> messages = content.messages();
        List<Part> parts = messages.size() == 1 ? messages.get(0).parts() : List.of();
        if (parts.size() == 2
                && parts.get(0) instanceof Part.Text text
                && parts.get(1) instanceof Part.Other behind
                && behind.type().equals(SUFFIX)) {
            try {
                return new FillIn(text.text(), Value.of(behind.json()).text());
            } catch (JsonException e) {
                throw Requests.invalid(e);
            }
        }
        return null;
    }

    String prompt() {
        return prompt;
    }

    String suffix() {
        return suffix;
    }
}
