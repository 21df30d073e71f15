package dev.thanosgateway.dialect.openai;

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
import java.util.Map;
import java.util.Set;

class OpenAiChatTckTest extends ChatDialectTck {
    @Override
    protected Dialect dialect() {
        return new OpenAiDialect();
    }

    @Override
    protected Exchange<ChatEvent> chat(ChatRequest request) {
        return OpenAi.chat(request, Quirks.NONE, Auth.NONE);
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(Lack.ORDER, Lack.SIGNATURES, Lack.REDACTED_REASONING, Lack.STOP_SEQUENCES);
    }

    @Override
    protected List<ChatEvent.Citation> citations() {
        return List.of(new ChatEvent.Citation(
                0,
                "openai",
                new Json("{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://x/y\",\"title\":\"é\"}}")));
    }

    @Override
    protected Map<String, Json> extensions() {
        return Map.of("system_fingerprint", new Json("\"fp_1\""), "service_tier", new Json("\"default\""));
    }
}
