package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.provider.HttpCall;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What models at endpoints of this language take, by the catalogue, is what their requests say. */
class FittingTest {
    private static final Message USER = Message.text(Role.USER, "u");
    private static final Part PICTURE = new Part.Image(new Part.Source.Data("image/png", "AA=="), null, Map.of());

    private static HttpCall call(String model, ChatContent.Builder content) throws GatewayException {
        return Played.call(Played.translated(
                ChatRequest.builder(model).content(content.build()).build()));
    }

    private static JsonNode sent(String model, ChatContent.Builder content) throws GatewayException {
        byte[] body = new byte[call(model, content).body().remaining()];
        call(model, content).body().get(body);
        return Trees.read(body, 0, body.length);
    }

    private static ChatContent.Builder says(Message... messages) {
        return ChatContent.builder().messages(List.of(messages));
    }

    private static JsonNode thinking(String model, Reasoning reasoning) throws GatewayException {
        return sent(model, says(USER).reasoning(reasoning))
                .path("generationConfig")
                .path("thinkingConfig");
    }

    @Test
    void howMuchIsLeftToTheModelIsToldWhereThereIsAWordForIt() throws GatewayException {
        ChatContent read = Played.asked(
                        Operation.WHOLE,
                        "{\"contents\":[{\"parts\":[{\"text\":\"u\"}]}],\"generationConfig\":{\"thinkingConfig\":"
                                + "{\"thinkingBudget\":-1,\"includeThoughts\":false}}}")
                .content();
        Reasoning dynamic = read.reasoning();
        assertThat(dynamic)
                .isNotNull()
                .extracting(Reasoning::effort, Reasoning::budgetTokens, Reasoning::visible)
                .containsExactly(null, null, false);
        assertThat(read.hints()).isEmpty();
        if (dynamic != null) {
            assertThat(thinking("gemini-2.5-flash", dynamic).toString())
                    .isEqualTo("{\"thinkingBudget\":-1,\"includeThoughts\":false}");
            assertThat(thinking("gemini-3-pro", dynamic).toString()).isEqualTo("{\"includeThoughts\":false}");
            assertThat(thinking("gemini-2.0-flash", dynamic).isMissingNode()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.0-flash,high,,",
        "gemini-4-neon,xhigh,thinkingLevel,xhigh",
        "gemini-4-neon,max,thinkingLevel,xhigh",
        "gemini-flash-latest,none,thinkingLevel,low",
        "gemma-4-27b-it,low,thinkingLevel,minimal",
        "gemma-3-27b-it,low,,",
        "tunedModels/mine,none,thinkingBudget,0",
    })
    void anEffortIsToldInTheWordsThatTheModelKnows(
            String model, String effort, @Nullable String name, @Nullable String value) throws GatewayException {
        JsonNode thinking = thinking(model, Reasoning.effort(effort));

        assertThat(thinking.isMissingNode()).isEqualTo(name == null);
        assertThat(call(model, says(USER).reasoning(Reasoning.effort(effort))).dropped())
                .isEqualTo(name == null ? List.of("reasoning_effort") : List.of());
        if (name != null) {
            assertThat(thinking.path(name).asString()).isEqualTo(value);
        }
    }

    @Test
    void picturesOfToolsFollowTheirResultsWhereAResultCannotHoldThem() throws GatewayException {
        ChatContent.Builder content = says(
                USER,
                Message.of(
                        Role.ASSISTANT,
                        List.of(
                                new Part.ToolCall("1", "f", "{}", Map.of()),
                                new Part.ToolCall("2", "g", "{}", Map.of()))),
                Message.of(Role.TOOL, List.of(new Part.ToolResult("1", List.of(PICTURE), false, Map.of()))),
                Message.of(Role.TOOL, List.of(new Part.ToolResult("2", List.of(new Part.Text("r")), false, Map.of()))));

        JsonNode older = sent("gemini-2.5-flash", content).path("contents");
        assertThat(older).hasSize(4);
        assertThat(older.path(2).path("parts")).hasSize(2).allMatch(part -> part.has("functionResponse"));
        assertThat(older.path(2).toString()).doesNotContain("inlineData");
        assertThat(older.path(3).path("role").asString()).isEqualTo("user");
        assertThat(older.path(3)
                        .path("parts")
                        .path(1)
                        .path("inlineData")
                        .path("data")
                        .asString())
                .isEqualTo("AA==");
        JsonNode newer = sent("gemini-3-pro", content).path("contents");
        assertThat(newer).hasSize(3);
        assertThat(newer.path(2).toString()).contains("inlineData");
    }

    @Test
    void aPictureIsToldByATypeThatTheApiKnowsOrRefused() throws GatewayException {
        for (Map.Entry<String, String> type :
                Map.of("image/jpg", "image/jpeg", "image/heic", "image/heic").entrySet()) {
            Part picture = new Part.Image(new Part.Source.Data(type.getKey(), "AA=="), null, Map.of());
            assertThat(sent("gemini-2.5-flash", says(Message.of(Role.USER, List.of(picture))))
                            .path("contents")
                            .toString())
                    .contains("\"mimeType\":\"" + type.getValue() + "\"");
        }
        Part drawing = new Part.Image(new Part.Source.Data("image/svg+xml", "AA=="), null, Map.of());
        assertThatThrownBy(() -> call("gemini-2.5-flash", says(Message.of(Role.USER, List.of(drawing)))))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED);
    }

    @Test
    void samplingThatTheModelRefusesIsDroppedAndNamed() throws GatewayException {
        ChatContent.Builder content = says(USER)
                .sampling(
                        Sampling.builder().temperature(0.5).presencePenalty(0.1).build());

        assertThat(sent("gemini-2.5-flash", content).path("generationConfig").toString())
                .isEqualTo("{\"temperature\":0.5}");
        assertThat(call("gemini-2.5-flash", content).dropped()).containsExactly("presence_penalty");
        assertThatThrownBy(() -> call("gemini-3-pro", says(USER).choices(2)))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                .hasFieldOrPropertyWithValue("parameter", "n");
    }

    @Test
    void aToolsLongNameIsShortUpstreamAndWholeInTheAnswer() throws GatewayException {
        String name = "n".repeat(65);
        ChatContent.Builder content = says(USER).tools(List.of(Tool.function(name, null, null)));
        String brief = sent("gemini-3-pro", content)
                .path("tools")
                .path(0)
                .path("functionDeclarations")
                .path(0)
                .path("name")
                .asString();
        assertThat(brief).hasSize(64);

        ChatRequest asked = Played.translated(
                ChatRequest.builder("gemini-3-pro").content(content.build()).build());
        String answer = "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"" + brief
                + "\",\"args\":{}}}]},\"finishReason\":\"STOP\"}]}";
        assertThat(Played.answer(asked, answer).response().choices().get(0).parts())
                .singleElement()
                .isInstanceOfSatisfying(
                        Part.ToolCall.class, call -> assertThat(call.name()).isEqualTo(name));
    }
}
