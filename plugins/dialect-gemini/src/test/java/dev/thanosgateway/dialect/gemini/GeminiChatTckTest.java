package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.tck.ChatDialectTck;
import dev.thanosgateway.tck.Lack;
import java.util.EnumSet;
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
    protected String signature() {
        return "gemini:c2ln";
    }

    /** Of what went wrong with a call no more arrives than that the answer ended for another reason. */
    @Override
    protected String steady(String written) {
        return written.replaceAll("\"MALFORMED_FUNCTION_CALL\",\"finishMessage\":\"(\\\\.|[^\"])*\"", "\"OTHER\"");
    }
}
