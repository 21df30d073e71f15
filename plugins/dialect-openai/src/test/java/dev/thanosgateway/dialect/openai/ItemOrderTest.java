package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events in the order of a response's items, whatever order their upstream has. */
class ItemOrderTest {
    private final List<String> told = new ArrayList<>();
    private final ItemOrder order = new ItemOrder(event -> told.add(shown(event)));

    private static String shown(ChatEvent event) {
        return switch (event) {
            case ChatEvent.ToolCallStart e -> "start " + e.index();
            case ChatEvent.CustomCallStart e -> "custom " + e.index();
            case ChatEvent.ToolCallDelta e -> e.index() + " " + e.arguments();
            case ChatEvent.CustomCallDelta e -> e.index() + " " + e.input();
            case ChatEvent.TextDelta e -> e.text();
            default -> "finish";
        };
    }

    private void start(int index) {
        order.event(new ChatEvent.ToolCallStart(0, index, "c" + index, "f"));
    }

    private void piece(int index, String arguments) {
        order.event(new ChatEvent.ToolCallDelta(0, index, arguments));
    }

    private void finish() {
        order.event(new ChatEvent.ChoiceFinished(0, FinishReason.TOOL_CALLS, null));
    }

    @Test
    void callsOneAfterTheOtherPassAtOnce() {
        start(0);
        piece(0, "{\"a\":");
        piece(0, "\"}\"}");
        start(1);
        piece(1, "{}");
        order.event(new ChatEvent.TextDelta(0, "done"));

        assertThat(told).containsExactly("start 0", "0 {\"a\":", "0 \"}\"}", "start 1", "1 {}", "done");
        assertThat(order.bytes()).isZero();
    }

    @Test
    void whatFollowsACallThatIsNotWholeWaitsForItsEnd() {
        start(0);
        start(1);
        piece(0, "{\"a\"");
        piece(1, "{");
        order.event(new ChatEvent.TextDelta(0, "text"));
        piece(1, "}");
        assertThat(told).containsExactly("start 0", "0 {\"a\"");
        assertThat(order.bytes()).isPositive();
        piece(0, ":1}");
        assertThat(told).containsExactly("start 0", "0 {\"a\"", "0 :1}", "start 1", "1 {}", "text");
        assertThat(order.bytes()).isZero();
        finish();
        assertThat(told).endsWith("finish");
    }

    @Test
    void theEndOfTheAnswerEndsAllWaiting() {
        start(0);
        start(1);
        start(2);
        piece(2, "{\"c\"");
        piece(1, "");
        finish();

        assertThat(told).containsExactly("start 0", "start 1", "1 ", "start 2", "2 {\"c\"", "finish");
        assertThat(order.bytes()).isZero();
    }

    @Test
    void aCustomToolsTextDoesNotShowItsEnd() {
        order.event(new ChatEvent.CustomCallStart(0, 0, "c0", "t"));
        order.event(new ChatEvent.CustomCallDelta(0, 0, "{}"));
        order.event(new ChatEvent.TextDelta(0, "text"));
        order.event(new ChatEvent.CustomCallDelta(0, 0, "more"));
        finish();

        assertThat(told).containsExactly("custom 0", "0 {}", "0 more", "text", "finish");
    }
}
