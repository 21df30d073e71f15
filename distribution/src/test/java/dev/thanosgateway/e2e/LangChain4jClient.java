package dev.thanosgateway.e2e;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** LangChain4j with one of its models. */
record LangChain4jClient(String name, Function<String, ChatModel> whole, Function<String, StreamingChatModel> streamed)
        implements SdkClient {
    private static final JsonObjectSchema SCHEMA = JsonObjectSchema.builder()
            .addStringProperty(CITY)
            .required(CITY)
            .additionalProperties(false)
            .build();

    static List<SdkClient> all(String gateway, String key) {
        String v1 = gateway + "/v1";
        String v1beta = gateway + "/v1beta";
        return List.of(
                new LangChain4jClient(
                        "langchain4j-open-ai",
                        model -> OpenAiChatModel.builder()
                                .baseUrl(v1)
                                .apiKey(key)
                                .modelName(model)
                                .maxRetries(0)
                                .strictJsonSchema(true)
                                .build(),
                        model -> OpenAiStreamingChatModel.builder()
                                .baseUrl(v1)
                                .apiKey(key)
                                .modelName(model)
                                .strictJsonSchema(true)
                                .build()),
                new LangChain4jClient(
                        "langchain4j-anthropic",
                        model -> AnthropicChatModel.builder()
                                .baseUrl(v1)
                                .apiKey(key)
                                .modelName(model)
                                .maxRetries(0)
                                .build(),
                        model -> AnthropicStreamingChatModel.builder()
                                .baseUrl(v1)
                                .apiKey(key)
                                .modelName(model)
                                .build()),
                new LangChain4jClient(
                        "langchain4j-google-ai-gemini",
                        model -> GoogleAiGeminiChatModel.builder()
                                .baseUrl(v1beta)
                                .apiKey(key)
                                .modelName(model)
                                .maxRetries(0)
                                .build(),
                        model -> GoogleAiGeminiStreamingChatModel.builder()
                                .baseUrl(v1beta)
                                .apiKey(key)
                                .modelName(model)
                                .build()),
                new LangChain4jClient(
                        "langchain4j-ollama",
                        model -> OllamaChatModel.builder()
                                .baseUrl(gateway)
                                .customHeaders(Map.of("authorization", "Bearer " + key))
                                .modelName(model)
                                .maxRetries(0)
                                .build(),
                        model -> OllamaStreamingChatModel.builder()
                                .baseUrl(gateway)
                                .customHeaders(Map.of("authorization", "Bearer " + key))
                                .modelName(model)
                                .build()));
    }

    @Override
    public @Nullable Fault fault(Case of, boolean stream, String provider) {
        boolean apart = name.equals("langchain4j-google-ai-gemini") && of == Case.TOOLS && provider.equals("gemini");
        return apart ? new Fault("Each result goes in a content of its own.", "function response parts") : null;
    }

    @Override
    public String stop() {
        return "STOP";
    }

    private ChatResponse ask(String model, boolean stream, ChatRequest.Builder request) throws Exception {
        if (!stream) {
            return whole.apply(model).chat(request.build());
        }
        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        streamed.apply(model).chat(request.build(), new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        });
        try {
            return answer.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public Said text(String model, String said, boolean stream) throws Exception {
        ChatResponse answer = ask(
                model, stream, ChatRequest.builder().messages(SystemMessage.from("Be brief."), UserMessage.from(said)));
        if (answer.finishReason() == null) {
            // Errors within a stream are passed over for OpenAI's and Gemini's languages; an end is not made up.
            throw new IOException(model + " did not come to an end.");
        }
        TokenUsage usage = answer.tokenUsage();
        long input = usage.inputTokenCount();
        long output = usage.outputTokenCount();
        if (usage instanceof AnthropicTokenUsage beside) {
            input += count(beside.cacheReadInputTokens()) + count(beside.cacheCreationInputTokens());
        } else if (usage instanceof GoogleAiGeminiTokenUsage beside) {
            output += count(beside.thoughtsTokenCount());
        }
        return new Said(answer.aiMessage().text(), answer.finishReason().name(), input, output);
    }

    private static int count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream)
            throws Exception {
        List<ToolSpecification> specifications = tools.stream()
                .map(tool -> ToolSpecification.builder()
                        .name(tool)
                        .parameters(SCHEMA)
                        .build())
                .toList();
        List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from(said)));
        ChatResponse asks =
                ask(model, stream, ChatRequest.builder().messages(messages).toolSpecifications(specifications));
        messages.add(asks.aiMessage());
        List<Call> calls = new ArrayList<>();
        List<ChatMessage> results = new ArrayList<>();
        for (ToolExecutionRequest one : asks.aiMessage().toolExecutionRequests()) {
            Call call = new Call(one.name(), one.arguments());
            calls.add(call);
            results.add(ToolExecutionResultMessage.from(one, result.apply(call)));
        }
        // Its results for Ollama have neither the call's id nor the tool's name.
        if (!name.equals("langchain4j-ollama")) {
            Collections.reverse(results);
        }
        messages.addAll(results);
        ChatResponse answer =
                ask(model, stream, ChatRequest.builder().messages(messages).toolSpecifications(specifications));
        return new Called(calls, answer.aiMessage().text());
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) throws Exception {
        UserMessage message = UserMessage.from(TextContent.from(said), ImageContent.from(picture, "image/png"));
        return ask(model, stream, ChatRequest.builder().messages(message))
                .aiMessage()
                .text();
    }

    @Override
    public String shaped(String model, String said, boolean stream) throws Exception {
        ResponseFormat format = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(
                        JsonSchema.builder().name("place").rootElement(SCHEMA).build())
                .build();
        return ask(
                        model,
                        stream,
                        ChatRequest.builder().messages(UserMessage.from(said)).responseFormat(format))
                .aiMessage()
                .text();
    }

    @Override
    public void leave(String model, String said) throws Exception {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        ChatRequest asked =
                ChatRequest.builder().messages(UserMessage.from(said)).build();
        streamed.apply(model).chat(asked, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                context.streamingHandle().cancel();
                left.complete(true);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                left.completeExceptionally(new AssertionError("it was complete"));
            }

            @Override
            public void onError(Throwable error) {
                left.completeExceptionally(error);
            }
        });
        left.get(20, TimeUnit.SECONDS);
    }
}
