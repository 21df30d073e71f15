package dev.thanosgateway.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent.ChoiceFinished;
import dev.thanosgateway.api.chat.ChatEvent.Extension;
import dev.thanosgateway.api.chat.ChatEvent.Finished;
import dev.thanosgateway.api.chat.ChatEvent.Heartbeat;
import dev.thanosgateway.api.chat.ChatEvent.Started;
import dev.thanosgateway.api.chat.ChatEvent.TextDelta;
import dev.thanosgateway.api.chat.ChatEvent.ToolCallDelta;
import dev.thanosgateway.api.chat.ChatEvent.ToolCallStart;
import dev.thanosgateway.api.chat.ChatEvent.UsageSoFar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The grammar of an answer, one rule a test. In each, the last event is the one that may not come. */
class ChatGrammarTest {
    private static final Started STARTED = new Started("id", "model", 0);
    private static final Finished FINISHED = new Finished(null);
    private static final int LIMIT = 4096;

    private static TextDelta text(int choice) {
        return new TextDelta(choice, "x");
    }

    private static ChoiceFinished stop(int choice) {
        return new ChoiceFinished(choice, FinishReason.STOP, null);
    }

    private static ToolCallStart call(int choice, int index) {
        return new ToolCallStart(choice, index, "id", "name");
    }

    private static void assertAllowed(ChatEvent... events) {
        assertThatCode(() -> checkAll(List.of(events))).doesNotThrowAnyException();
    }

    private static void assertLastRefused(ChatEvent... events) {
        assertAllowed(List.of(events).subList(0, events.length - 1).toArray(new ChatEvent[0]));
        assertThatThrownBy(() -> checkAll(List.of(events)))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining(events[events.length - 1].getClass().getSimpleName())
                .extracting("kind")
                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    private static ChatGrammar checkAll(List<ChatEvent> events) throws GatewayException {
        ChatGrammar grammar = new ChatGrammar();
        for (ChatEvent event : events) {
            grammar.check(event);
        }
        return grammar;
    }

    @Test
    void rule01_nothingComesBeforeStarted() {
        assertLastRefused(text(0));
        assertLastRefused(new Heartbeat());
        assertLastRefused(stop(0));
        assertLastRefused(FINISHED);
    }

    @Test
    void rule02_startedComesOnce() {
        assertLastRefused(STARTED, STARTED);
    }

    @Test
    void rule03_nothingComesAfterFinished() {
        assertLastRefused(STARTED, stop(0), FINISHED, FINISHED);
        assertLastRefused(STARTED, stop(0), FINISHED, new Heartbeat());
        assertLastRefused(STARTED, stop(0), FINISHED, STARTED);
    }

    @Test
    void rule04_finishedNeedsAChoice() {
        assertLastRefused(STARTED, FINISHED);
        assertAllowed(STARTED, stop(0), FINISHED);
    }

    @Test
    void rule05_finishedNeedsEveryChoiceThatBeganToBeFinished() {
        assertLastRefused(STARTED, text(0), text(1), stop(1), FINISHED);
        assertAllowed(STARTED, text(0), text(1), stop(1), stop(0), FINISHED);
    }

    @Test
    void rule06_nothingFollowsAChoicesFinishForThatChoice() {
        assertLastRefused(STARTED, stop(0), text(0));
        assertLastRefused(STARTED, stop(0), stop(0));
        assertLastRefused(STARTED, stop(0), new Extension(0, "d", "n", Json.NULL));
        assertAllowed(STARTED, stop(0), text(1), stop(1), FINISHED);
    }

    @Test
    void rule07_aToolCallStartsOnceInItsChoice() {
        assertLastRefused(STARTED, call(0, 0), call(0, 0));
        assertAllowed(STARTED, call(0, 0), call(0, 1), call(1, 0), stop(0), stop(1), FINISHED);
    }

    @Test
    void rule08_aToolCallsArgumentsFollowItsStart() {
        assertLastRefused(STARTED, new ToolCallDelta(0, 0, "{"));
        assertLastRefused(STARTED, call(0, 0), new ToolCallDelta(0, 1, "{"));
        assertLastRefused(STARTED, call(0, 0), new ToolCallDelta(1, 0, "{"));
        assertAllowed(STARTED, call(0, 1), call(0, 0), new ToolCallDelta(0, 1, "{"), new ToolCallDelta(0, 0, "}"));
    }

    @Test
    void rule09_indexesAreBounded() {
        assertLastRefused(STARTED, text(LIMIT));
        assertLastRefused(STARTED, call(0, LIMIT));
        assertLastRefused(STARTED, call(0, -1));
        assertLastRefused(STARTED, new ToolCallDelta(0, -1, "{"));
        assertAllowed(STARTED, text(LIMIT - 1), call(LIMIT - 1, LIMIT - 1));
    }

    @Test
    void rule10_onlyWhatIsAboutTheWholeAnswerHasNoChoice() {
        assertLastRefused(STARTED, text(-1));
        assertLastRefused(STARTED, stop(-1));
        assertLastRefused(STARTED, new Extension(-2, "d", "n", Json.NULL));
        assertAllowed(STARTED, new Extension(-1, "d", "n", Json.NULL));
    }

    @Test
    void rule11_signsOfLifeAndUsageComeAnywhereInBetween() {
        UsageSoFar usage = new UsageSoFar(Usage.of(1, 1));
        assertAllowed(STARTED, usage, new Heartbeat(), text(0), usage, stop(0), new Heartbeat(), usage, FINISHED);
    }

    @Test
    void rule12_anAnswerIsCompleteWhenAllThatBeganIsFinished() throws Exception {
        assertThat(checkAll(List.of(STARTED)).complete()).isFalse();
        assertThat(checkAll(List.of(STARTED, text(0))).complete()).isFalse();
        assertThat(checkAll(List.of(STARTED, text(0), stop(0))).complete()).isTrue();
        assertThat(checkAll(List.of(STARTED, stop(0), text(1))).complete()).isFalse();
        assertThat(checkAll(List.of(STARTED, stop(0), FINISHED)).complete()).isTrue();
    }
}
