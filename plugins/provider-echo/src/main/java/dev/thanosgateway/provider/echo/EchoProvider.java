package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.api.provider.LocalModels;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Provider;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Gives the last message back, word by word. The same request always gets the same answer.
 *
 * <p>Has one model, {@code echo}, no settings, no network. What decides an answer is in {@link Reply}; how it is
 * given, and what counts as a token, in {@link EchoStream}.
 */
@Component(
        service = Provider.class,
        configurationPid = EchoProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Capability(
        namespace = "thanos.provider",
        attribute = {"type=echo", "pid=" + EchoProvider.PID, "key=false"})
public final class EchoProvider implements LocalChat, LocalModels {
    static final String PID = "dev.thanosgateway.provider.echo";

    private static final String MODEL = "echo";
    private static final int MAX_CHOICES = 128;
    private static final ModelList MODELS = new ModelList(List.of(Model.builder(MODEL)
            .name("Echo")
            .ownedBy("thanos")
            .capabilities(Set.of("streaming", "functions"))
            .build()));

    @Override
    public ModelList models() {
        return MODELS;
    }

    /**
     * Decides the whole answer before it begins, so that a request that cannot be answered fails here.
     *
     * @throws GatewayException MODEL_NOT_FOUND for any model but {@code echo}; INVALID_REQUEST for an {@code echo}
     *     extension, a tool choice, a limit or a schema that cannot be; TOO_LARGE when a schema asks for too much
     */
    @Override
    public ChatStream open(ChatRequest request) throws GatewayException {
        if (!request.model().equals(MODEL)) {
            throw new GatewayException(
                            ErrorKind.MODEL_NOT_FOUND,
                            "The echo provider has no model \"" + request.model() + "\"; its only one is \"echo\".")
                    .withParameter("model");
        }
        long delayMillis = Pace.of(request.extensions().get("echo"));
        ChatContent content = request.content();
        if (content.choices() < 1 || content.choices() > MAX_CHOICES) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST, "Ask for at least 1 and at most " + MAX_CHOICES + " answers.")
                    .withParameter("n");
        }
        Long limit = content.maxOutputTokens();
        if (limit != null && limit < 1) {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "\"max_tokens\" must be at least 1.")
                    .withParameter("max_tokens");
        }
        return new EchoStream(
                request.model(),
                Reply.to(content),
                content.choices(),
                limit == null ? Long.MAX_VALUE : limit,
                delayMillis,
                Reply.inputTokens(content));
    }
}
