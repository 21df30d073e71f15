package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Leaves hints out of a chat that is translated, and names them. What is relayed is not read, and stays as it is. */
final class Omitting implements Exchange<ChatEvent> {
    private final Set<String> refused;
    private final Set<String> dropped = new TreeSet<>();
    private final Exchange<ChatEvent> exchange;

    /** @param chat makes the exchange of a request */
    Omitting(ChatRequest request, Set<String> refused, Function<ChatRequest, Exchange<ChatEvent>> chat) {
        this.refused = refused;
        ChatRequest.Builder less = ChatRequest.builder(request.model()).stream(request.stream())
                .streamUsage(request.streamUsage())
                .warmUp(request.warmUp())
                .extensions(request.extensions())
                .content(() -> less(request.content()));
        if (request.original() != null) {
            less.original(request.original());
        }
        this.exchange = chat.apply(less.build().withSession(request.session()));
    }

    private ChatContent less(ChatContent all) {
        ChatContent.Builder less = ChatContent.builder()
                .messages(all.messages())
                .tools(all.tools())
                .toolChoice(all.toolChoice())
                .parallelToolCalls(all.parallelToolCalls())
                .sampling(less(all.sampling()))
                .maxOutputTokens(all.maxOutputTokens())
                .stop(all.stop())
                .choices(all.choices())
                .responseFormat(all.responseFormat())
                .reasoning(less(all.reasoning()))
                .topLogprobs(all.topLogprobs())
                .user(all.user());
        if (all.hintsDialect() != null) {
            less.hints(all.hintsDialect(), all.hints());
        }
        return less.build();
    }

    private Sampling less(Sampling all) {
        return Sampling.builder()
                .temperature(all.temperature())
                .topP(all.topP())
                .topK(all.topK())
                .presencePenalty(kept("presence_penalty", all.presencePenalty()))
                .frequencyPenalty(kept("frequency_penalty", all.frequencyPenalty()))
                .seed(all.seed())
                .logitBias(all.logitBias())
                .build();
    }

    private @Nullable Reasoning less(@Nullable Reasoning all) {
        boolean said = all != null && (all.effort() != null || all.budgetTokens() != null);
        return said ? kept("reasoning_effort", all) : all;
    }

    private <T> @Nullable T kept(String field, @Nullable T value) {
        if (value == null || !refused.contains(field)) {
            return value;
        }
        dropped.add(field);
        return null;
    }

    @Override
    public HttpCall call() throws GatewayException {
        HttpCall call = exchange.call();
        dropped.addAll(call.dropped());
        return call.withDropped(dropped);
    }

    @Override
    public void head(int status, Headers headers, Sink<ChatEvent> out) throws GatewayException {
        exchange.head(status, headers, out);
    }

    @Override
    public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
        exchange.body(slice, out);
    }

    @Override
    public void end(Sink<ChatEvent> out) throws GatewayException {
        exchange.end(out);
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return exchange.failure(status, headers, body);
    }
}
