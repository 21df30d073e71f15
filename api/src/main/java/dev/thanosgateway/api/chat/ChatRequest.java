package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One chat request: what routing needs at hand, the rest when someone asks. Immutable but for the content, which is
 * read at most once, by whoever asks first; safe to use from several threads.
 */
public final class ChatRequest {
    /** Reads a request's content from its original bytes. Called at most once; may be called on any thread. */
    @FunctionalInterface
    public interface Reader {
        /** @throws GatewayException INVALID_REQUEST naming the field, or UNSUPPORTED */
        ChatContent read() throws GatewayException;
    }

    private static final class Lazy {
        private @Nullable Reader reader;
        private @Nullable ChatContent content;
        private @Nullable GatewayException failure;

        Lazy(@Nullable Reader reader, @Nullable ChatContent content) {
            this.reader = reader;
            this.content = content;
        }

        synchronized ChatContent get() throws GatewayException {
            Reader unread = reader;
            if (unread != null) {
                reader = null;
                try {
                    content = unread.read();
                } catch (GatewayException e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
            if (content == null) {
                throw new IllegalStateException("reading this request failed before");
            }
            return content;
        }
    }

    private final String model;
    private final List<String> spellings;
    private final boolean stream;
    private final boolean streamUsage;
    private final boolean warmUp;
    private final List<String> fallbacks;
    private final Map<String, Json> extensions;
    private final @Nullable Original original;
    private final @Nullable String session;
    private final ModelTraits traits;
    private final Lazy content;

    private ChatRequest(
            String model,
            List<String> spellings,
            boolean stream,
            boolean streamUsage,
            boolean warmUp,
            List<String> fallbacks,
            Map<String, Json> extensions,
            @Nullable Original original,
            @Nullable String session,
            ModelTraits traits,
            Lazy content) {
        this.model = model;
        this.spellings = List.copyOf(spellings);
        this.stream = stream;
        this.streamUsage = streamUsage;
        this.warmUp = warmUp;
        this.fallbacks = List.copyOf(fallbacks);
        this.extensions = Map.copyOf(extensions);
        this.original = original;
        this.session = session;
        this.traits = traits;
        this.content = content;
    }

    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** The same request for another model name, of which nothing is known. */
    public ChatRequest withModel(String model) {
        return withTarget(model, ModelTraits.UNKNOWN);
    }

    /**
     * The same request for one target.
     *
     * @param model the target's own name for the model
     * @param traits what that model takes there
     */
    public ChatRequest withTarget(String model, ModelTraits traits) {
        return new ChatRequest(
                model,
                List.of(),
                stream,
                streamUsage,
                warmUp,
                fallbacks,
                extensions,
                original,
                session,
                traits,
                content);
    }

    /** The same request as part of a session. */
    public ChatRequest withSession(@Nullable String session) {
        return new ChatRequest(
                model,
                spellings,
                stream,
                streamUsage,
                warmUp,
                fallbacks,
                extensions,
                original,
                session,
                traits,
                content);
    }

    /** The model as the caller named it; for a provider, as that provider names it. */
    public String model() {
        return model;
    }

    /**
     * What else the caller may mean by the model's name, such as the name without a default tag; the first that is
     * known counts, and only where the name as written is not. Empty = nothing.
     */
    public List<String> spellings() {
        return spellings;
    }

    /** Whether the caller wants the answer as a stream. */
    public boolean stream() {
        return stream;
    }

    /** Whether a streamed answer ends with its usage. */
    public boolean streamUsage() {
        return streamUsage;
    }

    /**
     * Whether it asks for no answer, only that its model be made ready, or be let go. A provider that cannot be told so
     * refuses it as UNSUPPORTED; the host then gives an empty answer without asking it.
     */
    public boolean warmUp() {
        return warmUp;
    }

    /** Targets to try after the named one, as the caller gave them; empty = none. */
    public List<String> fallbacks() {
        return fallbacks;
    }

    /** Request fields of this gateway ({@code tags}, {@code omen}, {@code echo}); no vendor sees them unless it owns them. */
    public Map<String, Json> extensions() {
        return extensions;
    }

    /** The bytes the request came in, where its dialect can be relayed. */
    public @Nullable Original original() {
        return original;
    }

    /** What the caller says is one session of several requests, such as a coding agent's; null = nothing is said. */
    public @Nullable String session() {
        return session;
    }

    /** What the model takes, for a provider; {@link ModelTraits#UNKNOWN} before a target is chosen. */
    public ModelTraits traits() {
        return traits;
    }

    /** What the request says. The first call may parse; later ones return the same. */
    public ChatContent content() throws GatewayException {
        return content.get();
    }

    /** Collects values; used by one thread. */
    public static final class Builder {
        private final String model;
        private List<String> spellings = List.of();
        private boolean stream;
        private boolean streamUsage;
        private boolean warmUp;
        private List<String> fallbacks = List.of();
        private Map<String, Json> extensions = Map.of();
        private @Nullable Original original;
        private @Nullable Lazy content;

        private Builder(String model) {
            this.model = model;
        }

        public Builder spellings(List<String> value) {
            spellings = value;
            return this;
        }

        public Builder stream(boolean value) {
            stream = value;
            return this;
        }

        public Builder streamUsage(boolean value) {
            streamUsage = value;
            return this;
        }

        public Builder warmUp(boolean value) {
            warmUp = value;
            return this;
        }

        public Builder fallbacks(List<String> value) {
            fallbacks = value;
            return this;
        }

        public Builder extensions(Map<String, Json> value) {
            extensions = value;
            return this;
        }

        public Builder original(Original value) {
            original = value;
            return this;
        }

        public Builder content(ChatContent value) {
            content = new Lazy(null, value);
            return this;
        }

        /** @param reader asked when, and only if, someone needs the content */
        public Builder content(Reader reader) {
            content = new Lazy(reader, null);
            return this;
        }

        public ChatRequest build() {
            Lazy said = content;
            if (said == null) {
                throw new IllegalStateException("a chat request needs content");
            }
            return new ChatRequest(
                    model,
                    spellings,
                    stream,
                    streamUsage,
                    warmUp,
                    fallbacks,
                    extensions,
                    original,
                    null,
                    ModelTraits.UNKNOWN,
                    said);
        }
    }
}
