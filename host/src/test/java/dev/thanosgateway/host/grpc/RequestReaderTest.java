package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Hints;
import dev.thanosgateway.proto.Media;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.Reasoning;
import dev.thanosgateway.proto.Tool;
import dev.thanosgateway.proto.ToolCall;
import dev.thanosgateway.proto.ToolChoice;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
    private static ChatRequest.Builder chat() {
        return Served.chat("hi", false).toBuilder();
    }

    private static void refused(String parameter, Consumer<ChatRequest.Builder> change) {
        ChatRequest.Builder request = chat();
        change.accept(request);
        GatewayException e = catchThrowableOfType(GatewayException.class, () -> RequestReader.read(request.build()));
        assertThat(e).as(parameter).isNotNull();
        assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(e.parameter()).isEqualTo(parameter);
        assertThat(e.message()).startsWith(parameter).endsWith(".");
    }

    private static void refusedMessage(String parameter, Consumer<Message.Builder> change) {
        Message.Builder message = Message.newBuilder().setRole("user").setContent("x");
        change.accept(message);
        refused(parameter, r -> r.addMessages(message));
    }

    private static dev.thanosgateway.proto.Part.Builder part() {
        return dev.thanosgateway.proto.Part.newBuilder();
    }

    @Test
    void whatIsWrongIsNamed() {
        refused("model", r -> r.setModel(" "));
        refused("messages", ChatRequest.Builder::clearMessages);
        refused("temperature", r -> r.setTemperature(Float.NaN));
        refused("top_p", r -> r.setTopP(Float.POSITIVE_INFINITY));
        refused("logit_bias", r -> r.putLogitBias("7", Float.NaN));
        refused("max_tokens", r -> r.setMaxTokens(0));
        refused("n", r -> r.setN(0));
        refused("n", r -> r.setN(1_000_000));
        refused("tools[0].name", r -> r.addTools(Tool.getDefaultInstance()));
        refused(
                "tools[0].parameters_json",
                r -> r.addTools(Tool.newBuilder().setName("f").setParametersJson("[]")));
        refused("tool_choice.mode", r -> r.setToolChoice(ToolChoice.newBuilder().setMode("any")));
        refused("tool_choice.mode", r -> r.setToolChoice(ToolChoice.getDefaultInstance()));
        refused("response_format.type", r -> r.getResponseFormatBuilder().setType("xml"));
        refused("response_format.schema_json", r -> r.getResponseFormatBuilder().setType("json_schema"));
        refused("reasoning_budget_tokens", r -> r.setReasoningEffort("low").setReasoningBudgetTokens(5));
        refused("reasoning_visible", r -> r.setReasoningVisible(true));
        refused("extensions_json", r -> r.setExtensionsJson("{\"tags\": [}"));
        refused("extensions_json", r -> r.setExtensionsJson("{} x"));
        refused("extensions_json", r -> r.setExtensionsJson("{\"a\":1,\"a\":2}"));
        refused("extensions_json", r -> r.setExtensionsJson("[".repeat(100_000)));
        refused("hints.dialect", r -> r.getHintsBuilder().setJson("{}"));
        refused("hints.json", r -> r.getHintsBuilder().setDialect("openai").setJson("7"));
    }

    @Test
    void whatIsWrongInAMessageIsNamedWithItsPlace() {
        refusedMessage("messages[1].role", m -> m.setRole("robot"));
        refusedMessage("messages[1].role", m -> m.setRole(""));
        refusedMessage("messages[1].tool_call_id", m -> m.setRole("tool"));
        refusedMessage("messages[1].tool_call_id", m -> m.setToolCallId("c"));
        refusedMessage("messages[1].tool_calls", m -> m.addToolCalls(ToolCall.getDefaultInstance()));
        refusedMessage(
                "messages[1].tool_calls[0]",
                m -> m.setRole("assistant").addToolCalls(ToolCall.newBuilder().setId("c")));
        refusedMessage("messages[1].parts[0]", m -> m.addParts(part()));
        refusedMessage("messages[1].parts[0].image", m -> m.addParts(part().setImage(Media.getDefaultInstance())));
        refusedMessage(
                "messages[1].parts[0].image.media_type",
                m -> m.addParts(part().setImage(Media.newBuilder().setData(ByteString.EMPTY))));
        refusedMessage(
                "messages[1].parts[0].image.url",
                m -> m.addParts(part().setImage(Media.newBuilder().setUrl("data:image/png,raw"))));
        refusedMessage(
                "messages[1].parts[0].audio.format",
                m -> m.addParts(part().setAudio(Media.newBuilder().setUrl("https://a/b"))));
        refusedMessage("messages[1].hints_json", m -> m.setHintsJson("null"));
    }

    @Test
    void everythingHttpCanSayHasAPlace() throws Exception {
        ChatRequest.Builder in = chat().setToolChoice(ToolChoice.newBuilder().setFunction("f"))
                .setParallelToolCalls(false)
                .addStop("END")
                .setSeed(-5)
                .setN(2)
                .setPresencePenalty(0.1f)
                .setFrequencyPenalty(-0.3f)
                .putLogitBias("50256", -100f)
                .setTopLogprobs(4)
                .setReasoningEffort("high")
                .setReasoningVisible(true)
                .setTopK(40)
                .setUser("u-1")
                .addFallbacks("acme/other")
                .setExtensionsJson("{\"echo\":{\"delay_ms\":5},\"big\":12345678901234567890.10}")
                .setHints(Hints.newBuilder().setDialect("openai").setJson("{\"service_tier\":\"flex\"}"));
        in.addToolsBuilder()
                .setName("f")
                .setDescription("does f")
                .setParametersJson("{ \"type\": \"object\" }")
                .setStrict(true)
                .setHintsJson("{\"cache_control\":{}}");
        in.getResponseFormatBuilder()
                .setType("json_schema")
                .setName("n")
                .setSchemaJson("{}")
                .setStrict(false);
        dev.thanosgateway.api.chat.ChatRequest request = RequestReader.read(in.build());
        assertThat(request.fallbacks()).containsExactly("acme/other");
        assertThat(request.extensions())
                .isEqualTo(Map.of("echo", new Json("{\"delay_ms\":5}"), "big", new Json("12345678901234567890.10")));
        ChatContent c = request.content();
        assertThat(c.toolChoice()).isEqualTo(new dev.thanosgateway.api.chat.ToolChoice.Named("f"));
        assertThat(c.parallelToolCalls()).isFalse();
        assertThat(c.stop()).containsExactly("END");
        assertThat(c.sampling().seed()).isEqualTo(-5);
        assertThat(c.choices()).isEqualTo(2);
        assertThat(c.sampling().presencePenalty()).isEqualTo(0.1);
        assertThat(c.sampling().frequencyPenalty()).isEqualTo(-0.3);
        assertThat(c.sampling().logitBias()).isEqualTo(Map.of("50256", -100.0));
        assertThat(c.sampling().topK()).isEqualTo(40);
        assertThat(c.topLogprobs()).isEqualTo(4);
        assertThat(c.reasoning().effort()).isEqualTo("high");
        assertThat(c.reasoning().visible()).isTrue();
        assertThat(c.user()).isEqualTo("u-1");
        assertThat(c.hintsDialect()).isEqualTo("openai");
        assertThat(c.hints()).isEqualTo(Map.of("service_tier", new Json("\"flex\"")));
        assertThat(c.tools().get(0).parameters()).isEqualTo(new Json("{ \"type\": \"object\" }"));
        assertThat(c.tools().get(0).strict()).isTrue();
        assertThat(c.tools().get(0).hints()).containsKey("cache_control");
        assertThat(c.responseFormat()).isEqualTo(new ResponseFormat.JsonSchema("n", null, new Json("{}"), false));
    }

    @Test
    void aConversationWithToolsImagesAndReasoningIsRead() throws Exception {
        ChatRequest.Builder in = chat().clearMessages();
        in.addMessagesBuilder()
                .setRole("USER")
                .setContent("look")
                .setName("ann")
                .addParts(part().setImage(Media.newBuilder()
                        .setData(ByteString.copyFrom(new byte[] {1, 2, 3}))
                        .setMediaType("image/png")
                        .setDetail("low")))
                .addParts(part().setImage(Media.newBuilder().setUrl("data:image/gif;base64,AAAA")))
                .addParts(part().setImage(Media.newBuilder().setUrl("https://x/y.png")))
                .addParts(part().setDocument(
                                Media.newBuilder().setFileId("file-1").setName("d.pdf")))
                .addParts(part().setAudio(Media.newBuilder()
                        .setUrl("data:audio/mpeg;base64,AAAA")
                        .setMediaType("audio/mpeg")));
        in.addMessagesBuilder()
                .setRole("Assistant")
                .addParts(
                        part().setReasoning(Reasoning.newBuilder().setText("hm").setSignature("s")))
                .addToolCalls(ToolCall.newBuilder().setId("c1").setName("f").setArguments("{}"));
        in.addMessagesBuilder()
                .setRole("tool")
                .setToolCallId("c1")
                .setContent("42")
                .setToolError(true);
        var messages = RequestReader.read(in.build()).content().messages();
        assertThat(messages.get(0).role()).isEqualTo(Role.USER);
        assertThat(messages.get(0).name()).isEqualTo("ann");
        assertThat(messages.get(0).parts())
                .containsExactly(
                        new Part.Text("look"),
                        new Part.Image(new Part.Source.Data("image/png", "AQID"), "low", Map.of()),
                        new Part.Image(new Part.Source.Data("image/gif", "AAAA"), null, Map.of()),
                        new Part.Image(new Part.Source.Url("https://x/y.png"), null, Map.of()),
                        new Part.Document(new Part.Source.FileId("file-1"), "d.pdf", Map.of()),
                        new Part.Audio(new Part.Source.Data("audio/mpeg", "AAAA"), "mp3", Map.of()));
        assertThat(messages.get(1).parts())
                .containsExactly(new Part.Reasoning("hm", "s", Map.of()), new Part.ToolCall("c1", "f", "{}", Map.of()));
        assertThat(messages.get(2).parts())
                .containsExactly(new Part.ToolResult("c1", java.util.List.of(new Part.Text("42")), true, Map.of()));
    }

    @Test
    void whatIsNotSaidStaysOpen() throws Exception {
        ChatContent c = RequestReader.read(chat().build()).content();
        assertThat(c.sampling().temperature()).isNull();
        assertThat(c.sampling().seed()).isNull();
        assertThat(c.maxOutputTokens()).isNull();
        assertThat(c.parallelToolCalls()).isNull();
        assertThat(c.topLogprobs()).isNull();
        assertThat(c.reasoning()).isNull();
        assertThat(c.responseFormat()).isNull();
        assertThat(c.choices()).isEqualTo(1);
    }
}
