package dev.thanosgateway.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent.ChoiceFinished;
import dev.thanosgateway.api.chat.ChatEvent.Citation;
import dev.thanosgateway.api.chat.ChatEvent.Extension;
import dev.thanosgateway.api.chat.ChatEvent.Finished;
import dev.thanosgateway.api.chat.ChatEvent.Heartbeat;
import dev.thanosgateway.api.chat.ChatEvent.Logprobs;
import dev.thanosgateway.api.chat.ChatEvent.Media;
import dev.thanosgateway.api.chat.ChatEvent.ReasoningDelta;
import dev.thanosgateway.api.chat.ChatEvent.ReasoningSignature;
import dev.thanosgateway.api.chat.ChatEvent.RedactedReasoning;
import dev.thanosgateway.api.chat.ChatEvent.RefusalDelta;
import dev.thanosgateway.api.chat.ChatEvent.Started;
import dev.thanosgateway.api.chat.ChatEvent.TextDelta;
import dev.thanosgateway.api.chat.ChatEvent.ToolCallDelta;
import dev.thanosgateway.api.chat.ChatEvent.ToolCallStart;
import dev.thanosgateway.api.chat.ChatEvent.UsageSoFar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatFoldTest {
    private static final ChoiceFinished STOP = new ChoiceFinished(0, FinishReason.STOP, null);

    private static ChatResponse fold(ChatEvent... between) throws GatewayException {
        List<ChatEvent> events = new ArrayList<>();
        events.add(new Started("id-1", "model-1", 1_700_000_000));
        events.addAll(List.of(between));
        events.add(new Finished(Usage.of(3, 4)));
        ChatFold fold = new ChatFold();
        for (ChatEvent event : events) {
            assertThat(fold.done()).isFalse();
            fold.add(event);
        }
        assertThat(fold.done()).isTrue();
        return fold.response();
    }

    private static List<Part> parts(ChatEvent... between) throws GatewayException {
        return fold(between).choices().get(0).parts();
    }

    @Test
    void theHeadAndTheUsageAreTheAnswers() throws Exception {
        ChatResponse answer = fold(STOP);
        assertThat(answer.id()).isEqualTo("id-1");
        assertThat(answer.model()).isEqualTo("model-1");
        assertThat(answer.created()).isEqualTo(1_700_000_000);
        assertThat(answer.usage()).isEqualTo(Usage.of(3, 4));
    }

    @Test
    void anEmptyAnswerHasAChoiceWithoutParts() throws Exception {
        ChatResponse.Choice choice = fold(STOP).choices().get(0);
        assertThat(choice.parts()).isEmpty();
        assertThat(choice.text()).isEmpty();
        assertThat(choice.reason()).isEqualTo(FinishReason.STOP);
        assertThat(choice.logprobs()).isNull();
        assertThat(parts(new TextDelta(0, ""), new RefusalDelta(0, ""), new ReasoningDelta(0, ""), STOP))
                .isEmpty();
    }

    @Test
    void deltasOfOneKindInARowAreOnePart() throws Exception {
        assertThat(parts(
                        new TextDelta(0, "Hel"),
                        new Heartbeat(),
                        new TextDelta(0, "lo"),
                        new UsageSoFar(Usage.of(1, 1)),
                        new TextDelta(0, "!"),
                        STOP))
                .containsExactly(new Part.Text("Hello!"));
    }

    @Test
    void choicesThatInterleaveAreKeptApartAndInOrder() throws Exception {
        ChatResponse answer = fold(
                new TextDelta(1, "b"),
                new TextDelta(0, "a"),
                new TextDelta(1, "B"),
                new ChoiceFinished(1, FinishReason.LENGTH, null),
                new TextDelta(0, "A"),
                new ChoiceFinished(0, FinishReason.STOP, "END"));
        assertThat(answer.choices()).extracting(ChatResponse.Choice::index).containsExactly(0, 1);
        assertThat(answer.choices()).extracting(ChatResponse.Choice::text).containsExactly("aA", "bB");
        assertThat(answer.choices())
                .extracting(ChatResponse.Choice::reason)
                .containsExactly(FinishReason.STOP, FinishReason.LENGTH);
        assertThat(answer.choices())
                .extracting(ChatResponse.Choice::stopSequence)
                .containsExactly("END", null);
    }

    @Test
    void reasoningKeepsItsSignatureAndItsPlace() throws Exception {
        assertThat(parts(
                        new ReasoningDelta(0, "hm"),
                        new ReasoningDelta(0, "m"),
                        new ReasoningSignature(0, "sig"),
                        new ReasoningSignature(0, "nature"),
                        new RedactedReasoning(0, "opaque"),
                        new TextDelta(0, "Yes."),
                        STOP))
                .containsExactly(
                        new Part.Reasoning("hmm", "signature", Map.of()),
                        new Part.RedactedReasoning("opaque", Map.of()),
                        new Part.Text("Yes."));
    }

    @Test
    void reasoningAfterASignatureIsAnotherPart() throws Exception {
        assertThat(parts(
                        new ReasoningDelta(0, "one"),
                        new ReasoningSignature(0, "s1"),
                        new ReasoningDelta(0, "two"),
                        new ReasoningSignature(0, "s2"),
                        STOP))
                .containsExactly(new Part.Reasoning("one", "s1", Map.of()), new Part.Reasoning("two", "s2", Map.of()));
    }

    @Test
    void aSignatureWithoutTextIsKept() throws Exception {
        assertThat(parts(new ReasoningSignature(0, "s"), new TextDelta(0, "x"), STOP))
                .containsExactly(new Part.Reasoning("", "s", Map.of()), new Part.Text("x"));
    }

    @Test
    void toolCallsStandWhereTheyStartedWhateverOrderTheirArgumentsComeIn() throws Exception {
        assertThat(parts(
                        new TextDelta(0, "Let me look."),
                        new ToolCallStart(0, 1, "c1", "first"),
                        new ToolCallStart(0, 0, "c0", "second"),
                        new ToolCallDelta(0, 0, "{\"a\""),
                        new ToolCallDelta(0, 1, "{"),
                        new ToolCallDelta(0, 0, ":1}"),
                        new ToolCallDelta(0, 1, "}"),
                        new ChoiceFinished(0, FinishReason.TOOL_CALLS, null)))
                .containsExactly(
                        new Part.Text("Let me look."),
                        new Part.ToolCall("c1", "first", "{}", Map.of()),
                        new Part.ToolCall("c0", "second", "{\"a\":1}", Map.of()));
    }

    @Test
    void aRefusalAndMediaAreParts() throws Exception {
        Part.Source.Data image = new Part.Source.Data("image/png", "AAAA");
        assertThat(parts(new Media(0, image), new RefusalDelta(0, "I "), new RefusalDelta(0, "won't."), STOP))
                .containsExactly(new Part.Image(image, null, Map.of()), new Part.Refusal("I won't.", Map.of()));
    }

    @Test
    void citationsAndLogprobsAddUpWithoutBreakingTheText() throws Exception {
        Json a = new Json("{\"token\":\"a\"}");
        Json b = new Json("{\"token\":\"b\"}");
        ChatResponse.Choice choice = fold(
                        new TextDelta(0, "a"),
                        new Logprobs(0, List.of(a), List.of()),
                        new Citation(0, "d", new Json("1")),
                        new TextDelta(0, "b"),
                        new Logprobs(0, List.of(b), List.of(a)),
                        new Citation(0, "d", new Json("2")),
                        STOP)
                .choices()
                .get(0);
        assertThat(choice.parts()).containsExactly(new Part.Text("ab"));
        assertThat(choice.citations()).containsExactly(new Json("1"), new Json("2"));
        assertThat(choice.logprobs()).isEqualTo(new Logprobs(0, List.of(a, b), List.of(a)));
    }

    @Test
    void extensionsAreOfTheirChoiceOrOfTheWhole() throws Exception {
        ChatResponse answer = fold(
                new Extension(-1, "d", "service_tier", new Json("\"x\"")),
                new Extension(0, "d", "safety", new Json("[]")),
                STOP);
        assertThat(answer.extensions()).isEqualTo(Map.of("service_tier", new Json("\"x\"")));
        assertThat(answer.choices().get(0).extensions()).isEqualTo(Map.of("safety", new Json("[]")));
    }

    @Test
    void anAnswerThatIsNotFinishedIsNone() throws Exception {
        ChatFold fold = new ChatFold();
        fold.add(new Started(null, null, 0));
        fold.add(new TextDelta(0, "half"));
        fold.add(STOP);
        assertThat(fold.done()).isFalse();
        assertThatThrownBy(fold::response).extracting("kind").isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    @Test
    void theGrammarIsChecked() {
        assertThatThrownBy(() -> new ChatFold().add(STOP)).extracting("kind").isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }
}
