package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.LocalChat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chat. */
record ChatOperation(ChatRequest request, Answer answer) implements Operation<ChatEvent> {
    /** What a model says that was asked nothing. */
    private static final List<ChatEvent> SILENCE = List.of(
            new ChatEvent.Started(null, null, 0),
            new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
            new ChatEvent.Finished(null));

    @Override
    public Ability ability() {
        return Ability.CHAT;
    }

    @Override
    public ChatRequest routed() {
        return request;
    }

    @Override
    public boolean stream() {
        return request.stream();
    }

    @Override
    public boolean relay() {
        return request.original() != null;
    }

    @Override
    public Attempt attempt(ChatService service, Attempt.Told<ChatEvent> told, Course.Leg leg, CallInfo info)
            throws GatewayException {
        if (!request.warmUp()) {
            return asking(service, told, leg, info);
        }
        HereAttempt<ChatEvent> attempt = new HereAttempt<>(told, () -> SILENCE, leg.provider());
        attempt.asks(asking(service, attempt, leg, info));
        return attempt;
    }

    private Attempt asking(ChatService service, Attempt.Told<ChatEvent> told, Course.Leg leg, CallInfo info)
            throws GatewayException {
        ChatRequest asked = service.targeted(request, leg);
        return switch (leg.provider().service()) {
            case Chat chat -> service.overHttp(told, this, () -> chat.chat(asked), leg, info);
            case LocalChat local ->
                new LocalAttempt(told, asked, leg.provider(), local, service.threads(), service.answerShare());
            default -> throw service.router().names().unable(leg.target().provider(), Ability.CHAT);
        };
    }

    @Override
    public Intake<ChatEvent> intake(Runnable commit) {
        return new ChatIntake(request.stream(), answer, commit);
    }

    @Override
    public @Nullable Answer streamed() {
        return request.stream() ? answer : null;
    }
}
