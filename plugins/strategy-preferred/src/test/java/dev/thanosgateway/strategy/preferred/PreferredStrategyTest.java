package dev.thanosgateway.strategy.preferred;

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

class PreferredStrategyTest {
    private static final ChatRequest AUTO =
            ChatRequest.builder("auto").content(ChatContent.builder().build()).build();

    private static final Candidate FIRST = Candidate.of("first", "a").withModel("one");
    private static final Candidate SECOND = Candidate.of("second", "b").withModel("two");
    private static final Candidate THIRD = Candidate.of("third", "b").withModel("three");
    private static final Map<String, Object> SECOND_PREFERRED = Map.of("preferred", "second");

    private static Plan plan(Map<String, Object> settings, Candidate... candidates) {
        return new PreferredStrategy().plan(AUTO, Snapshot.of(List.of(candidates), settings));
    }

    @Test
    void thePreferredProviderIsTheOnlyTarget() {
        Plan plan = plan(SECOND_PREFERRED, FIRST, SECOND, THIRD);
        assertThat(plan.targets()).containsExactly(new Target("second", "two"));
        assertThat(plan.exclusions()).isEmpty();
    }

    @Test
    void withoutAPreferenceTheFirstInOrderIs() {
        assertThat(plan(Map.of(), FIRST, SECOND).targets()).containsExactly(new Target("first", "one"));
        assertThat(plan(Map.of("preferred", " "), SECOND, FIRST).targets())
                .containsExactly(new Target("second", "two"));
    }

    @Test
    void aPreferredProviderThatCannotServeGivesWayToTheFirstThatCan() {
        Plan plan = plan(
                SECOND_PREFERRED,
                FIRST.withUnavailable("it has no key"),
                SECOND.withUnavailable("its breaker is open"),
                THIRD);
        assertThat(plan.targets()).containsExactly(new Target("third", "three"));
        assertThat(plan.exclusions())
                .containsOnly(entry("first", "it has no key"), entry("second", "its breaker is open"));
    }

    @Test
    void whereNoneCanServeThePreferredOneIsAskedAllTheSame() {
        Plan plan = plan(
                SECOND_PREFERRED,
                FIRST.withUnavailable("its breaker is open"),
                SECOND.withUnavailable("its breaker is open"));
        assertThat(plan.targets()).containsExactly(new Target("second", "two"));
        assertThat(plan.exclusions()).containsOnlyKeys("first");
        assertThat(plan(Map.of(), FIRST.withUnavailable("set aside")).targets())
                .containsExactly(new Target("first", "one"));
    }

    @Test
    void aProviderWithoutAModelIsLeftOutAndSaysWhatToDo() {
        Plan plan = plan(SECOND_PREFERRED, FIRST, SECOND.withModel(null));
        assertThat(plan.targets()).containsExactly(new Target("first", "one"));
        assertThat(plan.exclusions())
                .containsOnly(entry("second", "it has no model configured; set model in its table"));
    }

    @Test
    void aPreferredProviderThatIsNotThereIsSaidSo() {
        Plan plan = plan(Map.of("preferred", "missing"), FIRST);
        assertThat(plan.targets()).containsExactly(new Target("first", "one"));
        assertThat(plan.exclusions()).containsOnlyKeys("missing");
    }

    @Test
    void withNobodyToAskThePlanIsEmptyWithTheReasons() {
        assertThat(plan(Map.of()).targets()).isEmpty();
        Plan plan = plan(Map.of(), FIRST.withModel(null).withUnavailable("its breaker is open"));
        assertThat(plan.targets()).isEmpty();
        assertThat(plan.exclusions()).containsOnlyKeys("first");
    }
}
