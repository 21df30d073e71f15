package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.host.decision.Decisions;

/** Serves chats: plans, attempts, commits at the first event. Called from many threads at once, never blocks. */
public interface ChatDispatcher {
    /**
     * Serves one chat into {@code answer}, which may be told before this returns.
     *
     * @return the call, to be cancelled when the caller goes away
     */
    ChatCall dispatch(ChatRequest request, CallInfo info, Answer answer);

    /** What front ends count their requests' and answers' bytes in. */
    HeldBytes held();

    /** What was decided about the requests that ended last. */
    Decisions decisions();
}
