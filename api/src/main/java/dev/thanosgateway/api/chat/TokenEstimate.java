package dev.thanosgateway.api.chat;

import org.jspecify.annotations.Nullable;

/**
 * About how many tokens a chat has, where nobody counts: within a factor of two of what tokenizers of large models make
 * of prose and code. Four ASCII characters are a token, two of other alphabets, one of Chinese, Japanese or Korean; an
 * emoji is two. What has no text counts as a constant, since its size in tokens is each vendor's own.
 */
final class TokenEstimate {
    private static final int QUARTERS = 4;
    private static final int OF_REQUEST = 3;
    /** Role and separators. */
    private static final int OF_MESSAGE = 4;
    /** Names of fields round a tool, a call or its result. */
    private static final int OF_TOOL = 8;

    private static final int OF_IMAGE = 1_000;
    private static final int OF_SMALL_IMAGE = 85;
    private static final int OF_DOCUMENT = 3_000;
    private static final int OF_AUDIO = 500;

    private long tokens = OF_REQUEST;
    private long quarters;

    private TokenEstimate() {}

    static long of(ChatContent content) {
        TokenEstimate estimate = new TokenEstimate();
        for (Message message : content.messages()) {
            estimate.tokens += OF_MESSAGE;
            estimate.text(message.name());
            message.parts().forEach(estimate::part);
        }
        for (Tool tool : content.tools()) {
            estimate.tokens += OF_TOOL;
            estimate.text(tool.name());
            estimate.text(tool.description());
            estimate.text(tool.parameters() == null ? null : tool.parameters().text());
        }
        if (content.responseFormat() instanceof ResponseFormat.JsonSchema form) {
            estimate.text(form.schema().text());
        }
        return estimate.tokens + (estimate.quarters + QUARTERS - 1) / QUARTERS;
    }

    private void part(Part part) {
        switch (part) {
            case Part.Text text -> text(text.text());
            case Part.Image image -> tokens += "low".equals(image.detail()) ? OF_SMALL_IMAGE : OF_IMAGE;
            case Part.Document document -> document(document.source());
            case Part.Audio audio -> tokens += OF_AUDIO;
            case Part.ToolCall call -> {
                tokens += OF_TOOL;
                text(call.name());
                text(call.arguments());
            }
            case Part.ToolResult result -> {
                tokens += OF_TOOL;
                result.content().forEach(this::part);
            }
            case Part.Reasoning reasoning -> text(reasoning.text());
            case Part.RedactedReasoning redacted -> text(redacted.data());
            case Part.Refusal refusal -> text(refusal.text());
            case Part.Other other -> text(other.json().text());
        }
    }

    /** A text's size is known without decoding it; other files have as many pages as they like. */
    private void document(Part.Source source) {
        if (source instanceof Part.Source.Data data && data.mediaType().startsWith("text/")) {
            quarters += data.base64().length() * 3L / 4;
        } else {
            tokens += OF_DOCUMENT;
        }
    }

    private void text(@Nullable String text) {
        if (text == null) {
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            quarters += quarters(text.charAt(i));
        }
    }

    private static int quarters(char c) {
        if (c < 0x80) {
            return 1;
        }
        return c < 0x2E80 ? 2 : 4;
    }
}
