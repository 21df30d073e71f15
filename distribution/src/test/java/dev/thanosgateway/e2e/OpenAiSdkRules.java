package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the official OpenAI SDK for Java must see: the same from the fake itself and through the gateway. */
interface OpenAiSdkRules {
    String SAID = "Grüße, 世界 👋🏽";

    /** Where the SDK is pointed to. */
    String url();

    /** What stands before the upstream's model name. */
    String prefix();

    private OpenAIClient client() {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url())
                .apiKey(FakeOpenAi.KEY)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(prefix() + model).addUserMessage(SAID);
    }

    private static FunctionDefinition weather() {
        return FunctionDefinition.builder()
                .name("weather")
                .description("The weather of a city")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build();
    }

    @Test
    default void aWholeAnswerHasTextFinishReasonAndUsage() {
        ChatCompletion answer =
                client().chat().completions().create(chat("fake-large").build());

        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.choices().get(0).message().content()).contains(FakeOpenAi.reply(SAID));
        assertThat(answer.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(16);
        assertThat(answer.usage()
                        .orElseThrow()
                        .promptTokensDetails()
                        .orElseThrow()
                        .cachedTokens())
                .contains(3L);
        answer.validate();
    }

    @Test
    default void aStreamAddsUpToTheWholeAnswerAndEndsWithItsUsage() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        ChatCompletionCreateParams request = chat("fake-large")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client().chat().completions().createStreaming(request)) {
            stream.stream().forEach(chunk -> chunks.add(whole.accumulate(chunk)));
        }

        assertThat(whole.chatCompletion().choices().get(0).message().content()).contains(FakeOpenAi.reply(SAID));
        assertThat(chunks)
                .hasSizeGreaterThan(3)
                .allSatisfy(
                        chunk -> assertThat(chunk.id()).isEqualTo(chunks.get(0).id()));
        ChatCompletionChunk last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        assertThat(last.usage().orElseThrow().totalTokens()).isEqualTo(16);
        assertThat(chunks.stream().filter(chunk -> chunk.usage().isPresent())).hasSize(1);
    }

    @Test
    default void aToolIsCalledAndItsResultComesBack() {
        ChatCompletionCreateParams first =
                chat("fake-large").addFunctionTool(weather()).build();
        ChatCompletion asks = client().chat().completions().create(first);

        assertThat(asks.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageToolCall call =
                asks.choices().get(0).message().toolCalls().orElseThrow().get(0);
        assertThat(call.asFunction().function().name()).isEqualTo("weather");
        assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Zürich 🏔\"}");

        ChatCompletion answer = client().chat()
                .completions()
                .create(first.toBuilder()
                        .addMessage(asks.choices().get(0).message())
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.asFunction().id())
                                .content("12 °C")
                                .build())
                        .build());
        assertThat(answer.choices().get(0).message().content()).contains("The tool said: 12 °C");
    }

    @Test
    default void aStreamedToolCallAddsUp() {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        ChatCompletionCreateParams request =
                chat("fake-large").addFunctionTool(weather()).build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client().chat().completions().createStreaming(request)) {
            stream.stream().forEach(whole::accumulate);
        }

        ChatCompletion.Choice choice = whole.chatCompletion().choices().get(0);
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageToolCall call =
                choice.message().toolCalls().orElseThrow().get(0);
        assertThat(call.asFunction().id()).isEqualTo("call_fake_1");
        assertThat(call.asFunction().function().name()).isEqualTo("weather");
        assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Zürich 🏔\"}");
    }

    @Test
    default void theModelsAreListed() {
        assertThat(client().models().list().autoPager().stream().map(Model::id))
                .contains(prefix() + "fake-large", prefix() + "fake-small");
    }

    @Test
    default void anUnknownModelIsNotFound() {
        assertThatThrownBy(() ->
                        client().chat().completions().create(chat("missing").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class, e -> assertThat(e.code()).contains("model_not_found"));
    }

    @Test
    default void anUpstreamsRateLimitIsARateLimitWithItsRetryAfter() {
        assertThatThrownBy(() ->
                        client().chat().completions().create(chat("limited").build()))
                .isInstanceOfSatisfying(RateLimitException.class, e -> {
                    assertThat(e.code()).contains("rate_limit_exceeded");
                    assertThat(e.headers().values("retry-after")).containsExactly("7");
                });
    }

    @Test
    default void anUpstreamsWordAboutTheRequestStaysAClientErrorWithItsMessage() {
        assertThatThrownBy(
                        () -> client().chat().completions().create(chat("picky").build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("Invalid 'temperature'");
    }

    @Test
    default void aStreamOfAnUnknownModelFailsBeforeItBegins() {
        assertThatThrownBy(() -> client().chat()
                        .completions()
                        .createStreaming(chat("missing").build()))
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(404));
    }
}
