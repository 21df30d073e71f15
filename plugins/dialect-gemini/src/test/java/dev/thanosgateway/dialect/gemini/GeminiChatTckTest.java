package dev.thanosgateway.dialect.gemini;

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

class GeminiChatTckTest extends ChatDialectTck {
    @Override
    protected Dialect dialect() {
        return new GeminiDialect();
    }

    @Override
    protected Exchange<ChatEvent> chat(ChatRequest request) {
        return Gemini.chat(request, Auth.NONE);
    }

    @Override
    protected Set<Lack> lacks() {
        return EnumSet.of(
                Lack.REDACTED_REASONING,
                Lack.REFUSALS,
                Lack.STOP_SEQUENCES,
                Lack.CREATED,
                Lack.FREE_ARGUMENTS,
                Lack.SPELLING,
                Lack.CACHE_WRITE_COUNTS);
    }

    @Override
    protected List<ChatEvent.Citation> citations() {
        return List.of(
                cited("{\"start_index\":0,\"end_index\":1,\"title\":\"é\",\"url\":\"https://x/y\"}"),
                cited("{\"start_index\":1,\"end_index\":2,\"title\":\"\",\"url\":\"https://x/z\"}"));
    }

    private static ChatEvent.Citation cited(String where) {
        return new ChatEvent.Citation(
                0, "openai", new Json("{\"type\":\"url_citation\",\"url_citation\":" + where + "}"));
    }

    @Override
    protected String signature() {
        return "gemini:c2ln";
    }
}
