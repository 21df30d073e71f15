package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A count of a chat's tokens, by the provider that would be asked for the chat, or an estimate if it does not count. */
record CountOperation(ChatRequest routed, WholeAnswer<TokenCount> answer) implements Operation<TokenCount> {
    @Override
    public Ability ability() {
        return Ability.COUNT;
    }

    @Override
    public boolean stream() {
        return false;
    }

    @Override
    public boolean relay() {
        return routed.original() != null;
    }

    @Override
    public boolean here(Provider provider) {
        return !(provider instanceof TokenCounting);
    }

    @Override
    public Attempt attempt(ChatService service, Attempt.Told<TokenCount> told, Course.Leg leg, CallInfo info)
            throws GatewayException {
        ChatRequest counted = service.targeted(routed, leg);
        HereAttempt<TokenCount> attempt = new HereAttempt<>(
                told, () -> List.of(TokenCount.estimate(counted.content().estimatedTokens())), leg.provider());
        if (leg.provider().service() instanceof TokenCounting counting) {
            attempt.asks(service.overHttp(attempt, this, () -> counting.countTokens(counted), leg, info));
        }
        return attempt;
    }

    @Override
    public Intake<TokenCount> intake(Runnable commit) {
        return new ResultIntake<>(answer, count -> null);
    }

    @Override
    public @Nullable Answer streamed() {
        return null;
    }
}
