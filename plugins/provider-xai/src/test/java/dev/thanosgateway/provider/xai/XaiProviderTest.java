package dev.thanosgateway.provider.xai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XaiProviderTest {
    private static final Headers NONE = new Headers() {
        @Override
        public String first(String name) {
            return null;
        }

        @Override
        public List<String> all(String name) {
            return List.of();
        }
    };

    private final Exchange<ChatEvent> exchange = new XaiProvider()
            .chat(ChatRequest.builder("grok-4")
                    .content(ChatContent.builder()
                            .messages(List.of(Message.text(Role.USER, "x")))
                            .build())
                    .build());

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callsCarryTheKeyAsABearerToken() throws GatewayException {
        HttpCall call = exchange.call();

        assertThat(call.auth()).isSameAs(Auth.BEARER);
        assertThat(call.path()).isEqualTo("/v1/chat/completions");
        assertThat(new XaiProvider().models().call().path()).isEqualTo("/v1/models");
    }

    @Test
    void whatWasThoughtIsPartOfTheOutputAlthoughXaiCountsItBeside() throws GatewayException {
        ChatFold fold = new ChatFold();
        Sink<ChatEvent> sink = new Sink<>() {
            @Override
            public void event(ChatEvent event) throws GatewayException {
                fold.add(event);
            }

            @Override
            public void frame(ByteBuffer bytes, Meaning meaning) {
                throw new IllegalStateException("this request has no bytes to relay");
            }

            @Override
            public void then(Exchange<ChatEvent> next) {
                throw new IllegalStateException("a chat is one call");
            }
        };
        exchange.call();
        exchange.head(200, NONE, sink);
        exchange.body(
                utf8("{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\",\"reasoning_content\":\"hm\"},"
                        + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":32,\"completion_tokens\":9,"
                        + "\"total_tokens\":135,\"completion_tokens_details\":{\"reasoning_tokens\":94}}}"),
                sink);
        exchange.end(sink);

        assertThat(fold.response().usage())
                .isEqualTo(Usage.of(32, 103).withTotal(135).withReasoning(94));
    }

    @ParameterizedTest
    @CsvSource({
        "400,Client specified an invalid argument,Incorrect API key provided: xa***key.,UPSTREAM_AUTH",
        "400,Client specified an invalid argument,Argument not supported on this model: stop,INVALID_REQUEST",
        "404,Some requested entity was not found,The model nope does not exist.,MODEL_NOT_FOUND",
        "403,The caller does not have permission,Your team has no credits.,UPSTREAM_AUTH",
        "429,Some resource has been exhausted,Too many requests.,UPSTREAM_LIMITED",
        "503,The service is currently unavailable,Busy.,UPSTREAM_UNAVAILABLE",
    })
    void anErrorIsACodeAndASentence(int status, String code, String error, ErrorKind kind) {
        GatewayException failure =
                exchange.failure(status, NONE, utf8("{\"code\":\"" + code + "\",\"error\":\"" + error + "\"}"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.message()).contains(error);
    }
}
