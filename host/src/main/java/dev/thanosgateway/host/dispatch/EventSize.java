package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.ChatEvent;

/** What an event weighs that no upstream sent. */
final class EventSize {
    private static final long OBJECT_BYTES = 64;

    private EventSize() {}

    /** Bytes of the event's text, and of the event itself. */
    static long of(ChatEvent event) {
        long text = switch (event) {
            case ChatEvent.TextDelta delta -> delta.text().length();
            case ChatEvent.ReasoningDelta delta -> delta.text().length();
            case ChatEvent.RefusalDelta delta -> delta.text().length();
            case ChatEvent.ToolCallDelta delta -> delta.arguments().length();
            case ChatEvent.CustomCallDelta delta -> delta.input().length();
            case ChatEvent.Media media -> media.data().base64().length();
            case ChatEvent.ReasoningSignature proof -> proof.signature().length();
            case ChatEvent.RedactedReasoning hidden -> hidden.data().length();
            case ChatEvent.Citation citation -> citation.json().text().length();
            case ChatEvent.Extension extension -> extension.json().text().length();
            case ChatEvent.Logprobs probabilities -> probabilities.content().size() * OBJECT_BYTES;
            case ChatEvent.Started e -> 0;
            case ChatEvent.ToolCallStart e -> 0;
            case ChatEvent.CustomCallStart e -> 0;
            case ChatEvent.UsageSoFar e -> 0;
            case ChatEvent.Heartbeat e -> 0;
            case ChatEvent.ChoiceFinished e -> 0;
            case ChatEvent.Finished e -> 0;
        };
        return OBJECT_BYTES + 2 * text;
    }
}
