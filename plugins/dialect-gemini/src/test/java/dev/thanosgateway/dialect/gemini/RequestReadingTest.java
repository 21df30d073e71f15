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
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReadingTest {
    private static ChatContent read(String body) throws GatewayException {
        return Played.asked(Operation.WHOLE, body).content();
    }

    private static ChatContent with(String more) throws GatewayException {
        return read("{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]," + more + "}");
    }

    private static List<Part> parts(String parts) throws GatewayException {
        List<Message> messages = read("{\"contents\":[{\"role\":\"model\",\"parts\":[" + parts + "]}]}")
                .messages();
        return messages.isEmpty() ? List.of() : messages.get(0).parts();
    }

    @Test
    void namesMayBeInCamelOrSnakeCaseAndAListOfOneBeOneValue() throws GatewayException {
        for (String body : List.of(
                "{\"systemInstruction\":{\"parts\":[{\"text\":\"s\"}]},\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"u\"}]}],"
                        + "\"generationConfig\":{\"maxOutputTokens\":5,\"topK\":4}}",
                "{\"system_instruction\":{\"parts\":{\"text\":\"s\"}},\"contents\":{\"parts\":{\"text\":\"u\"}},"
                        + "\"generation_config\":{\"max_output_tokens\":\"5\",\"top_k\":4.0}}")) {
            ChatContent content = read(body);
            assertThat(content.messages()).extracting(Message::role).containsExactly(Role.SYSTEM, Role.USER);
            assertThat(content.messages()).extracting(Message::text).containsExactly("s", "u");
            assertThat(content.maxOutputTokens()).isEqualTo(5);
            assertThat(content.sampling().topK()).isEqualTo(4);
        }
    }

    @Test
    void contentsOfAStreamsPiecesAreOneTurn() throws GatewayException {
        List<Message> messages = read("""
                {"contents":[{"parts":[{"text":"q"}]},
                 {"role":"model","parts":[{"text":"He","thought":true}]},{"role":"model","parts":[{"text":"llo","thought":true}]},
                 {"role":"model","parts":[{"text":"Wor"}]},{"role":"model","parts":[{"text":"ld"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f","id":"1"}}]},{"role":"model","parts":[{"text":""}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","id":"1","response":{"output":"r"}}}]},
                 {"role":"model","parts":[{"text":""}]},
                 {"role":"user","parts":[{"text":"so"}]},{"role":"user","parts":[{"text":"what"}]}]}""").messages();

        assertThat(messages)
                .extracting(Message::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER, Role.USER);
        assertThat(messages.get(1).parts())
                .filteredOn(Part.Reasoning.class::isInstance)
                .extracting(part -> ((Part.Reasoning) part).text())
                .containsExactly("He", "llo");
        assertThat(messages.get(1).text()).isEqualTo("World");
        assertThat(messages.get(1).parts())
                .filteredOn(Part.ToolCall.class::isInstance)
                .hasSize(1);
    }

    @Test
    void callsAndResultsWithoutIdsFindEachOther() throws GatewayException {
        ChatContent content = read("""
                {"contents":[
                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1.50}}},{"functionCall":{"name":"g"}},
                   {"functionCall":{"name":"f","args":{}}}]},
                 {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"1"}}},
                   {"functionResponse":{"name":"f","response":{"error":"2"}}},
                   {"functionResponse":{"name":"g","response":{"deep":[3]}}},{"text":"now"}]}]}""");

        assertThat(content.messages()).extracting(Message::role).containsExactly(Role.ASSISTANT, Role.TOOL, Role.USER);
        assertThat(content.messages().get(0).parts())
                .containsExactly(
                        new Part.ToolCall("call_0", "f", "{\"a\":1.50}", Map.of()),
                        new Part.ToolCall("call_1", "g", "{}", Map.of()),
                        new Part.ToolCall("call_2", "f", "{}", Map.of()));
        assertThat(content.messages().get(1).parts())
                .containsExactly(
                        new Part.ToolResult("call_0", List.of(new Part.Text("1")), false, Map.of()),
                        new Part.ToolResult("call_2", List.of(new Part.Text("2")), true, Map.of()),
                        new Part.ToolResult("call_1", List.of(new Part.Text("{\"deep\":[3]}")), false, Map.of()));
    }

    @Test
    void aResultThatIsSaidTwiceIsReadOnce() throws GatewayException {
        ChatContent content = read("""
                {"contents":[
                 {"role":"model","parts":[{"functionCall":{"id":"i","name":"f"}}]},
                 {"role":"user","parts":[{"functionResponse":{"id":"i","name":"f","response":{"output":"1"}}},
                   {"functionResponse":{"id":"i","name":"f","response":{"output":"1"}}},{"text":"now"}]}]}""");

        assertThat(content.messages().get(1).parts())
                .containsExactly(new Part.ToolResult("i", List.of(new Part.Text("1")), false, Map.of()));
        assertThat(content.messages().get(2).role()).isEqualTo(Role.USER);
    }

    @Test
    void aSignatureProvesTheThoughtBeforeItsPart() throws GatewayException {
        assertThat(
                        parts(
                                "{\"text\":\"hm\",\"thought\":true},{\"functionCall\":{\"id\":\"i\",\"name\":\"f\"},\"thoughtSignature\":\"c2ln\"}"))
                .containsExactly(
                        new Part.Reasoning("hm", "gemini:c2ln", Map.of()), new Part.ToolCall("i", "f", "{}", Map.of()));
        assertThat(parts("{\"text\":\"t\"},{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}"))
                .containsExactly(new Part.Text("t"), new Part.Reasoning("", "gemini:c2ln", Map.of()));
    }

    @Test
    void anothersSignatureComesBackAsItWas() throws GatewayException {
        String written = Signatures.write("EqQB/x==");

        assertThat(parts("{\"text\":\"t\",\"thoughtSignature\":\"" + written + "\"}"))
                .contains(new Part.Reasoning("", "EqQB/x==", Map.of()));
        assertThat(Signatures.own("EqQB/x==")).isNull();
        assertThat(Signatures.write("gemini:c2ln")).isEqualTo("c2ln");
    }

    @Test
    void mediaAreToldByTheirTypes() throws GatewayException {
        assertThat(parts("""
                {"inlineData":{"mimeType":"image/png","data":"-_8"}},{"inline_data":{"mime_type":"audio/mpeg","data":"AAAA"}},
                {"fileData":{"fileUri":"https://example.com/a.pdf","displayName":"a"}},
                {"fileData":{"mimeType":"image/png","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/x"}},
                {"fileData":{"mimeType":"video/mp4","fileUri":"https://example.com/a.mp4"}}"""))
                .containsExactly(
                        new Part.Image(new Part.Source.Data("image/png", "+/8="), null, Map.of()),
                        new Part.Audio(new Part.Source.Data("audio/mpeg", "AAAA"), "mp3", Map.of()),
                        new Part.Document(new Part.Source.Url("https://example.com/a.pdf"), "a", Map.of()),
                        new Part.Image(
                                new Part.Source.FileId("https://generativelanguage.googleapis.com/v1beta/files/x"),
                                null,
                                Map.of()),
                        new Part.Other(
                                "gemini",
                                "fileData",
                                new Json("{\"mimeType\":\"video/mp4\",\"fileUri\":\"https://example.com/a.mp4\"}"),
                                Map.of()));
    }

    @Test
    void googlesSchemaBecomesJsonSchema() throws GatewayException {
        ChatContent content = with("""
                "generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT",
                 "propertyOrdering":["b"],"properties":{"b":{"type":"ARRAY","minItems":"2","items":{"type":"STRING",
                 "nullable":true}}}}},"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT",
                 "properties":{"type":{"type":"STRING","enum":["A"]}}}},{"name":"g","parametersJsonSchema":{"x":1}}]}]""");

        assertThat(content.responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema(
                        "response",
                        null,
                        new Json("{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"array\",\"minItems\":2,"
                                + "\"items\":{\"type\":[\"string\",\"null\"]}}}}"),
                        null));
        assertThat(content.tools().get(0).parameters())
                .isEqualTo(new Json(
                        "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"A\"]}}}"));
        assertThat(content.tools().get(1).parameters()).isEqualTo(new Json("{\"x\":1}"));
    }

    @Test
    void whoeverMayBeCalledIsSaid() throws GatewayException {
        String tools = "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"},{\"name\":\"g\"},{\"name\":\"h\"}]}],"
                + "\"toolConfig\":{\"functionCallingConfig\":{";
        assertThat(with(tools + "\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}")
                        .toolChoice())
                .isEqualTo(new ToolChoice.Named("f"));
        ChatContent two = with(tools + "\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\",\"h\"]}}");
        assertThat(two.toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(two.tools()).extracting(tool -> tool.name()).containsExactly("f", "h");
        assertThat(with(tools + "\"mode\":\"NONE\"}}").toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(with(tools + "\"mode\":\"AUTO\"}}").toolChoice()).isEqualTo(new ToolChoice.Auto());
    }

    @Test
    void thinkingIsALevelOrABudget() throws GatewayException {
        ChatContent level =
                with("\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}}");
        ChatContent budget = with("\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":1024}}");

        assertThat(level.reasoning())
                .extracting(r -> r.effort(), r -> r.visible())
                .containsExactly("high", true);
        assertThat(budget.reasoning()).extracting(r -> r.budgetTokens()).isEqualTo(1024L);
    }

    @Test
    void theGatewaysOwnFieldsAndHintsAreKept() throws GatewayException {
        ChatRequest request = Played.asked(
                Operation.WHOLE,
                "{\"fallbacks\":[\"a/b\"],\"tags\":[1],\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"safetySettings\":[]}");

        assertThat(request.fallbacks()).containsExactly("a/b");
        assertThat(request.extensions()).containsEntry("tags", new Json("[1]"));
        assertThat(request.content().hints()).containsOnlyKeys("safetySettings");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|contents",
                "{\"contents\":[]}|contents",
                "{\"contents\":[{\"role\":\"robot\",\"parts\":[{\"text\":\"x\"}]}]}|contents[0].role",
                "{\"contents\":[{\"parts\":[{\"text\":1}]}]}|contents[0].parts[0].text",
                "{\"contents\":[{\"parts\":[{}]}]}|contents[0].parts[0]",
                "{\"contents\":[{\"parts\":[{\"text\":\"a\",\"inlineData\":{\"mimeType\":\"a/b\",\"data\":\"\"}}]}]}|contents[0].parts[0]",
                "{\"contents\":[{\"parts\":[{\"inline_data\":{\"data\":\"\"}}]}]}|contents[0].parts[0].inline_data",
                "{\"contents\":[{\"parts\":[{\"functionResponse\":{\"name\":\"f\"}}]}]}|contents[0].parts[0].functionResponse",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"topP\":\"a\"}}|generationConfig.topP",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"maxOutputTokens\":1.5}}|generationConfig.maxOutputTokens",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"responseSchema\":{}}}|generationConfig.responseSchema",
                "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"tools\":[{\"functionDeclarations\":[{}]}]}|tools[0].functionDeclarations[0]",
            })
    void whatIsWrongIsNamed(String body, String field) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(GatewayException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(e.parameter()).isEqualTo(field);
            assertThat(e.message()).contains('"' + field + '"');
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":[{\"google_search\":{}}]|tools[0].google_search",
                "\"cachedContent\":\"cachedContents/1\"|cachedContent",
                "\"generationConfig\":{\"responseModalities\":[\"IMAGE\"]}|generationConfig.responseModalities",
                "\"generationConfig\":{\"responseMimeType\":\"text/x.enum\"}|generationConfig.responseMimeType",
            })
    void whatOnlyGeminiCanDoIsUnsupportedElsewhere(String more, String field) {
        assertThatThrownBy(() -> with(more)).isInstanceOfSatisfying(GatewayException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
            assertThat(e.parameter()).isEqualTo(field);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|empty",
                "[]|object",
                "{\"a\":|not valid JSON",
                "{\"a\":1,\"a\":2}|the same name twice",
                "{} x|not valid JSON"
            })
    void aBodyThatIsNoJsonObjectIsRefusedAtOnce(String body, String says) {
        assertThatThrownBy(() -> Played.asked(Operation.WHOLE, body))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(says);
    }
}
