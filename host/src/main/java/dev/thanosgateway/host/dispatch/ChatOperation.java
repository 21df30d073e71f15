package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.LocalChat;
import org.jspecify.annotations.Nullable;

/** A chat. */
record ChatOperation(ChatRequest request, Answer answer) implements Operation<ChatEvent> {
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
        ChatRequest asked = request.withModel(leg.target().model());
        return switch (leg.provider().service()) {
            case Chat chat -> service.overHttp(told, this, () -> chat.chat(asked), leg, info);
            case LocalChat local -> new LocalAttempt(told, asked, leg.provider(), local, service.threads());
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
