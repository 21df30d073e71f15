package dev.thanosgateway.provider.omen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The deviations that the cassettes do not show. */
class OmenRequestTest {
    private static final List<Tool> ONE = List.of(Tool.function("f", null, null));
    private static final List<Tool> TWO = List.of(ONE.get(0), Tool.function("g", null, null));

    private static ChatContent.Builder hi() {
        return ChatContent.builder().messages(List.of(Message.text(Role.USER, "hi")));
    }

    private static HttpCall call(ChatContent.Builder content, Map<String, Json> extensions) throws GatewayException {
        ChatRequest request = ChatRequest.builder("m")
                .extensions(extensions)
                .content(content.build())
                .build();
        return new OmenProvider().chat(request).call();
    }

    private static String body(ChatContent.Builder content) throws GatewayException {
        return StandardCharsets.UTF_8.decode(call(content, Map.of()).body()).toString();
    }

    @Test
    void aToolChoiceIsNeverAWord() throws GatewayException {
        assertThat(body(hi().tools(TWO).toolChoice(new ToolChoice.Auto())))
                .contains("\"tools\"")
                .doesNotContain("tool_choice");
        assertThat(body(hi().tools(TWO).toolChoice(new ToolChoice.None()))).doesNotContain("tool");
        assertThat(body(hi().tools(ONE).toolChoice(new ToolChoice.Required())))
                .contains("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        refused("tool_choice", hi().tools(TWO).toolChoice(new ToolChoice.Required()));
    }

    @Test
    void aCustomToolIsAFunction() throws GatewayException {
        assertThat(body(hi().tools(List.of(Tool.custom("c", "d", null)))))
                .contains("\"type\":\"function\"", "\"required\":[\"input\"]")
                .doesNotContain("\"custom\"");
    }

    @Test
    void whatIsNeededAndCannotBeSaidIsRefusedByName() {
        refused("n", hi().choices(2));
        refused("logprobs", hi().topLogprobs(0));
        refused("response_format", hi().responseFormat(new ResponseFormat.JsonObject()));
        for (String field : List.of("tools", "tool_choice", "mcp_servers", "modalities", "audio")) {
            refused(field, hi().hints("any", Map.of(field, new Json("[{}]"))));
        }
    }

    private static void refused(String field, ChatContent.Builder content) {
        assertThatThrownBy(() -> call(content, Map.of())).isInstanceOfSatisfying(GatewayException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
            assertThat(e.parameter()).isEqualTo(field);
        });
    }

    @Test
    void hintsItHasNoWordForAreLeftOutAndNamed() throws GatewayException {
        HttpCall call = call(
                hi().sampling(Sampling.builder().seed(1L).topK(2).build())
                        .user("u")
                        .parallelToolCalls(false)
                        .hints("openai", Map.of("store", new Json("true"))),
                Map.of("tags", new Json("[1]")));
        assertThat(StandardCharsets.UTF_8.decode(call.body()).toString())
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(call.dropped()).containsExactly("parallel_tool_calls", "seed", "store", "tags", "top_k", "user");
    }

    @Test
    void aKeyThatIsRefusedWithoutAWordIsAnsweredWithASentence() throws GatewayException {
        Headers none = new Headers() {
            @Override
            public @Nullable String first(String name) {
                return null;
            }

            @Override
            public List<String> all(String name) {
                return List.of();
            }
        };
        GatewayException failure = new OmenProvider()
                .chat(ChatRequest.builder("m").content(hi().build()).build())
                .failure(401, none, ByteBuffer.allocate(0));
        assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_AUTH);
        assertThat(failure.message()).contains("api_key", "auth.master_key");
    }
}
