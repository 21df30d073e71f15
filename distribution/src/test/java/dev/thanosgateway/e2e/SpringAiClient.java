package dev.thanosgateway.e2e;

import com.openai.errors.OpenAIServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.util.MimeTypeUtils;

/** Spring AI with its OpenAI model. */
final class SpringAiClient implements SdkClient {
    private static final String SCHEMA = """
            {"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    private final OpenAiChatModel client;

    /** What came, a stream's pieces one by one. */
    private record Answer(List<ChatResponse> pieces) {
        List<Generation> generations() {
            return pieces.stream().flatMap(piece -> piece.getResults().stream()).toList();
        }

        String text() {
            return generations().stream()
                    .map(one -> one.getOutput().getText())
                    .map(text -> text == null ? "" : text)
                    .collect(Collectors.joining());
        }
    }

    SpringAiClient(String gateway, String key) {
        client = OpenAiChatModel.builder()
                .options(options("none")
                        .baseUrl(gateway + "/v1")
                        .apiKey(key)
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(20))
                        .build())
                .build();
    }

    private static OpenAiChatOptions.Builder options(String model) {
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
        options.model(model);
        return options;
    }

    @Override
    public String name() {
        return "spring-ai-openai";
    }

    @Override
    public String stop() {
        return "STOP";
    }

    private Answer ask(boolean stream, OpenAiChatOptions.Builder options, List<Message> messages) {
        if (!stream) {
            return new Answer(List.of(client.call(new Prompt(messages, options.build()))));
        }
        options.streamUsage(true);
        List<ChatResponse> pieces = client.stream(new Prompt(messages, options.build()))
                .collectList()
                .block(Duration.ofSeconds(20));
        return new Answer(pieces == null ? List.of() : pieces);
    }

    private Answer ask(boolean stream, OpenAiChatOptions.Builder options, Message... messages) {
        return ask(stream, options, List.of(messages));
    }

    @Override
    public Said text(String model, String said, boolean stream) throws IOException {
        Answer answer = ask(stream, options(model), new SystemMessage("Be brief."), new UserMessage(said));
        String finish = answer.generations().stream()
                .map(one -> one.getMetadata().getFinishReason())
                .filter(reason -> reason != null && !reason.isEmpty())
                .findFirst()
                .orElseThrow(() -> new IOException(model + " did not come to an end."));
        ChatResponse last = answer.pieces().get(answer.pieces().size() - 1);
        return new Said(
                answer.text(),
                finish,
                last.getMetadata().getUsage().getPromptTokens(),
                last.getMetadata().getUsage().getCompletionTokens());
    }

    @Override
    public Called tools(String model, String said, List<String> tools, Function<Call, String> result, boolean stream) {
        List<ToolCallback> offered = tools.stream().map(SpringAiClient::tool).toList();
        List<Message> messages = new ArrayList<>(List.of(new UserMessage(said)));
        AssistantMessage asks = ask(stream, offering(model, offered), messages).generations().stream()
                .map(Generation::getOutput)
                .filter(AssistantMessage::hasToolCalls)
                .findFirst()
                .orElseThrow();
        messages.add(asks);
        List<Call> calls = new ArrayList<>();
        List<ToolResponseMessage.ToolResponse> results = new ArrayList<>();
        for (AssistantMessage.ToolCall one : asks.getToolCalls()) {
            Call call = new Call(one.name(), one.arguments());
            calls.add(call);
            results.add(new ToolResponseMessage.ToolResponse(one.id(), one.name(), result.apply(call)));
        }
        Collections.reverse(results);
        messages.add(ToolResponseMessage.builder().responses(results).build());
        return new Called(calls, ask(stream, offering(model, offered), messages).text());
    }

    private static OpenAiChatOptions.Builder offering(String model, List<ToolCallback> tools) {
        OpenAiChatOptions.Builder options = options(model);
        options.toolCallbacks(tools);
        return options;
    }

    /** Only its description is used: the calls are answered by hand. */
    private static ToolCallback tool(String name) {
        return FunctionToolCallback.<String, String>builder(name, said -> said)
                .description(name)
                .inputSchema(SCHEMA)
                .inputType(String.class)
                .build();
    }

    @Override
    public String picture(String model, String said, String picture, boolean stream) {
        Media image = Media.builder()
                .mimeType(MimeTypeUtils.IMAGE_PNG)
                .data(Base64.getDecoder().decode(picture))
                .build();
        UserMessage message = UserMessage.builder().text(said).media(image).build();
        return ask(stream, options(model), message).text();
    }

    @Override
    public String shaped(String model, String said, boolean stream) {
        OpenAiChatOptions.Builder options = options(model);
        options.outputSchema(SCHEMA);
        return ask(stream, options, new UserMessage(said)).text();
    }

    @Override
    public void leave(String model, String said) {
        Prompt asked = new Prompt(new UserMessage(said), options(model).build());
        client.stream(asked).blockFirst(Duration.ofSeconds(20));
    }

    /** A stream's failure comes wrapped. */
    private static Throwable failure(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    @Override
    public String kind(Throwable thrown) {
        return failure(thrown).getClass().getSimpleName();
    }

    @Override
    public String retryAfter(Throwable thrown) {
        OpenAIServiceException failure = (OpenAIServiceException) failure(thrown);
        return String.join("", failure.headers().values("retry-after"));
    }
}
