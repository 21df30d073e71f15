package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests follow what the catalogue says of a model and the profile of its endpoint. */
class ModelTraitsTest {
    private static final String LONG_NAME = "mcp__enterprise_database_management__synchronize_all_customer_data_now";

    private static ChatContent.Builder said() {
        return ChatContent.builder().messages(List.of(Message.text(Role.USER, "hi")));
    }

    private static HttpCall call(String profile, String model, ChatContent content) throws GatewayException {
        ChatRequest request = ChatRequest.builder(model).content(content).build();
        return OpenAi.chat(Traits.on(profile, request), Quirks.NONE, Auth.BEARER)
                .call();
    }

    private static String sent(String profile, String model, ChatContent content) throws GatewayException {
        return StandardCharsets.UTF_8
                .decode(call(profile, model, content).body())
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, max_completion_tokens",
        "openai-compatible, gpt-4o, max_tokens",
        "openai-compatible, gpt-5.5, max_completion_tokens",
        "openai-compatible, openai/o4-mini, max_completion_tokens",
        "openai-compatible, llama-3.3-70b, max_tokens",
        "azure, my-deployment, max_completion_tokens",
        "mistral, mistral-large-latest, max_tokens",
    })
    void theLimitHasTheNameThatTheModelKnows(String profile, String model, String field) throws GatewayException {
        assertThat(sent(profile, model, said().maxOutputTokens(5L).build())).contains('"' + field + "\":5");
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, /v1/chat/completions",
        "openai, gpt-5.2, /v1/chat/completions",
        "openai, gpt-5.4, /v1/responses",
        "openai, gpt-5.6-sol, /v1/responses",
        "openai, gpt-6-astra, /v1/responses",
        "openai, gpt-6.1-sol, /v1/responses",
        "openai-compatible, gpt-6-astra, /v1/chat/completions",
        "openrouter, openai/gpt-6-astra, /v1/chat/completions",
    })
    void chatsWithToolsGoWhereTheModelTakesTools(String profile, String model, String path) throws GatewayException {
        ChatContent content =
                said().tools(List.of(Tool.function("f", null, null))).build();

        assertThat(call(profile, model, content).path()).isEqualTo(path);
        assertThat(call(profile, model, said().build()).path()).isEqualTo("/v1/chat/completions");
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, high, ",
        "openai, gpt-4o, none, ",
        "openai, o3, none, low",
        "openai, gpt-5, none, minimal",
        "openai, gpt-5, xhigh, high",
        "openai, gpt-5.1, minimal, low",
        "openai, gpt-5.5, none, none",
        "openai, gpt-6-astra, none, low",
        "openai-compatible, some-model, high, high",
        "openai-compatible, some-model, none, ",
        "xai, grok-4, high, ",
    })
    void effortsAreThoseThatTheModelAccepts(String profile, String model, String effort, @Nullable String written)
            throws GatewayException {
        ChatContent content = said().reasoning(Reasoning.effort(effort)).build();
        String body = sent(profile, model, content);

        assertThat(body.contains("reasoning_effort")).isEqualTo(written != null);
        if (written != null) {
            assertThat(body).contains("\"reasoning_effort\":\"" + written + '"');
        }
        boolean lost = written == null && !effort.equals("none");
        assertThat(call(profile, model, content).dropped().contains("reasoning_effort"))
                .isEqualTo(lost);
    }

    @Test
    void whatAReasoningModelRefusesIsLeftOutAndNamed() throws GatewayException {
        ChatContent content = said().sampling(Sampling.builder()
                        .temperature(0.5)
                        .topP(0.9)
                        .presencePenalty(1.0)
                        .seed(7L)
                        .build())
                .stop(List.of("END"))
                .build();
        for (String profile : List.of("openai", "azure", "openai-compatible", "openrouter")) {
            assertThat(sent(profile, "gpt-5.5", content))
                    .contains("\"seed\":7")
                    .doesNotContain("temperature", "top_p", "presence_penalty", "stop\"");
            assertThat(call(profile, "gpt-5.5", content).dropped())
                    .contains("temperature", "top_p", "presence_penalty", "stop");
            assertThat(sent(profile, "gpt-4o", content)).contains("temperature", "top_p", "presence_penalty", "stop\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"openai, developer", "azure, developer", "openai-compatible, system", "deepseek, system", "xai, system"
    })
    void onlyOpenAiKnowsDevelopers(String profile, String role) throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.DEVELOPER, "rules"), Message.text(Role.USER, "hi")))
                .build();

        assertThat(sent(profile, "m", content)).contains("{\"role\":\"" + role + "\",\"content\":\"rules\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "openai, ",
        "xai, ",
        "openai-compatible, reasoning_content",
        "deepseek, reasoning_content",
        "moonshot, reasoning_content",
        "groq, reasoning",
    })
    void reasoningGoesBackInTheFieldOfTheEndpoint(String profile, @Nullable String field) throws GatewayException {
        Part call = new Part.ToolCall("c1", "f", "{}", Map.of());
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "hi"),
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("let me", null, Map.of()),
                                        new Part.Reasoning(" see", null, Map.of()),
                                        new Part.Text("Wor"),
                                        new Part.Text("ld"),
                                        call)),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult("c1", List.of(new Part.Text("1")), false, Map.of())))))
                .build();
        String body = sent(profile, "m", content);

        assertThat(body.contains("let me see")).isEqualTo(field != null);
        if (field != null) {
            assertThat(body)
                    .contains("{\"role\":\"assistant\",\"" + field + "\":\"let me see\",\"content\":\"World\",");
        }
    }

    @Test
    void mistralHasReasoningAmongThePartsAndIdsOfNineLetters() throws GatewayException {
        List<Part> turn = List.of(
                new Part.Reasoning("why", null, Map.of()),
                new Part.Text("so"),
                new Part.ToolCall("call_0123456789", "f", "{}", Map.of()));
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.of(Role.ASSISTANT, turn),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult(
                                        "call_0123456789", List.of(new Part.Text("1")), false, Map.of())))))
                .build();
        String body = sent("mistral", "magistral-medium", content);

        assertThat(body)
                .contains("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"why\"}]},"
                        + "{\"type\":\"text\",\"text\":\"so\"}]")
                .doesNotContain("call_0123456789")
                .containsPattern("\"tool_calls\":\\[\\{\"id\":\"([0-9a-f]{9})\".*\"tool_call_id\":\"\\1\"");
    }

    @Test
    void anotherVendorsSignedReasoningStaysAway() throws GatewayException {
        List<Part> turn = List.of(new Part.Reasoning("secret", "gemini:abc", Map.of()), new Part.Text("so"));
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.of(Role.ASSISTANT, turn), Message.text(Role.USER, "go on")))
                .build();

        assertThat(sent("openai-compatible", "m", content)).doesNotContain("secret");
    }

    @Test
    void googlesSignaturesGoBackBesideTheirCalls() throws GatewayException {
        Json extra = new Json("{\"google\":{\"thought_signature\":\"abc\"}}");
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.of(
                                Role.ASSISTANT,
                                List.of(new Part.ToolCall("c", "f", "{}", Map.of("extra_content", extra)))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult("c", List.of(new Part.Text("1")), false, Map.of())))))
                .build();

        assertThat(sent("google-openai", "gemini-3.5-flash", content)).contains("\"extra_content\":" + extra.text());
        assertThat(sent("openai", "gpt-4o", content)).doesNotContain("thought_signature");
    }

    @Test
    void theFirstCallOfATurnHasASignatureWhereTheModelInsists() throws GatewayException {
        Json foreign = new Json("{\"other\":1}");
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "hi"),
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("why", "anthropic-signature", Map.of()),
                                        new Part.ToolCall("a", "f", "{}", Map.of("extra_content", foreign)),
                                        new Part.ToolCall("b", "f", "{}", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(
                                        new Part.ToolResult("a", List.of(new Part.Text("1")), false, Map.of()),
                                        new Part.ToolResult("b", List.of(new Part.Text("2")), false, Map.of()))),
                        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("c", "f", "{}", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult("c", List.of(new Part.Text("3")), false, Map.of())))))
                .build();
        String none = "\"extra_content\":{\"google\":{\"thought_signature\":\"skip_thought_signature_validator\"}}";

        assertThat(sent("google-openai", "gemini-3.5-flash", content))
                .contains("{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},"
                        + none)
                .contains("{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}")
                .contains("{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"},"
                        + none);
        for (String unsigned : List.of("google-openai/gemini-2.5-flash", "openai-compatible/gemini-3.5-flash")) {
            String[] at = unsigned.split("/");
            assertThat(sent(at[0], at[1], content)).doesNotContain("skip_thought");
        }
    }

    @Test
    void aSchemaIsToldInWordsWhereTheVendorTakesNone() throws GatewayException {
        ResponseFormat format = new ResponseFormat.JsonSchema(
                "person", null, new Json("{\"type\":\"object\",\"properties\":{}}"), true);
        ChatContent content = said().responseFormat(format).build();
        for (String profile : List.of("deepseek", "zai")) {
            assertThat(sent(profile, "m", content))
                    .contains("\"response_format\":{\"type\":\"json_object\"}")
                    .contains("{\"role\":\"system\",\"content\":\"Answer with one JSON value")
                    .contains("{\\\"type\\\":\\\"object\\\",\\\"properties\\\":{}}")
                    .doesNotContain("json_schema");
            assertThat(call(profile, "m", content).dropped()).contains("response_format.strict");
        }
        assertThat(sent("openai", "gpt-4o", content)).contains("\"type\":\"json_schema\"");
        assertThat(sent(
                        "lmstudio",
                        "m",
                        said().responseFormat(new ResponseFormat.JsonObject()).build()))
                .contains("\"type\":\"json_schema\"")
                .doesNotContain("json_object");
    }

    @Test
    void aLongUserIsHashedAndAlwaysTheSame() throws GatewayException {
        String user = "user_".repeat(40);
        String once = sent("openai", "gpt-4o", said().user(user).build());

        assertThat(once).containsPattern("\"user\":\"[0-9a-f]{64}\"");
        assertThat(sent("openai", "gpt-4o", said().user(user).build())).isEqualTo(once);
        assertThat(sent("openai", "gpt-4o", said().user("short").build())).contains("\"user\":\"short\"");
    }

    @Test
    void aLongToolNameIsShortenedAndTheCallerReadsTheWholeOne() throws GatewayException {
        ChatContent content = said().tools(List.of(Tool.function(LONG_NAME, null, null)))
                .toolChoice(new ToolChoice.Named(LONG_NAME))
                .build();
        ChatRequest request = Traits.on(
                "openai", ChatRequest.builder("gpt-4o").content(content).build());
        String body = sent("openai", "gpt-4o", content);
        String brief = LONG_NAME.substring(0, 55);
        assertThat(body).doesNotContain(LONG_NAME).containsPattern("\"name\":\"" + brief + "_[0-9a-f]{8}\"");
        String name = body.replaceAll(".*?\"name\":\"([^\"]+)\".*", "$1");

        Recorder<ChatEvent> answer = Recorder.whole(
                request,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\","
                        + "\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"arguments\":\"{}\"}}]},"
                        + "\"finish_reason\":\"tool_calls\"}]}");

        assertThat(answer.events).contains(new ChatEvent.ToolCallStart(0, 0, "c", LONG_NAME));
    }

    @Test
    void aClientOfChatCompletionsIsTranslatedWhereToolsAreAtResponsesOnly() throws GatewayException {
        String tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":false}}]";
        String plain = "{\"model\":\"gpt-6.1-sol\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
        ChatRequest with = Traits.on("openai", Recorder.read(plain + tools + ",\"reasoning_effort\":\"high\"}"));
        ChatRequest without = Traits.on("openai", Recorder.read(plain + "}"));

        HttpCall translated = OpenAi.chat(with, Quirks.NONE, Auth.BEARER).call();
        assertThat(translated.path()).isEqualTo("/v1/responses");
        assertThat(StandardCharsets.UTF_8.decode(translated.body()).toString())
                .contains("\"strict\":false", "\"reasoning\":{\"effort\":\"high\"");
        assertThat(OpenAi.chat(without, Quirks.NONE, Auth.BEARER).call().relay())
                .isTrue();
    }
}
