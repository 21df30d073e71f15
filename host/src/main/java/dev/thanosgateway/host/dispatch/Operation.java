package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * What a call asks of its targets, from the caller's request to where the answer goes: all in which chats and other
 * operations differ. For one call.
 *
 * @param <T> what an exchange gives: the events of a chat, or one result
 */
interface Operation<T> {
    /** What a provider needs to be a target. */
    Ability ability();

    /** The request as routing sees it: the model's name, fallbacks, and the content if a strategy looks at it. */
    ChatRequest routed();

    /** Whether the answer goes to the caller as it comes, once there is something to be seen. */
    boolean stream();

    /** Whether the caller's request came in a dialect, so that raw frames can be taken. */
    boolean relay();

    /** Whether a target of this provider is answered for without asking anybody. */
    default boolean here(Provider provider) {
        return false;
    }

    /**
     * Makes the attempt that asks a target; it owns the lease of the provider from then on.
     *
     * @throws GatewayException when nothing can be asked; the lease is the caller's still
     */
    Attempt attempt(ChatService service, Attempt.Told<T> told, Course.Leg leg, CallInfo info) throws GatewayException;

    /**
     * Takes what one attempt gives.
     *
     * @param commit run once, when the first event of a stream is in hand and before the answer is given it
     */
    Intake<T> intake(Runnable commit);

    /** Where the answer goes. */
    WholeAnswer<?> answer();

    /** The same, if the answer goes there as it comes; null = it is told whole. */
    @Nullable
    Answer streamed();
}
