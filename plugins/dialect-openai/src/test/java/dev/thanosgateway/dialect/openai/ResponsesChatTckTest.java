package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.ChatDialectTck;
import dev.thanosgateway.tck.Lack;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Chats asked for as responses. */
class ResponsesChatTckTest extends ChatDialectTck {
    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }

    @Override
    protected Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, Quirks.NONE.withResponsesOnly("*"), Auth.NONE);
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(Lack.CHOICES, Lack.IDS, Lack.STOP_SEQUENCES, Lack.REFUSAL_LOGPROBS);
    }

    @Override
    protected List<ChatEvent.Citation> citations() {
        return List.of(new ChatEvent.Citation(
                0,
                "openai",
                new Json("{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":0,\"end_index\":1,"
                        + "\"url\":\"https://x/y\",\"title\":\"é\"}}")));
    }

    @Override
    protected String signature() {
        return "openai:gAAAA";
    }

    @Override
    protected Usage counted(Usage usage) {
        return usage.reasoningTokens() < 0 ? usage.withReasoning(0) : usage;
    }

    @Override
    protected String steady(String written) {
        return written.replaceAll("\"(resp|msg|rs|fc|ig)_[0-9a-f]{32}", "\"$1_");
    }
}
