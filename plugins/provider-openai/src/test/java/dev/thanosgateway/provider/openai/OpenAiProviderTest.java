package dev.thanosgateway.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest {
    static OpenAiProvider at(String endpoint) {
        return new OpenAiProvider(new OpenAiProvider.Config() {
            @Override
            public String endpoint() {
                return endpoint;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return OpenAiProvider.Config.class;
            }
        });
    }

    @Test
    void theLimitHasTheNameTheEndpointKnows() throws GatewayException {
        ChatRequest request = ChatRequest.builder("m")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x")))
                        .maxOutputTokens(5L)
                        .build())
                .build();

        for (String openAi :
                List.of("https://api.openai.com", "https://api.openai.com/v1/", "https://eu.api.openai.com")) {
            assertThat(body(at(openAi).chat(request).call())).contains("\"max_completion_tokens\":5");
        }
        assertThat(body(at("http://localhost:8000/v1").chat(request).call())).contains("\"max_tokens\":5");
    }

    private static String body(HttpCall call) {
        return StandardCharsets.UTF_8.decode(call.body()).toString();
    }

    @Test
    void callsCarryTheKeyAsABearerTokenAndListingIsFree() throws GatewayException {
        HttpCall call = at("https://api.openai.com").models().call();

        assertThat(call.auth()).isSameAs(Auth.BEARER);
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo("/v1/models");
    }
}
