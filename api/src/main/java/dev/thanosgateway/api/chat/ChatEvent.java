package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of an answer. The grammar, enforced by {@link ChatGrammar}:
 *
 * <pre>
 * Started (TextDelta | ReasoningDelta | ReasoningSignature | RedactedReasoning | RefusalDelta | ToolCallStart
 *   | ToolCallDelta | CustomCallStart | CustomCallDelta | Citation | Media | Logprobs | UsageSoFar | Extension
 *   | Heartbeat)* ChoiceFinished+ Finished
 * </pre>
 *
 * <p>With several choices their deltas and finishes may interleave; nothing follows a choice's finish for that
 * choice, and nothing at all follows Finished. Failure is thrown, never an event. The host's switches have no
 * default, so the compiler finds the gaps; a plugin's always have one, it may meet a newer api.
 */
public sealed interface ChatEvent {
    /** The choice this is about, from 0; -1 = the whole answer. */
    default int choice() {
        return -1;
    }

    /**
     * @param id the upstream's id of the answer
     * @param model what really answers
     * @param created Unix seconds, 0 = unknown
     */
    record Started(@Nullable String id, @Nullable String model, long created) implements ChatEvent {}

    record TextDelta(int choice, String text) implements ChatEvent {}

    record ReasoningDelta(int choice, String text) implements ChatEvent {}

    /** Proof of the reasoning before it, to be sent back unchanged in a later turn; reasoning after it is another part. */
    record ReasoningSignature(int choice, String signature) implements ChatEvent {}

    record RedactedReasoning(int choice, String data) implements ChatEvent {}

    record RefusalDelta(int choice, String text) implements ChatEvent {}

    /**
     * @param index the call's place among the choice's calls, from 0
     * @param id never empty
     */
    record ToolCallStart(int choice, int index, String id, String name) implements ChatEvent {}

    /** @param arguments the next piece of the arguments' text; may be cut anywhere */
    record ToolCallDelta(int choice, int index, String arguments) implements ChatEvent {}

    /**
     * A call of a custom tool by an upstream that has such tools. Only a request that offers a custom tool is answered so,
     * and only by the name of one; an upstream without custom tools calls it as a function, {@link ToolCallStart} with
     * its text in the member {@link Tool#INPUT} of the arguments.
     *
     * @param index the call's place among all calls of the choice, from 0
     * @param id never empty
     */
    record CustomCallStart(int choice, int index, String id, String name) implements ChatEvent {}

    /** @param input the next piece of the call's text as it is, not as JSON; may be cut anywhere between characters */
    record CustomCallDelta(int choice, int index, String input) implements ChatEvent {}

    /** @param dialect whose form {@code json} has */
    record Citation(int choice, String dialect, Json json) implements ChatEvent {}

    record Media(int choice, Part.Source.Data data) implements ChatEvent {}

    /**
     * @param content per token of text, in OpenAI's form
     * @param refusal likewise per token of a refusal
     */
    record Logprobs(int choice, List<Json> content, List<Json> refusal) implements ChatEvent {
        public Logprobs {
            content = List.copyOf(content);
            refusal = List.copyOf(refusal);
        }
    }

    /** Usage reported before the end; the last one stands for a stream that is cut. */
    record UsageSoFar(Usage usage) implements ChatEvent {}

    /**
     * Something the model has no word for.
     *
     * @param dialect whose; others leave it out
     */
    record Extension(int choice, String dialect, String name, Json json) implements ChatEvent {}

    /** The upstream is alive; says nothing. */
    record Heartbeat() implements ChatEvent {}

    /** @param stopSequence the sequence that ended the choice, where the upstream says */
    record ChoiceFinished(
            int choice, FinishReason reason, @Nullable String stopSequence) implements ChatEvent {}

    /** @param usage null = the upstream did not count */
    record Finished(@Nullable Usage usage) implements ChatEvent {}

    /** Whether this is the first thing a caller can see: text, reasoning, a tool call, a refusal or a finish. */
    default boolean isFirstEvent() {
        return switch (this) {
            case TextDelta e -> !e.text().isEmpty();
            case ReasoningDelta e -> !e.text().isEmpty();
            case RefusalDelta e -> !e.text().isEmpty();
            case RedactedReasoning e -> true;
            case ToolCallStart e -> true;
            case CustomCallStart e -> true;
            case Media e -> true;
            case ChoiceFinished e -> true;
            case Finished e -> true;
            case Started e -> false;
            case ReasoningSignature e -> false;
            case ToolCallDelta e -> false;
            case CustomCallDelta e -> false;
            case Citation e -> false;
            case Logprobs e -> false;
            case UsageSoFar e -> false;
            case Extension e -> false;
            case Heartbeat e -> false;
        };
    }
}
