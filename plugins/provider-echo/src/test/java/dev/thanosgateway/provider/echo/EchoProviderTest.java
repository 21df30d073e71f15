package dev.thanosgateway.provider.echo;

import static dev.thanosgateway.provider.echo.Asking.answer;
import static dev.thanosgateway.provider.echo.Asking.events;
import static dev.thanosgateway.provider.echo.Asking.paced;
import static dev.thanosgateway.provider.echo.Asking.request;
import static dev.thanosgateway.provider.echo.Asking.result;
import static dev.thanosgateway.provider.echo.Asking.saying;
import static dev.thanosgateway.provider.echo.Asking.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.Model;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoProviderTest {
    @Test
    void itListsOneModel() {
        assertThat(new EchoProvider().models().models()).extracting(Model::id).containsExactly("echo");
    }

    @Test
    void anotherModelIsNotFound() {
        ChatRequest other =
                ChatRequest.builder("gpt-4o").content(saying("hi").build()).build();
        assertThatThrownBy(() -> new EchoProvider().open(other))
                .isInstanceOf(GatewayException.class)
                .extracting("kind")
                .isEqualTo(ErrorKind.MODEL_NOT_FOUND);
    }

    @Test
    void theLastUserMessageComesBackWordByWord() throws Exception {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.SYSTEM, "Be brief."),
                        Message.text(Role.USER, "first"),
                        Message.text(Role.ASSISTANT, "first"),
                        Message.text(Role.USER, "  Hello,  big\n\nworld ")));
        assertThat(words(content)).containsExactly("  Hello,  ", "big\n\n", "world ");
        ChatResponse answer = answer(content);
        assertThat(answer.model()).isEqualTo("echo");
        assertThat(answer.choices())
                .singleElement()
                .satisfies(c -> assertThat(c.reason()).isEqualTo(FinishReason.STOP));
    }

    @Test
    void theSameRequestGetsTheSameAnswer() throws Exception {
        assertThat(events(request(saying("again and again")))).isEqualTo(events(request(saying("again and again"))));
    }

    @Test
    void anEmptyMessageGetsAProperEmptyAnswer() throws Exception {
        ChatResponse answer = answer(saying(""));
        assertThat(answer.choices().get(0).parts()).isEmpty();
        assertThat(answer.choices().get(0).reason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.usage()).isEqualTo(Usage.of(0, 0));
    }

    @Test
    void anyTextComesBackWholeAndNoPieceSplitsACharacter() throws Exception {
        Random random = new Random(42);
        int[] alphabet = {'a', ' ', '\n', 0x1F600, 0x1F468, 0x200D, 0xE9, 0x3042, 0x2003, 0x10FFFF, '"', '\\'};
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            assertComesBack(text.toString());
        }
        assertComesBack("x" + "\uD83D\uDE00".repeat(3 * Words.LIMIT));
        assertComesBack(" ".repeat(3 * Words.LIMIT) + "end");
    }

    private static void assertComesBack(String text) throws Exception {
        List<String> words = words(saying(text));
        assertThat(String.join("", words)).isEqualTo(text);
        assertThat(words).allSatisfy(word -> {
            assertThat(word.length()).isBetween(1, Words.LIMIT);
            assertThat(Character.isLowSurrogate(word.charAt(0))).isFalse();
            assertThat(Character.isHighSurrogate(word.charAt(word.length() - 1)))
                    .isFalse();
        });
    }

    @Test
    void aTokenIsAWordOnBothSides() throws Exception {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(Message.text(Role.SYSTEM, "Be brief."), Message.text(Role.USER, "one two three")));
        assertThat(answer(content).usage()).isEqualTo(Usage.of(5, 3));
        assertThat(answer(content.choices(2)).usage()).isEqualTo(Usage.of(5, 6));
    }

    @Test
    void aTokenLimitCutsAfterThatManyWords() throws Exception {
        ChatResponse cut = answer(saying("one two three").maxOutputTokens(2L));
        assertThat(cut.choices().get(0).text()).isEqualTo("one two ");
        assertThat(cut.choices().get(0).reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(cut.usage()).isEqualTo(Usage.of(3, 2));
        ChatResponse whole = answer(saying("one two three").maxOutputTokens(3L));
        assertThat(whole.choices().get(0).reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void theFirstStopSequenceInTheTextEndsIt() throws Exception {
        ChatResponse answer = answer(saying("one two three four").stop(List.of("", "four", "thr", "three")));
        assertThat(answer.choices().get(0).text()).isEqualTo("one two ");
        assertThat(answer.choices().get(0).stopSequence()).isEqualTo("thr");
        assertThat(answer.choices().get(0).reason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aCutAnswerMetNoStopSequence() throws Exception {
        ChatResponse answer =
                answer(saying("one two three four").stop(List.of("four")).maxOutputTokens(1L));
        assertThat(answer.choices().get(0).reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.choices().get(0).stopSequence()).isNull();
    }

    @Test
    void severalChoicesSayTheSameAWordOfEachInTurn() throws Exception {
        List<ChatEvent> events = events(request(saying("a b").choices(2)));
        assertThat(events.subList(1, 5))
                .containsExactly(
                        new ChatEvent.TextDelta(0, "a "),
                        new ChatEvent.TextDelta(1, "a "),
                        new ChatEvent.TextDelta(0, "b"),
                        new ChatEvent.TextDelta(1, "b"));
        assertThat(answer(saying("a b").choices(2)).choices()).hasSize(2);
    }

    @Test
    void limitsThatCannotBeAreTheCallersFault() {
        assertInvalid(request(saying("hi").choices(0)), "n");
        assertInvalid(request(saying("hi").choices(129)), "n");
        assertInvalid(request(saying("hi").maxOutputTokens(0L)), "max_tokens");
    }

    @Test
    void aToolsResultIsEchoed() throws Exception {
        ChatContent.Builder content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "call get_weather"), result("rain and wind")))
                .tools(List.of(Asking.WEATHER));
        assertThat(answer(content).choices().get(0).text()).isEqualTo("rain and wind");
    }

    @Test
    void jsonIsGivenWhereItIsAskedFor() throws Exception {
        ChatResponse object = answer(saying("say \"hi\"").responseFormat(new ResponseFormat.JsonObject()));
        assertThat(object.choices().get(0).text()).isEqualTo("{\"text\":\"say \\\"hi\\\"\"}");
        Json schema =
                new Json("{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"}},\"required\":[\"ok\"]}");
        ChatResponse formed =
                answer(saying("hi").responseFormat(new ResponseFormat.JsonSchema("check", null, schema, true)));
        assertThat(formed.choices().get(0).text()).isEqualTo("{\"ok\":true}");
    }

    @Test
    void aDelayPacesTheWords() throws Exception {
        long start = System.nanoTime();
        assertThat(events(paced("{\"delay_ms\":30}"))).hasSize(6);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
    }

    @Test
    void anInterruptEndsAPacedAnswerAtOnce() throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        CompletableFuture<String> firstWord = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (ChatStream stream = new EchoProvider().open(paced("{\"delay_ms\":60000}"))) {
                stream.next();
                firstWord.complete(stream.next().toString());
                stream.next();
                ended.complete("answered");
            } catch (InterruptedException e) {
                ended.complete("interrupted");
            } catch (GatewayException e) {
                ended.completeExceptionally(e);
            }
        });
        firstWord.join();
        reader.interrupt();
        assertThat(ended).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("interrupted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "60001", "1.5", "\"50\"", "true", "1e99", "null"})
    void aDelayThatCannotBeIsNamed(String delay) {
        assertInvalid(paced("{\"delay_ms\":" + delay + "}"), "echo.delay_ms");
    }

    @Test
    void anExtensionThatCannotBeIsNamed() {
        assertInvalid(paced("50"), "echo");
        assertInvalid(paced("{"), "echo");
        assertInvalid(paced("{} {}"), "echo");
        assertInvalid(paced("{\"delay\":1}"), "echo.delay");
    }

    static void assertInvalid(ChatRequest request, @Nullable String parameter) {
        assertThatThrownBy(() -> new EchoProvider().open(request)).isInstanceOfSatisfying(GatewayException.class, e -> {
            assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
            assertThat(e.parameter()).isEqualTo(parameter);
        });
    }
}
