package dev.thanosgateway.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiProviderTest {
    static OpenAiProvider provider() {
        return at("", "");
    }

    static OpenAiProvider at(String responses, String completions, String... responsesOnly) {
        return new OpenAiProvider(new OpenAiProvider.Config() {
            @Override
            public String endpoint() {
                return OpenAiProvider.ENDPOINT;
            }

            @Override
            public String responses() {
                return responses;
            }

            @Override
            public String completions() {
                return completions;
            }

            @Override
            public String[] responses__only() {
                return responsesOnly.clone();
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return OpenAiProvider.Config.class;
            }
        });
    }

    @Test
    void whatAnEndpointHasIsTheProfilesUnlessTheTableSaysOtherwise() throws GatewayException {
        OpenAiProvider table = at("", "");

        assertThat(path(table, "openai", RESPONSES, "gpt-5.5")).isEqualTo(RESPONSES);
        assertThat(path(table, OTHER, RESPONSES, "llama")).isEqualTo(CHAT);
        assertThat(path(at("true", ""), OTHER, RESPONSES, "llama")).isEqualTo(RESPONSES);
        assertThat(path(at("false", ""), "openai", RESPONSES, "gpt-5.5")).isEqualTo(CHAT);
        assertThat(path(table, OTHER, COMPLETIONS, "llama")).isEqualTo(COMPLETIONS);
        assertThat(path(at("", "false"), OTHER, COMPLETIONS, "llama")).isEqualTo(CHAT);
        for (String model : List.of("gpt-3.5-turbo-instruct", "davinci-002", "babbage-002", "ft:davinci-002:acme::x")) {
            assertThat(path(table, "openai", COMPLETIONS, model)).as(model).isEqualTo(COMPLETIONS);
        }
        assertThat(path(table, "openai", COMPLETIONS, "gpt-5.5")).isEqualTo(CHAT);
    }

    @Test
    void modelsThatAreAtResponsesAloneAreKnownOfOpenAiAndCanBeNamed() throws GatewayException {
        OpenAiProvider table = at("", "");
        for (String model : List.of(
                "o1-pro",
                "o3-pro-2025-06-10",
                "gpt-5-pro",
                "gpt-5.5-pro-2026-04-23",
                "gpt-5-codex",
                "gpt-5.1-codex-max",
                "codex-mini-latest",
                "computer-use-preview",
                "o3-deep-research",
                "o4-mini-deep-research-2025-06-26",
                "gpt-6-cyber",
                "gpt-daybreak-red-latest",
                "gpt-rosalind-research",
                "ft:gpt-5-codex:acme::x")) {
            assertThat(path(table, "openai", CHAT, model)).as(model).isEqualTo(RESPONSES);
            assertThat(path(table, "openai", RESPONSES, model)).as(model).isEqualTo(RESPONSES);
            assertThat(path(at("false", ""), "openai", CHAT, model)).as(model).isEqualTo(CHAT);
            assertThat(path(table, OTHER, CHAT, model)).as(model).isEqualTo(CHAT);
        }
        for (String model : List.of("gpt-5", "gpt-5-mini", "gpt-4o-search-preview", "o3", "gpt-oss-120b")) {
            assertThat(path(table, "openai", CHAT, model)).as(model).isEqualTo(CHAT);
        }

        OpenAiProvider named = at("", "", "only-*", "a.b", "*/x");
        for (String model : List.of("only-", "only-me", "a.b", "org/deep/x")) {
            assertThat(path(named, OTHER, CHAT, model)).as(model).isEqualTo(RESPONSES);
            assertThat(path(named, OTHER, RESPONSES, model)).as(model).isEqualTo(RESPONSES);
        }
        for (String model : List.of("not-only-me", "aXb", "x")) {
            assertThat(path(named, OTHER, CHAT, model)).as(model).isEqualTo(CHAT);
            assertThat(path(named, OTHER, RESPONSES, model)).as(model).isEqualTo(CHAT);
        }
    }

    private static final String OTHER = "openai-compatible";
    private static final String RESPONSES = "/v1/responses";
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";

    /** Where a request that came at {@code route} goes. */
    private static String path(OpenAiProvider provider, String profile, String route, String model)
            throws GatewayException {
        byte[] body =
                ("{\"model\":\"m\",\"input\":\"x\",\"prompt\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        Original original = new Original() {
            @Override
            public String dialect() {
                return "openai";
            }

            @Override
            public String operation() {
                return route.substring("/v1/".length()).replace('/', '.');
            }

            @Override
            public ByteBuffer bytes() {
                return ByteBuffer.wrap(body).asReadOnlyBuffer();
            }
        };
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "x")))
                .build();
        ChatRequest request =
                ChatRequest.builder(model).original(original).content(content).build();
        return provider.chat(Traits.on(profile, request)).call().path();
    }

    @Test
    void callsCarryTheKeyAsABearerTokenAndListingIsFree() throws GatewayException {
        HttpCall call = provider().models().call();

        assertThat(call.auth()).isSameAs(Auth.BEARER);
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo("/v1/models");
    }
}
