package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Embeddings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of embeddings.
 *
 * @param routed a chat that says the inputs' texts and wants nothing written: strategies know no other requests
 */
record EmbeddingsOperation(EmbeddingsRequest request, ChatRequest routed, WholeAnswer<EmbeddingsResponse> answer)
        implements Operation<EmbeddingsResponse> {
    /** @param session as of a chat; null = none */
    static EmbeddingsOperation of(
            EmbeddingsRequest request, @Nullable String session, WholeAnswer<EmbeddingsResponse> answer) {
        ChatRequest routed = ChatRequest.builder(request.model())
                .spellings(request.spellings())
                .fallbacks(request.fallbacks())
                .extensions(request.extensions())
                .content(() -> content(request))
                .build()
                .withSession(session);
        return new EmbeddingsOperation(request, routed, answer);
    }

    private static ChatContent content(EmbeddingsRequest request) {
        List<Part> texts = new ArrayList<>();
        for (EmbeddingInput input : request.inputs()) {
            if (input instanceof EmbeddingInput.Text text) {
                texts.add(new Part.Text(text.text()));
            }
        }
        return ChatContent.builder()
                .messages(List.of(Message.of(Role.USER, texts)))
                .maxOutputTokens(0L)
                .build();
    }

    @Override
    public Ability ability() {
        return Ability.EMBEDDINGS;
    }

    @Override
    public boolean stream() {
        return false;
    }

    @Override
    public boolean relay() {
        return request.original() != null;
    }

    @Override
    public Attempt attempt(ChatService service, Attempt.Told<EmbeddingsResponse> told, Course.Leg leg, CallInfo info)
            throws GatewayException {
        if (!(leg.provider().service() instanceof Embeddings embeddings)) {
            throw service.router().names().unable(leg.target().provider(), Ability.EMBEDDINGS);
        }
        EmbeddingsRequest asked = request.withModel(leg.target().model());
        return service.overHttp(told, this, () -> embeddings.embed(asked), leg, info);
    }

    @Override
    public Intake<EmbeddingsResponse> intake(Runnable commit) {
        return new ResultIntake<>(answer, this::checked);
    }

    private @Nullable Usage checked(EmbeddingsResponse response) throws GatewayException {
        int vectors = response.vectors().size();
        int inputs = request.inputs().size();
        if (vectors != inputs) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    "The upstream gave " + vectors + " vectors for " + inputs + " inputs.");
        }
        return response.usage();
    }

    @Override
    public @Nullable Answer streamed() {
        return null;
    }
}
