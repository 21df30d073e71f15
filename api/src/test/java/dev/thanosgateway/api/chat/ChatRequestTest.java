package dev.thanosgateway.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChatRequestTest {
    private static final ChatContent EMPTY = ChatContent.builder().build();

    private final AtomicInteger reads = new AtomicInteger();

    private ChatRequest reading(ChatRequest.Reader reader) {
        return ChatRequest.builder("m")
                .content(() -> {
                    reads.incrementAndGet();
                    return reader.read();
                })
                .build();
    }

    @Test
    void contentIsNotReadBeforeSomeoneAsks() {
        ChatRequest request = reading(() -> EMPTY);
        assertThat(request.withModel("other").model()).isEqualTo("other");
        assertThat(reads).hasValue(0);
    }

    @Test
    void contentIsReadOnceForAllCopies() throws Exception {
        ChatRequest request = reading(() -> EMPTY);
        assertThat(request.withModel("other").content()).isSameAs(EMPTY);
        assertThat(request.content()).isSameAs(EMPTY);
        assertThat(reads).hasValue(1);
    }

    @Test
    void contentThatCannotBeReadFailsAlikeEachTime() {
        ChatRequest request = reading(() -> {
            throw new GatewayException(ErrorKind.INVALID_REQUEST, "messages must be a list.").withParameter("messages");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(request::content).hasMessage("messages must be a list.");
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void aReaderThatBreaksIsNotAskedAgain() {
        ChatRequest request = reading(() -> {
            throw new IllegalArgumentException("broken");
        });
        assertThatThrownBy(request::content).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(request::content).isInstanceOf(IllegalStateException.class);
        assertThat(reads).hasValue(1);
    }

    @Test
    void contentIsReadOnceWhenManyAskAtOnce() throws Exception {
        int threads = 16;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 200; round++) {
                reads.set(0);
                CountDownLatch together = new CountDownLatch(threads);
                ChatRequest request = reading(() -> ChatContent.builder().build());
                Callable<ChatContent> ask = () -> {
                    together.countDown();
                    together.await();
                    return request.content();
                };
                List<Future<ChatContent>> answers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    answers.add(pool.submit(ask));
                }
                ChatContent first = answers.get(0).get();
                for (Future<ChatContent> answer : answers) {
                    assertThat(answer.get()).isSameAs(first);
                }
                assertThat(reads).hasValue(1);
            }
        }
    }

    @Test
    void aRequestWithoutContentCannotBeBuilt() {
        assertThatThrownBy(() -> ChatRequest.builder("m").build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRequestDoesNotChangeWithWhatItWasBuiltFrom() throws Exception {
        List<String> fallbacks = new ArrayList<>(List.of("a/b"));
        Map<String, Json> extensions = new HashMap<>(Map.of("tags", Json.NULL));
        List<Message> messages = new ArrayList<>(List.of(Message.text(Role.USER, "hi")));
        ChatContent.Builder content = ChatContent.builder().messages(messages).choices(2);
        ChatRequest request = ChatRequest.builder("m")
                .fallbacks(fallbacks)
                .extensions(extensions)
                .content(content.build())
                .build();
        fallbacks.clear();
        extensions.clear();
        messages.clear();
        content.choices(3);
        assertThat(request.fallbacks()).containsExactly("a/b");
        assertThat(request.extensions()).containsOnlyKeys("tags");
        assertThat(request.content().messages()).hasSize(1);
        assertThat(request.content().choices()).isEqualTo(2);
        assertThatThrownBy(() -> request.fallbacks().add("c")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void recordsCopyTheirCollections() {
        List<Json> jsons = new ArrayList<>(List.of(Json.NULL));
        List<Part> parts = new ArrayList<>(List.of(new Part.Text("x")));
        Map<String, Json> hints = new HashMap<>(Map.of("h", Json.NULL));
        ChatEvent.Logprobs logprobs = new ChatEvent.Logprobs(0, jsons, jsons);
        Part.Text text = new Part.Text("x", hints);
        Part.ToolResult result = new Part.ToolResult("c", parts, false, hints);
        Message message = Message.of(Role.USER, parts).withHints(hints);
        Tool tool = Tool.function("t", null, null).withHints(hints);
        ChatResponse.Choice choice = new ChatResponse.Choice(0, parts, FinishReason.STOP, null, jsons, logprobs, hints);
        List<ChatResponse.Choice> choices = new ArrayList<>(List.of(choice));
        ChatResponse response = new ChatResponse(null, null, 0, choices, null, hints);
        jsons.clear();
        parts.clear();
        hints.clear();
        choices.clear();
        assertThat(logprobs.content()).hasSize(1);
        assertThat(logprobs.refusal()).hasSize(1);
        assertThat(List.of(text.hints(), result.hints(), message.hints(), tool.hints(), choice.extensions()))
                .allMatch(m -> m.size() == 1);
        assertThat(List.of(result.content(), message.parts(), choice.parts())).allMatch(l -> l.size() == 1);
        assertThat(choice.citations()).hasSize(1);
        assertThat(response.choices()).hasSize(1);
        assertThat(response.extensions()).hasSize(1);
    }

    @Test
    void usageAddsUpWhatIsKnown() {
        assertThat(Usage.of(3, 4).totalTokens()).isEqualTo(7);
        assertThat(Usage.of(3, -1).totalTokens()).isEqualTo(3);
        assertThat(Usage.of(3, 4).withTotal(9).totalTokens()).isEqualTo(9);
        assertThat(Usage.of(3, 4).withTotal(7)).isEqualTo(Usage.of(3, 4));
        assertThat(Usage.of(3, 4).withReasoning(2)).isNotEqualTo(Usage.of(3, 4));
    }
}
