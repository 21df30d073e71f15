package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.TokenCount;

/** Serves whatever a dialect offers, each operation in the same way as a chat: plans, attempts, tells. */
public interface Dispatcher extends ChatDispatcher {
    /**
     * Makes embeddings into {@code answer}, which may be told before this returns.
     *
     * @return the call, to be cancelled when the caller goes away
     */
    ChatCall embed(EmbeddingsRequest request, CallInfo info, WholeAnswer<EmbeddingsResponse> answer);

    /**
     * Counts the tokens of a chat into {@code answer}, which may be told before this returns. Its provider counts; where
     * it does not, the answer is an estimate.
     *
     * @return the call, to be cancelled when the caller goes away
     */
    ChatCall count(ChatRequest request, CallInfo info, WholeAnswer<TokenCount> answer);

    /**
     * A request has arrived and waits for its turn: it is served while a stopping gateway lets calls in flight go on.
     *
     * @return ends the expectation; run when the request was served or never will be, any number of times
     */
    Runnable expect();
}
