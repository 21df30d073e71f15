package dev.thanosgateway.strategy.leastbusy;

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

final class LeastBusyStrategyTest {
    private static final ChatRequest REQUEST = ChatRequest.builder("auto")
            .content(ChatContent.builder()
                    .messages(List.of(Message.text(Role.USER, "hi")))
                    .build())
            .build();

    private static Candidate candidate(String id, int inFlight) {
        return Candidate.of(id, "t").withModel("m").withInFlight(inFlight);
    }

    private static Plan plan(Candidate... candidates) {
        return new LeastBusyStrategy().plan(REQUEST, Snapshot.of(Arrays.asList(candidates), Map.of()));
    }

    private static List<String> order(Plan plan) {
        return plan.targets().stream().map(Target::provider).toList();
    }

    @Test
    void whoHasTheFewestCallsIsFirstAndEqualsStayInOrder() {
        assertThat(order(plan(candidate("a", 3), candidate("b", 1), candidate("c", 2), candidate("d", 1))))
                .containsExactly("b", "d", "c", "a");
    }

    @Test
    void oneThatFailsAtOnceIsNotTakenForIdle() {
        assertThat(order(plan(candidate("a", 0).withFailures(2), candidate("b", 40))))
                .containsExactly("b", "a");
    }

    @Test
    void whoIsSetAsideIsLeftOutWithItsReason() {
        Plan plan = plan(candidate("a", 0).withUnavailable("its breaker is open"), candidate("b", 9));
        assertThat(order(plan)).containsExactly("b");
        assertThat(plan.exclusions()).isEqualTo(Map.of("a", "its breaker is open"));
    }
}
