package dev.thanosgateway.strategy.weighted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class WeightedStrategyTest {
    private static final int REQUESTS = 10_000;
    private static final ChatRequest REQUEST = ChatRequest.builder("auto")
            .content(ChatContent.builder()
                    .messages(List.of(Message.text(Role.USER, "hi")))
                    .build())
            .build();

    private final WeightedStrategy strategy = new WeightedStrategy();

    private static Candidate candidate(String id) {
        return Candidate.of(id, "t").withModel("m");
    }

    /** How often each is at a place of the plan. */
    private Map<String, Integer> at(int place, Snapshot snapshot) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            Plan plan = strategy.plan(REQUEST, snapshot);
            counts.merge(plan.targets().get(place).provider(), 1, Integer::sum);
        }
        return counts;
    }

    private static Snapshot snapshot(Map<String, ?> weights, Candidate... candidates) {
        return Snapshot.of(List.of(candidates), Map.of("weights", weights));
    }

    /** Four standard deviations. */
    private static Offset<Integer> error(double share) {
        return Offset.offset((int) Math.ceil(4 * Math.sqrt(REQUESTS * share * (1 - share))));
    }

    @Test
    void sharesAreMetWithinSamplingError() {
        Map<String, Integer> first =
                at(0, snapshot(Map.of("a", 7L, "b", 2.5, "c", 0.5), candidate("a"), candidate("b"), candidate("c")));
        assertThat(first.get("a")).isCloseTo(7_000, error(0.7));
        assertThat(first.get("b")).isCloseTo(2_500, error(0.25));
        assertThat(first.get("c")).isCloseTo(500, error(0.05));
    }

    @Test
    void theRequestsOfOneThatFailsAreSharedAsTheWeightsSay() {
        Snapshot all =
                snapshot(Map.of("a", 1_000_000L, "b", 3L, "c", 1L), candidate("a"), candidate("b"), candidate("c"));
        Map<String, Integer> second = at(1, all);
        assertThat(second.get("b")).isCloseTo(7_500, error(0.75));
    }

    @Test
    void oneThatIsSetAsideLeavesItsShareToTheOthers() {
        Snapshot all = snapshot(
                Map.of("a", 8L, "b", 1L, "c", 1L),
                candidate("a").withUnavailable("its breaker is open"),
                candidate("b"),
                candidate("c"));
        assertThat(at(0, all).get("b")).isCloseTo(5_000, error(0.5));
        assertThat(strategy.plan(REQUEST, all).exclusions()).isEqualTo(Map.of("a", "its breaker is open"));
    }

    @Test
    void whoHasNoWeightIsLeftOut() {
        Plan plan = strategy.plan(
                REQUEST, snapshot(Map.of("a", 1L, "b", 0L), candidate("a"), candidate("b"), candidate("c")));
        assertThat(plan.targets()).containsExactly(new Target("a", "m"));
        assertThat(plan.exclusions())
                .isEqualTo(Map.of("b", "it has no share in weights", "c", "it has no share in weights"));
    }

    @Test
    void withoutWeightsAllAreAlike() {
        assertThat(at(0, snapshot(Map.of("x", 1L), candidate("a"), candidate("b")))
                        .get("a"))
                .isCloseTo(5_000, error(0.5));
    }

    @Test
    void thePlanSaysTheWeightsItWasDrawnBy() {
        Plan plan = strategy.plan(REQUEST, snapshot(Map.of("a", 70L, "b", 30L), candidate("a"), candidate("b")));
        assertThat(plan.why()).isEqualTo("it was drawn so by the weights");
        assertThat(plan.scores().get(new Target("a", "m"))).isEqualTo(Map.of("weight", 70.0, "weight_of_all", 100.0));
        assertThat(strategy.plan(REQUEST, snapshot(Map.of("x", 1L), candidate("a")))
                        .why())
                .contains("all alike");
    }
}
