package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a chat request says, apart from where it goes. Immutable; absent values are the vendor's default. */
public final class ChatContent {
    private final Builder values;

    private ChatContent(Builder values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder with what this says. */
    public Builder toBuilder() {
        return values.copy();
    }

    public List<Message> messages() {
        return values.messages;
    }

    /**
     * How much text the model reads, for estimates: messages, tool calls and their results, and the tools that are offered.
     * UTF-16 units; what images and documents cost, vendors do not agree on.
     */
    public long characters() {
        long characters = 0;
        for (Message message : messages()) {
            characters += characters(message.parts());
        }
        for (Tool tool : tools()) {
            Json parameters = tool.parameters();
            String description = tool.description();
            characters += tool.name().length()
                    + (parameters == null ? 0 : parameters.text().length())
                    + (description == null ? 0 : description.length());
        }
        return characters;
    }

    private static long characters(List<Part> parts) {
        long characters = 0;
        for (Part part : parts) {
            characters += switch (part) {
                case Part.Text text -> text.text().length();
                case Part.ToolCall call ->
                    call.name().length() + call.arguments().length();
                case Part.ToolResult result -> characters(result.content());
                default -> 0;
            };
        }
        return characters;
    }

    /**
     * About how many tokens a vendor would count for it, tools, images and documents included: within a factor of two of
     * what tokenizers of large models make of prose and code. Walks through all texts.
     */
    public long estimatedTokens() {
        return TokenEstimate.of(this);
    }

    /** Whether there is an image in it, be it in the result of a tool. */
    public boolean hasImages() {
        return messages().stream().anyMatch(message -> images(message.parts()));
    }

    private static boolean images(List<Part> parts) {
        return parts.stream()
                .anyMatch(part -> part instanceof Part.Image
                        || (part instanceof Part.ToolResult result && images(result.content())));
    }

    /** Whether the answer may call one of the tools. */
    public boolean mayCallTools() {
        return !tools().isEmpty() && !(toolChoice() instanceof ToolChoice.None);
    }

    public List<Tool> tools() {
        return values.tools;
    }

    public @Nullable ToolChoice toolChoice() {
        return values.toolChoice;
    }

    public @Nullable Boolean parallelToolCalls() {
        return values.parallelToolCalls;
    }

    public Sampling sampling() {
        return values.sampling;
    }

    /** The most tokens the answer may have, reasoning included where the vendor counts it so. */
    public @Nullable Long maxOutputTokens() {
        return values.maxOutputTokens;
    }

    public List<String> stop() {
        return values.stop;
    }

    /** How many answers; 1 unless the caller asked for more. */
    public int choices() {
        return values.choices;
    }

    public @Nullable ResponseFormat responseFormat() {
        return values.responseFormat;
    }

    public @Nullable Reasoning reasoning() {
        return values.reasoning;
    }

    /** How many alternatives per token to report; 0 = only the drawn one; null = no log probabilities. */
    public @Nullable Integer topLogprobs() {
        return values.topLogprobs;
    }

    /** The caller's own end user, for the vendor's abuse checks. */
    public @Nullable String user() {
        return values.user;
    }

    /** Request fields the model has no word for, by their wire names in {@link #hintsDialect()}. */
    public Map<String, Json> hints() {
        return values.hints;
    }

    /** The dialect whose names {@link #hints()} has; null when there are none. */
    public @Nullable String hintsDialect() {
        return values.hintsDialect;
    }

    /** Collects values; used by one thread. */
    public static final class Builder {
        private List<Message> messages = List.of();
        private List<Tool> tools = List.of();
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private Sampling sampling = Sampling.DEFAULT;
        private @Nullable Long maxOutputTokens;
        private List<String> stop = List.of();
        private int choices = 1;
        private @Nullable ResponseFormat responseFormat;
        private @Nullable Reasoning reasoning;
        private @Nullable Integer topLogprobs;
        private @Nullable String user;
        private Map<String, Json> hints = Map.of();
        private @Nullable String hintsDialect;

        private Builder() {}

        public Builder messages(List<Message> value) {
            messages = List.copyOf(value);
            return this;
        }

        public Builder tools(List<Tool> value) {
            tools = List.copyOf(value);
            return this;
        }

        public Builder toolChoice(@Nullable ToolChoice value) {
            toolChoice = value;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        public Builder sampling(Sampling value) {
            sampling = value;
            return this;
        }

        public Builder maxOutputTokens(@Nullable Long value) {
            maxOutputTokens = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = List.copyOf(value);
            return this;
        }

        public Builder choices(int value) {
            choices = value;
            return this;
        }

        public Builder responseFormat(@Nullable ResponseFormat value) {
            responseFormat = value;
            return this;
        }

        public Builder reasoning(@Nullable Reasoning value) {
            reasoning = value;
            return this;
        }

        public Builder topLogprobs(@Nullable Integer value) {
            topLogprobs = value;
            return this;
        }

        public Builder user(@Nullable String value) {
            user = value;
            return this;
        }

        public Builder hints(String dialect, Map<String, Json> value) {
            hintsDialect = value.isEmpty() ? null : dialect;
            hints = Map.copyOf(value);
            return this;
        }

        public ChatContent build() {
            return new ChatContent(copy());
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.messages = messages;
            copy.tools = tools;
            copy.toolChoice = toolChoice;
            copy.parallelToolCalls = parallelToolCalls;
            copy.sampling = sampling;
            copy.maxOutputTokens = maxOutputTokens;
            copy.stop = stop;
            copy.choices = choices;
            copy.responseFormat = responseFormat;
            copy.reasoning = reasoning;
            copy.topLogprobs = topLogprobs;
            copy.user = user;
            copy.hints = hints;
            copy.hintsDialect = hintsDialect;
            return copy;
        }
    }
}
