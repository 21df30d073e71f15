package dev.thanosgateway.strategy.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FallbackStrategyTest {
    private static final Candidate A = Candidate.of("a", "t").withModel("one");
    private static final Candidate B = Candidate.of("b", "t").withModel("two");
    private static final Candidate C = Candidate.of("c", "t").withModel("three");

    private static Plan plan(String model, List<String> chain, Candidate... candidates) {
        ChatRequest request = ChatRequest.builder(model)
                .content(ChatContent.builder().build())
                .build();
        return new FallbackStrategy().plan(request, Snapshot.of(List.of(candidates), Map.of("fallback_chain", chain)));
    }

    @Test
    void theChainIsTriedInItsOrderEachWithItsModel() {
        Plan plan = plan("auto", List.of("c", "a/special", "b", "a"), A, B, C);
        assertThat(plan.targets())
                .containsExactly(
                        new Target("c", "three"),
                        new Target("a", "special"),
                        new Target("b", "two"),
                        new Target("a", "one"));
        assertThat(plan.exclusions()).isEmpty();
    }

    @Test
    void withoutAChainAllAreTriedInTheOrderOfTheFile() {
        assertThat(plan("auto", List.of(), B, A).targets())
                .containsExactly(new Target("b", "two"), new Target("a", "one"));
    }

    @Test
    void whoIsNotInTheChainIsNotAsked() {
        assertThat(plan("auto", List.of("b"), A, B).targets()).containsExactly(new Target("b", "two"));
    }

    @Test
    void aNamedModelStaysAndThoseTheChainDoesNotNameComeLast() {
        Plan plan = plan("m", List.of("c", "b/other"), A.withModel("m"), B.withModel("m"), C.withModel("m"));
        assertThat(plan.targets()).containsExactly(new Target("c", "m"), new Target("b", "m"), new Target("a", "m"));
    }

    @Test
    void whoCannotServeIsLeftOutWithItsReason() {
        Plan plan = plan(
                "auto", List.of("gone", "a", "b", "c"), A.withUnavailable("its breaker is open"), B.withModel(null), C);
        assertThat(plan.targets()).containsExactly(new Target("c", "three"));
        assertThat(plan.exclusions())
                .contains(entry("a", "its breaker is open"))
                .containsOnlyKeys("gone", "a", "b");
    }

    @Test
    void whereNobodyCanServeAllAreAskedAllTheSame() {
        Plan plan = plan("auto", List.of("b", "a"), A.withUnavailable("set aside"), B.withUnavailable("set aside"));
        assertThat(plan.targets()).containsExactly(new Target("b", "two"), new Target("a", "one"));
        assertThat(plan.exclusions()).isEmpty();
    }
}
