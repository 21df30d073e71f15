package dev.thanosgateway.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class OllamaProviderTest {
    private final OllamaProvider provider = new OllamaProvider();

    @Test
    void aChatOfAnotherLanguageGoesToTheChatOfThisOne() throws GatewayException {
        ChatRequest request = ChatRequest.builder("m")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x")))
                        .build())
                .build();
        HttpCall call = provider.chat(request).call();

        assertThat(call.path()).isEqualTo("/api/chat");
        assertThat(call.auth()).isSameAs(Auth.BEARER);
    }

    @Test
    void listingIsFree() throws GatewayException {
        HttpCall call = provider.models().call();

        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo("/api/tags");
    }
}
