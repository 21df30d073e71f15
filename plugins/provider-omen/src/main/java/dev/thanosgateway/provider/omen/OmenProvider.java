package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.dialect.anthropic.AnthropicEvents;
import dev.thanosgateway.dialect.openai.OpenAi;
import dev.thanosgateway.dialect.openai.Quirks;
import java.nio.ByteBuffer;
import java.util.Set;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Omen, which routes to vendors by itself. It speaks OpenAI's language, but so that nothing can be relayed: {@link
 * OmenRequest}. It cannot serve {@code auto} itself, so the strategy {@code omen} says what that is.
 *
 * <p>It lists its models only as a {@link Signals signal}: its lists, and its health and readiness too, ask all its
 * vendors at that moment, Anthropic with a message that is billed. So it has no free probe.
 */
@Component(
        service = Provider.class,
        configurationPid = OmenProvider.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = Provider.AUTO + "=omen")
@Capability(
        namespace = "thanos.provider",
        attribute = {"type=omen", "pid=" + OmenProvider.PID, "endpoint=" + OmenProvider.ENDPOINT, "aggregator=true"})
public final class OmenProvider implements Chat, Embeddings, Signals {
    static final String PID = "dev.thanosgateway.provider.omen";
    static final String ENDPOINT = "http://localhost:3000";

    /**
     * Its streams are made of what its vendors send: OpenAI's chunks, and Anthropic's own events, which Omen translates
     * or lets through as the network happens to cut them, both in one stream.
     */
    private static final Quirks QUIRKS = Quirks.NONE
            .withMaxTokens()
            .withoutStreamOptions()
            .withoutNullContent()
            .withForeign(() -> new AnthropicEvents()::read);

    @Override
    public Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException {
        OmenRequest asked = OmenRequest.of(request);
        return new OmenExchange<>(OpenAi.chat(asked.request(), QUIRKS, Auth.BEARER), asked.dropped());
    }

    /** Omen's own are all zeros so far; that is its affair. */
    @Override
    public Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
        return new OmenExchange<>(OpenAi.embed(request, Auth.BEARER), Set.of());
    }

    @Override
    public Exchange<ModelList> signals() {
        return new OmenSignals();
    }

    /** An error status. A key that is refused is answered with an empty body; a code is the status once more. */
    static GatewayException failure(int status, Headers headers, ByteBuffer body) {
        boolean silent = !body.hasRemaining();
        GatewayException said =
                OpenAi.models(Auth.BEARER).failure(status, headers, body).withCode(null);
        return silent && said.kind() == ErrorKind.UPSTREAM_AUTH
                ? said.withMessage("Omen refused the gateway's key with status " + status
                        + ". Set api_key in this provider's table to the auth.master_key of Omen's configuration.")
                : said;
    }
}
