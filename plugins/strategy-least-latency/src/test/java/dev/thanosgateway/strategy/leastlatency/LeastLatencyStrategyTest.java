package dev.thanosgateway.strategy.leastlatency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LeastLatencyStrategyTest {
    private static final ChatRequest REQUEST = ChatRequest.builder("auto")
            .content(ChatContent.builder()
                    .messages(List.of(Message.text(Role.USER, "hi")))
                    .build())
            .build();

    private final LeastLatencyStrategy strategy = new LeastLatencyStrategy();

    private static Candidate candidate(String id, long millis) {
        return Candidate.of(id, "t").withModel("m").withFirstEventMillis(millis);
    }

    private List<String> order(Candidate... candidates) {
        Plan plan = strategy.plan(REQUEST, Snapshot.of(Arrays.asList(candidates), Map.of()));
        return plan.targets().stream().map(Target::provider).toList();
    }

    @Test
    void whoAnswersSoonestIsFirst() {
        assertThat(order(candidate("a", 300), candidate("b", 20), candidate("c", 100)))
                .containsExactly("b", "c", "a");
    }

    @Test
    void whoIsNotKnownYetIsTriedAndWhoJustFailedIsLast() {
        assertThat(order(
                        candidate("a", 20), candidate("b", 0), candidate("c", 0).withFailures(1)))
                .containsExactly("b", "a", "c");
    }

    @Test
    void whoIsNotKnownYetIsTriedByOneAndNotByAll() {
        assertThat(order(candidate("a", 0).withInFlight(1), candidate("b", 900), candidate("c", 0)))
                .containsExactly("c", "b", "a");
        // At the beginning nobody is known.
        assertThat(order(candidate("a", 0).withInFlight(2), candidate("b", 0).withInFlight(1)))
                .containsExactly("b", "a");
    }

    @Test
    void betweenEqualsTheLessBusyIsFirst() {
        assertThat(order(candidate("a", 7).withInFlight(2), candidate("b", 7).withInFlight(1)))
                .containsExactly("b", "a");
    }

    @Test
    void othersAreTriedNowAndThenTheSlowerTheLessOften() {
        int[] asked = new int[3];
        for (int i = 0; i < 16 * 600; i++) {
            String first = order(candidate("a", 10), candidate("b", 10_000), candidate("c", 30))
                    .get(0);
            asked["abc".indexOf(first)]++;
        }
        // Of 600 turns each other one has 300, of which it takes every 16th or third.
        assertThat(asked[1]).isEqualTo(19);
        assertThat(asked[2]).isEqualTo(100);
    }
}
