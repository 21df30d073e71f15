package dev.thanosgateway.e2e;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.UserMessageParam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The official Anthropic SDK for Java. */
final class AnthropicJavaClient implements SdkClient {
    private static final Map<String, ?> PROPERTIES = Map.of(CITY, Map.of("type", "string"));

    private final AnthropicClient client;

    AnthropicJavaClient(String gateway, String key) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl(gateway)
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    @Override
    public String name() {
        return "anthropic-java";
    }

    @Override
    public String stop() {
        return "end_turn";
    }

    private static MessageCreateParams.Builder request(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(4_000);
    }

    private static UserMessageParam user(List<ContentBlockParam> blocks) {
        return UserMessageParam.builder().contentOfContentBlockParams(blocks).build();
    }

    private Message ask(boolean stream, MessageCreateParams request) {
        if (!stream) {
            return client.messages().create(request);
        }
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(request)) {
            events.stream().forEach(whole::accumulate);
        }
        return whole.message();
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(TextBlock::text)
                .collect(Collectors.joining());
    }

    @Override
    public Said text(String model, String said, boolean stream) {
        Message answer = ask(
                stream, request(model).system("Be brief.").addUserMessage(said).build());
        long input = answer.usage().inputTokens()
                + answer.usage().cacheReadInputTokens().orElse(0L)
                + answer.usage().cacheCreationInputTokens().orElse(0L);
        return new Said(
                text(answer),
                answer.stopReason().orElseThrow().toString(),
                input,
                answer.usage().outputTokens());
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream) {
        MessageCreateParams.Builder first = request(model).addUserMessage(said);
        for (String tool : tools) {
            first.addTool(Tool.builder()
                    .name(tool)
                    .inputSchema(Tool.InputSchema.builder()
                            .putAdditionalProperty("properties", JsonValue.from(PROPERTIES))
                            .addRequired(CITY)
                            .build())
                    .build());
        }
        Message asks = ask(stream, first.build());
        List<Call> calls = new ArrayList<>();
        List<ContentBlockParam> results = new ArrayList<>();
        for (ContentBlock block : asks.content()) {
            block.toolUse().ifPresent(use -> {
                Object arguments = Objects.requireNonNull(use._input().convert(Map.class));
                Call call = new Call(use.name(), JsonMapper.shared().writeValueAsString(arguments));
                calls.add(call);
                results.add(ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                        .toolUseId(use.id())
                        .content(result.apply(call))
                        .build()));
            });
        }
        Collections.reverse(results);
        MessageCreateParams second = first.build().toBuilder()
                .addMessage(asks)
                .addMessage(user(results))
                .build();
        return new Called(calls, text(ask(stream, second)));
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) {
        Base64ImageSource image = Base64ImageSource.builder()
                .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                .data(picture)
                .build();
        UserMessageParam message = user(List.of(ContentBlockParam.ofText(said), ContentBlockParam.ofImage(image)));
        return text(ask(stream, request(model).addMessage(message).build()));
    }

    @Override
    public String shaped(String model, String said, boolean stream) {
        JsonOutputFormat.Schema schema = JsonOutputFormat.Schema.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(PROPERTIES))
                .putAdditionalProperty("required", JsonValue.from(List.of(CITY)))
                .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                .build();
        OutputConfig shape = OutputConfig.builder()
                .format(JsonOutputFormat.builder().schema(schema).build())
                .build();
        return text(ask(
                stream, request(model).addUserMessage(said).outputConfig(shape).build()));
    }

    @Override
    public void leave(String model, String said) {
        MessageCreateParams asked = request(model).addUserMessage(said).build();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(asked)) {
            events.stream().findFirst().orElseThrow();
        }
    }

    @Override
    public String retryAfter(Throwable failure) {
        return String.join("", ((AnthropicServiceException) failure).headers().values("retry-after"));
    }
}
