package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TranslationTest {
    private static final Message USER = Message.text(Role.USER, "u");

    private static ChatRequest request(String model, ChatContent.Builder content) {
        return Traits.on(
                "gemini", ChatRequest.builder(model).content(content.build()).build());
    }

    private static JsonNode sent(String model, ChatContent.Builder content) throws GatewayException {
        return Trees.read(Played.sent(request(model, content)));
    }

    private static ChatContent.Builder says(Message... messages) {
        return ChatContent.builder().messages(List.of(messages));
    }

    private static String contents(Message... messages) throws GatewayException {
        return sent("gemini-2.5-pro", says(messages)).path("contents").toString();
    }

    @Test
    void instructionsGoToTheirPlaceFromAnywhere() throws GatewayException {
        JsonNode sent = sent(
                "m",
                says(
                        Message.text(Role.SYSTEM, "a"),
                        USER,
                        Message.text(Role.DEVELOPER, "b"),
                        Message.text(Role.ASSISTANT, "c")));

        assertThat(sent.toString())
                .isEqualTo(
                        "{\"systemInstruction\":{\"parts\":[{\"text\":\"a\"},{\"text\":\"b\"}]},\"contents\":["
                                + "{\"role\":\"user\",\"parts\":[{\"text\":\"u\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"c\"}]}]}");
        assertThat(contents(Message.text(Role.SYSTEM, "alone")))
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"text\":\"alone\"}]}]");
    }

    @Test
    void resultsOfOneTurnComeTogetherWithTheNamesOfTheirCalls() throws GatewayException {
        String contents = contents(
                USER,
                Message.of(
                        Role.ASSISTANT,
                        List.of(
                                new Part.ToolCall("1", "f", "", Map.of()),
                                new Part.ToolCall("2", "g", "{\"a\":1.50}", Map.of()))),
                Message.of(
                        Role.TOOL,
                        List.of(new Part.ToolResult("2", List.of(new Part.Text("{\"b\":2}")), false, Map.of()))),
                Message.of(Role.TOOL, List.of(new Part.ToolResult("1", List.of(new Part.Text("no")), true, Map.of()))));

        assertThat(contents)
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"text\":\"u\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"id\":\"1\",\"name\":\"f\",\"args\":{}}},"
                        + "{\"functionCall\":{\"id\":\"2\",\"name\":\"g\",\"args\":{\"a\":1.50}}}]},"
                        + "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"2\",\"name\":\"g\",\"response\":{\"b\":2}}},"
                        + "{\"functionResponse\":{\"id\":\"1\",\"name\":\"f\",\"response\":{\"error\":\"no\"}}}]}]");
    }

    @Test
    void aResultWithAReferenceOfItsOwnGoesAsText() throws GatewayException {
        String result = "{\"schema\":{\"a\":[{\"$ref\":\"#/$defs/x\"}]}}";
        String contents = contents(
                USER,
                Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("1", "f", "{}", Map.of()))),
                Message.of(
                        Role.TOOL, List.of(new Part.ToolResult("1", List.of(new Part.Text(result)), false, Map.of()))));

        assertThat(contents).endsWith("\"response\":{\"output\":\"" + result.replace("\"", "\\\"") + "\"}}}]}]");
    }

    @Test
    void theFirstCallOfATurnIsSignedWhereGeminiInsists() throws GatewayException {
        Message calls = Message.of(
                Role.ASSISTANT,
                List.of(
                        new Part.Reasoning("not mine", "other", Map.of()),
                        new Part.ToolCall("1", "f", "{}", Map.of()),
                        new Part.ToolCall("2", "f", "{}", Map.of())));
        JsonNode newer =
                sent("gemini-3-pro", says(USER, calls)).path("contents").path(1).path("parts");
        JsonNode older = sent("gemini-2.5-pro", says(USER, calls))
                .path("contents")
                .path(1)
                .path("parts");

        assertThat(newer).hasSize(2);
        assertThat(newer.path(0).path("thoughtSignature").asString()).isEqualTo("skip_thought_signature_validator");
        assertThat(newer.path(1).has("thoughtSignature")).isFalse();
        assertThat(older.toString()).doesNotContain("thoughtSignature").doesNotContain("not mine");
    }

    @Test
    void itsOwnSignatureGoesBackWhereItStood() throws GatewayException {
        Json google = new Json("{\"google\":{\"thought_signature\":\"QUJD\"}}");
        assertThat(contents(
                        USER,
                        Message.of(
                                Role.ASSISTANT,
                                List.of(
                                        new Part.Reasoning("hm", "gemini:c2ln", Map.of()),
                                        new Part.ToolCall("1", "f", "{}", Map.of()),
                                        new Part.ToolCall("2", "f", "{}", Map.of("extra_content", google)),
                                        new Part.Reasoning("", "gemini:bGFzdA==", Map.of())))))
                .endsWith("{\"role\":\"model\",\"parts\":[{\"text\":\"hm\",\"thought\":true},"
                        + "{\"functionCall\":{\"id\":\"1\",\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"c2ln\"},"
                        + "{\"functionCall\":{\"id\":\"2\",\"name\":\"f\",\"args\":{}},\"thoughtSignature\":\"QUJD\"},"
                        + "{\"text\":\"\",\"thoughtSignature\":\"bGFzdA==\"}]}]");
    }

    @Test
    void mediaKeepTheirTypesOrGetThemByTheirNames() throws GatewayException {
        assertThat(contents(Message.of(
                        Role.USER,
                        List.of(
                                new Part.Image(new Part.Source.Data("image/png", "AA=="), "auto", Map.of()),
                                new Part.Image(new Part.Source.Url("https://e.com/a.WEBP?x=1"), null, Map.of()),
                                new Part.Document(new Part.Source.Url("https://e.com/a"), null, Map.of()),
                                new Part.Audio(new Part.Source.Data("audio/wav", "AA=="), "wav", Map.of())))))
                .isEqualTo(
                        "[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}},"
                                + "{\"fileData\":{\"mimeType\":\"image/webp\",\"fileUri\":\"https://e.com/a.WEBP?x=1\"}},"
                                + "{\"fileData\":{\"mimeType\":\"application/pdf\",\"fileUri\":\"https://e.com/a\"}},"
                                + "{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"AA==\"}}]}]");
    }

    @Test
    void settingsHaveTheirNames() throws GatewayException {
        JsonNode config = sent(
                        "gemini-2.0-flash",
                        says(USER)
                                .sampling(Sampling.builder()
                                        .temperature(0.7)
                                        .topP(0.9)
                                        .topK(40)
                                        .seed(7L)
                                        .presencePenalty(0.1)
                                        .frequencyPenalty(0.2)
                                        .build())
                                .maxOutputTokens(9L)
                                .stop(List.of("a", "b"))
                                .choices(2)
                                .topLogprobs(3))
                .path("generationConfig");

        assertThat(config.toString())
                .isEqualTo("{\"temperature\":0.7,\"topP\":0.9,\"topK\":40,\"seed\":7,\"presencePenalty\":0.1,"
                        + "\"frequencyPenalty\":0.2,\"maxOutputTokens\":9,\"stopSequences\":[\"a\",\"b\"],"
                        + "\"candidateCount\":2,\"responseLogprobs\":true,\"logprobs\":3}");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,none,thinkingBudget,0",
        "gemini-2.5-pro,none,thinkingBudget,128",
        "gemini-2.5-flash,low,thinkingBudget,1024",
        "gemini-2.5-flash,medium,thinkingBudget,8192",
        "models/gemini-2.5-pro,high,thinkingBudget,24576",
        "gemini-3-flash-preview,none,thinkingLevel,minimal",
        "gemini-3.1-pro,none,thinkingLevel,low",
        "gemini-3.5-flash,medium,thinkingLevel,medium",
        "gemini-4-ultra,xhigh,thinkingLevel,high",
    })
    void effortIsABudgetOrALevelByTheModelsGeneration(String model, String effort, String name, String value)
            throws GatewayException {
        JsonNode thinking = sent(model, says(USER).reasoning(Reasoning.effort(effort)))
                .path("generationConfig")
                .path("thinkingConfig");

        assertThat(thinking.path(name).asString()).isEqualTo(value);
        assertThat(thinking.path("includeThoughts").asBoolean(false)).isEqualTo(!effort.equals("none"));
    }

    @Test
    void schemasAreReducedToWhatGeminiTakes() throws GatewayException {
        Json schema = new Json(
                "{\"$schema\":\"x\",\"type\":\"object\",\"definitions\":{\"d\":{\"type\":\"string\",\"pattern\":\"a\"}},"
                        + "\"properties\":{\"pattern\":{\"$ref\":\"#/definitions/d\"},\"k\":{\"const\":1},"
                        + "\"one\":{\"allOf\":[{\"type\":[\"string\",\"null\"]}],\"default\":\"q\"},\"any\":true},"
                        + "\"additionalProperties\":false,\"required\":[\"k\"]}");
        JsonNode sent = sent(
                "m",
                says(USER)
                        .tools(List.of(Tool.function("f", "d", schema), Tool.function("g", null, null)))
                        .toolChoice(new ToolChoice.Named("f"))
                        .responseFormat(new ResponseFormat.JsonSchema("n", null, schema, true)));
        String reduced = "{\"type\":\"object\",\"$defs\":{\"d\":{\"type\":\"string\"}},\"properties\":{\"pattern\":"
                + "{\"$ref\":\"#/$defs/d\"},\"k\":{\"enum\":[1]},\"one\":{\"type\":[\"string\",\"null\"]},\"any\":{}},"
                + "\"additionalProperties\":false,\"required\":[\"k\"]}";

        assertThat(sent.path("tools").toString())
                .isEqualTo("[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"d\",\"parametersJsonSchema\":"
                        + reduced + "},{\"name\":\"g\"}]}]");
        assertThat(sent.path("generationConfig").path("responseJsonSchema").toString())
                .isEqualTo(reduced);
        assertThat(sent.path("toolConfig").toString())
                .isEqualTo("{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}");
    }

    @Test
    void hintsWithoutCounterpartAreNamedAndNeedsAreRefused() throws GatewayException {
        HttpCall call = Played.call(request(
                "m",
                says(USER.withName("bob"))
                        .user("u")
                        .parallelToolCalls(false)
                        .sampling(Sampling.builder().logitBias(Map.of("1", 1.0)).build())
                        .hints("openai", Map.of("store", new Json("true"), "stream_options", new Json("{}")))));

        assertThat(call.dropped())
                .containsExactly("logit_bias", "messages.name", "parallel_tool_calls", "store", "user");
        assertThatThrownBy(() -> Played.call(request("m", says(USER).hints("openai", Map.of("audio", new Json("{}"))))))
                .isInstanceOfSatisfying(GatewayException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                    assertThat(e.parameter()).isEqualTo("audio");
                });
    }

    @Test
    void theModelIsPartOfThePathAndCannotLeaveIt() throws GatewayException {
        assertThat(path("gemini-2.5-flash")).isEqualTo("/v1beta/models/gemini-2.5-flash:generateContent");
        assertThat(path("models/a/b c?x#y")).isEqualTo("/v1beta/models/a/b%20c%3Fx%23y:generateContent");
        assertThat(path("tunedModels/t")).isEqualTo("/v1beta/tunedModels/t:generateContent");
        for (String bad : List.of("", "..", "a/../../b", "a//b", "./a")) {
            assertThatThrownBy(() -> path(bad))
                    .isInstanceOfSatisfying(
                            GatewayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.MODEL_NOT_FOUND));
        }
    }

    private static String path(String model) throws GatewayException {
        return Played.call(request(model, says(USER))).path();
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,0,thinkingBudget,0",
        "gemini-2.5-flash,50000,thinkingBudget,24576",
        "gemini-2.5-flash-lite,100,thinkingBudget,512",
        "gemini-2.5-pro,0,thinkingBudget,128",
        "gemini-2.5-pro,50000,thinkingBudget,32768",
        "gemini-2.5-pro,5000,thinkingBudget,5000",
        "gemini-3-flash,0,thinkingLevel,minimal",
        "gemini-3-pro,0,thinkingLevel,low",
        "gemini-3-pro,5000,thinkingLevel,medium",
        "gemini-3-pro,50000,thinkingLevel,high",
    })
    void aBudgetStaysInTheModelsRangeOrIsALevel(String model, long budget, String name, String value)
            throws GatewayException {
        JsonNode thinking = sent(model, says(USER).reasoning(Reasoning.budget(budget)))
                .path("generationConfig")
                .path("thinkingConfig");

        assertThat(thinking.path(name).asString()).isEqualTo(value);
        assertThat(thinking.path("includeThoughts").asBoolean(false)).isEqualTo(budget > 0);
    }

    @Test
    void aCallThatWasCutIsToldAsItCameAndAResultOfSeveralTextsIsOne() throws GatewayException {
        assertThat(contents(
                        USER,
                        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("1", "f", "{\"cut", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult(
                                        "1", List.of(new Part.Text("a"), new Part.Text("b")), false, Map.of())))))
                .contains("\"args\":{\"unreadable_arguments\":\"{\\\"cut\"}", "\"output\":\"a\\nb\"");
    }

    @Test
    void schemasThatMustAllHoldBecomeOne() throws GatewayException {
        Json schema = new Json(
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
                        + "\"required\":[\"a\"]},{\"type\":\"object\",\"properties\":{\"b\":{\"const\":1}},\"required\":[\"b\"]}]}");

        assertThat(SchemaWriter.write(schema).toString())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"enum\":[1]}},"
                        + "\"required\":[\"a\",\"b\"]}");
    }

    @Test
    void aSeedBeyondItsBitsIsAlwaysTheSameOne() throws GatewayException {
        for (long seed : new long[] {1L << 40, Long.MIN_VALUE}) {
            ChatContent.Builder asked =
                    says(USER).sampling(Sampling.builder().seed(seed).build());
            JsonNode once = sent("m", asked).path("generationConfig").path("seed");
            assertThat(once.isInt()).isTrue();
            assertThat(sent("m", asked).path("generationConfig").path("seed")).isEqualTo(once);
        }
    }

    @Test
    void hintsBesidePartsAndResultsAreNamedByTheirMessages() throws GatewayException {
        Map<String, Json> cached = Map.of("cache_control", new Json("{}"));
        HttpCall call = Played.call(request(
                "m",
                says(
                        Message.of(
                                Role.USER,
                                List.of(new Part.Image(new Part.Source.Data("image/png", "AA=="), "high", Map.of()))),
                        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("1", "f", "{}", Map.of()))),
                        Message.of(
                                Role.TOOL,
                                List.of(new Part.ToolResult(
                                        "1", List.of(new Part.Text("a", cached)), false, Map.of()))))));

        assertThat(call.dropped()).containsExactly("image_url.detail", "messages.cache_control");
    }
}
