package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.ChatDialectTck;
import dev.thanosgateway.tck.Lack;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

class AnthropicChatTckTest extends ChatDialectTck {
    @Override
    protected Dialect dialect() {
        return new AnthropicDialect();
    }

    @Override
    protected Exchange<ChatEvent> chat(ChatRequest request) {
        return Anthropic.chat(request, Auth.NONE);
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(
                Lack.CHOICES,
                Lack.REFUSALS,
                Lack.PICTURES,
                Lack.LOGPROBS,
                Lack.SERVED_MODEL,
                Lack.CREATED,
                Lack.FREE_ARGUMENTS,
                Lack.NO_COUNTS);
    }

    @Override
    protected List<ChatEvent.Citation> citations() {
        return List.of(new ChatEvent.Citation(
                0, "anthropic", new Json("{\"type\":\"char_location\",\"cited_text\":\"é\",\"document_index\":0}")));
    }

    @Override
    protected String arguments(String arguments) {
        return Arguments.object(arguments).text();
    }
}
