package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.ChatDialectTck;
import dev.thanosgateway.tck.Lack;
import java.util.EnumSet;
import java.util.Set;

class OllamaChatTckTest extends ChatDialectTck {
    @Override
    protected Dialect dialect() {
        return new OllamaDialect();
    }

    @Override
    protected Exchange<ChatEvent> chat(ChatRequest request) {
        return Ollama.chat(request, Auth.NONE);
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(
                Lack.CHOICES,
                Lack.ORDER,
                Lack.SIGNATURES,
                Lack.REDACTED_REASONING,
                Lack.REFUSALS,
                Lack.STOP_SEQUENCES,
                Lack.FREE_ARGUMENTS,
                Lack.SPELLING,
                Lack.IDS,
                Lack.CREATED,
                Lack.CACHE_COUNTS,
                Lack.REASONING_COUNTS);
    }

    @Override
    protected String steady(String written) {
        return written.replaceAll("\"(created_at|[a-z_]+_duration)\":(\"[^\"]*\"|[0-9]+)", "\"$1\":0");
    }
}
