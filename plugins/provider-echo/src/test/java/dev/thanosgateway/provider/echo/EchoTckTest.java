package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.tck.LocalProviderTck;
import java.util.List;
import java.util.Map;

class EchoTckTest extends LocalProviderTck {
    @Override
    protected LocalChat provider() {
        return new EchoProvider();
    }

    @Override
    protected ChatRequest slow() {
        return ChatRequest.builder("echo")
                .extensions(Map.of("echo", new Json("{\"delay_ms\":10000}")))
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "one two three")))
                        .build())
                .build();
    }
}
