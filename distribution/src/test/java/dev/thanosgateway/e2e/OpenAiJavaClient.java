package dev.thanosgateway.e2e;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The official OpenAI SDK for Java. */
final class OpenAiJavaClient implements SdkClient {
    private static final Map<String, ?> PROPERTIES = Map.of(CITY, Map.of("type", "string"));

    private final OpenAIClient client;

    OpenAiJavaClient(String gateway, String key) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @Override
    public String name() {
        return "openai-java";
    }

    @Override
    public String stop() {
        return "stop";
    }

    private static ChatCompletionCreateParams.Builder request(String model) {
        return ChatCompletionCreateParams.builder().model(model);
    }

    private ChatCompletion ask(boolean stream, ChatCompletionCreateParams request) {
        if (!stream) {
            return client.chat().completions().create(request);
        }
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams counted = request.toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(counted)) {
            chunks.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    private static ChatCompletionMessage message(ChatCompletion answer) {
        return answer.choices().get(0).message();
    }

    private static String text(ChatCompletion answer) {
        return message(answer).content().orElseThrow();
    }

    @Override
    public Said text(String model, String said, boolean stream) {
        ChatCompletion answer = ask(
                stream,
                request(model)
                        .addSystemMessage("Be brief.")
                        .addUserMessage(said)
                        .build());
        return new Said(
                text(answer),
                answer.choices().get(0).finishReason().toString(),
                answer.usage().orElseThrow().promptTokens(),
                answer.usage().orElseThrow().completionTokens());
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream) {
        ChatCompletionCreateParams.Builder first = request(model).addUserMessage(said);
        for (String tool : tools) {
            first.addFunctionTool(FunctionDefinition.builder()
                    .name(tool)
                    .parameters(FunctionParameters.builder()
                            .putAdditionalProperty("type", JsonValue.from("object"))
                            .putAdditionalProperty("properties", JsonValue.from(PROPERTIES))
                            .build())
                    .build());
        }
        ChatCompletionMessage asks = message(ask(stream, first.build()));
        ChatCompletionCreateParams.Builder second = first.build().toBuilder().addMessage(asks);
        List<Call> calls = new ArrayList<>();
        List<ChatCompletionToolMessageParam> results = new ArrayList<>();
        for (ChatCompletionMessageToolCall one : asks.toolCalls().orElseThrow()) {
            ChatCompletionMessageFunctionToolCall.Function function =
                    one.asFunction().function();
            Call call = new Call(function.name(), function.arguments());
            calls.add(call);
            results.add(ChatCompletionToolMessageParam.builder()
                    .toolCallId(one.asFunction().id())
                    .content(result.apply(call))
                    .build());
        }
        Collections.reverse(results);
        results.forEach(second::addMessage);
        return new Called(calls, text(ask(stream, second.build())));
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) {
        ChatCompletionContentPartImage image = ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url("data:image/png;base64," + picture)
                        .build())
                .build();
        List<ChatCompletionContentPart> parts = List.of(
                ChatCompletionContentPart.ofText(
                        ChatCompletionContentPartText.builder().text(said).build()),
                ChatCompletionContentPart.ofImageUrl(image));
        return text(ask(
                stream,
                request(model).addUserMessageOfArrayOfContentParts(parts).build()));
    }

    @Override
    public String shaped(String model, String said, boolean stream) {
        ResponseFormatJsonSchema.JsonSchema.Schema schema = ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(PROPERTIES))
                .putAdditionalProperty("required", JsonValue.from(List.of(CITY)))
                .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                .build();
        ResponseFormatJsonSchema shape = ResponseFormatJsonSchema.builder()
                .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                        .name("place")
                        .strict(true)
                        .schema(schema)
                        .build())
                .build();
        return text(ask(
                stream,
                request(model).addUserMessage(said).responseFormat(shape).build()));
    }

    @Override
    public void leave(String model, String said) {
        ChatCompletionCreateParams asked = request(model).addUserMessage(said).build();
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(asked)) {
            chunks.stream().findFirst().orElseThrow();
        }
    }

    @Override
    public String retryAfter(Throwable failure) {
        return String.join("", ((OpenAIServiceException) failure).headers().values("retry-after"));
    }
}
