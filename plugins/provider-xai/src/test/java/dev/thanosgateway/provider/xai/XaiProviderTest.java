package dev.thanosgateway.provider.xai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.OpenAiDialect;
import dev.thanosgateway.tck.PlayedHost;
import dev.thanosgateway.tck.Traits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

    private static ChatContent.Builder wanting() {
        return ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "x")))
                .stop(List.of("END"))
                .reasoning(Reasoning.budget(9000))
                .user("u")
                .sampling(Sampling.builder()
                        .temperature(0.5)
                        .topK(3)
                        .presencePenalty(0.25)
                        .frequencyPenalty(0.5)
                        .seed(7L)
                        .build());
    }

    private static HttpCall asked(String model) throws GatewayException {
        return new XaiProvider()
                .chat(Traits.on(
                        "xai",
                        ChatRequest.builder(model).content(wanting().build()).build()))
                .call();
    }

    private static String text(HttpCall call) {
        return StandardCharsets.UTF_8.decode(call.body().duplicate()).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grok-4 | frequency_penalty presence_penalty reasoning_effort stop top_k",
                "grok-4-fast-reasoning | frequency_penalty presence_penalty reasoning_effort stop top_k",
                "grok-4.20-reasoning | frequency_penalty presence_penalty reasoning_effort stop top_k",
                "grok-code-fast-1 | frequency_penalty presence_penalty reasoning_effort stop top_k",
                "grok-4.20-multi-agent | frequency_penalty presence_penalty stop top_k",
                "grok-3-mini | frequency_penalty presence_penalty stop top_k",
                "grok-4.3 | frequency_penalty presence_penalty stop top_k",
                "grok-latest | frequency_penalty presence_penalty stop top_k",
                "grok-3 | reasoning_effort top_k",
            })
    void hintsThatAModelRefusesAreDroppedAndNamed(String model, String dropped) throws GatewayException {
        HttpCall call = asked(model);

        assertThat(call.dropped()).containsExactlyInAnyOrder(dropped.split(" "));
        for (String field : List.of("presence_penalty", "frequency_penalty", "reasoning_effort")) {
            assertThat(text(call).contains(field)).as(field).isEqualTo(!dropped.contains(field));
        }
    }

    @Test
    void whatTheModelTakesGoesAlong() throws GatewayException {
        assertThat(text(asked("grok-4"))).contains("\"temperature\":0.5", "\"seed\":7", "\"u\"");
        assertThat(exchange.failure(
                                400,
                                NONE,
                                utf8("{\"code\":\"Client specified an invalid argument\",\"error\":"
                                        + "\"Argument not supported on this model: stop\"}"))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void chatsAndResponsesOfOpenAisClientsAreRelayedButForWhatTheModelRefuses() throws GatewayException {
        for (Route route : new OpenAiDialect().routes()) {
            boolean ofAChat = List.of("/v1/chat/completions", "/v1/responses").contains(route.path());
            if (!ofAChat || !(route.endpoint() instanceof ChatEndpoint endpoint)) {
                continue;
            }
            String body = "{\"model\":\"grok-4\",\"temperature\":0.50,\"x_new\":1.0,"
                    + (route.path().endsWith("responses")
                            ? "\"previous_response_id\":\"r\",\"tools\":[{\"type\":\"x_search\"}],\"input\":\"x\"}"
                            : "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
            ChatRequest read = endpoint.read(PlayedHost.incoming(utf8(body).array(), Map.of(), Map.of()));
            HttpCall call = new XaiProvider().chat(Traits.on("xai", read)).call();

            assertThat(call.path()).isEqualTo(route.path());
            assertThat(call.dropped()).isEmpty();
            assertThat(text(call)).isEqualTo(body);
            if (route.path().endsWith("completions")) {
                String more =
                        body.replace("\"x_new\"", "\"presence_penalty\":0,\"reasoning_effort\":\"low\",\"x_new\"");
                ChatRequest refused = ((ChatEndpoint) route.endpoint())
                        .read(PlayedHost.incoming(utf8(more).array(), Map.of(), Map.of()));
                HttpCall fitted =
                        new XaiProvider().chat(Traits.on("xai", refused)).call();
                assertThat(text(fitted)).isEqualTo(body);
                assertThat(fitted.dropped()).containsExactlyInAnyOrder("presence_penalty", "reasoning_effort");
            }
        }
    }
}
