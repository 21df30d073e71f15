package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.host.config.Settings;
import java.util.function.Supplier;

/**
 * What bounds the memory of all calls together.
 *
 * @param requests bodies, from their first byte to the end of their call
 * @param answers what came from upstreams and no client has taken yet: frames that are not whole, answers that are
 *     kept until they are, and what waits for a slow client
 */
public record HeldBytes(ByteBudget requests, ByteBudget answers) {
    /** Up to here an answer's bytes are not counted: {@code max_streams} bounds them. Ordinary streams never get there. */
    public static final long FREE_BYTES = 64L * 1024;

    /** Budgets as the settings in force say. */
    static HeldBytes of(Supplier<Settings> settings) {
        return new HeldBytes(
                new ByteBudget(() -> settings.get().server().bodyBudgetBytes()),
                new ByteBudget(() -> settings.get().server().answerBudgetBytes()));
    }

    public long used() {
        return requests.used() + answers.used();
    }
}
