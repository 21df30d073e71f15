package dev.thanosgateway.api.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Candidate A = Candidate.of("a", "t").withModel("one");
    private static final Candidate B = Candidate.of("b", "t").withModel("two");
    private static final Candidate DOWN =
            Candidate.of("c", "t").withModel("three").withUnavailable("it is down");
    private static final Snapshot ALL = Snapshot.of(List.of(A, B, DOWN), Map.of());
    private static final String ABSENT = "nobody has heard of it";

    @Test
    void whoCanServeIsATargetOnceInTheOrderTheyWereAdded() {
        Plan plan = Plan.builder()
                .add(B, "x")
                .add(A, "one")
                .add(B, "x")
                .add(B, "two")
                .build();
        assertThat(plan.targets())
                .containsExactly(new Target("b", "x"), new Target("a", "one"), new Target("b", "two"));
        assertThat(plan.exclusions()).isEmpty();
    }

    @Test
    void whoIsSetAsideIsLeftOutWithItsReasonWhileAnybodyCanServe() {
        Plan plan = Plan.builder().add(DOWN, "three").add(A, "one").build();
        assertThat(plan.targets()).containsExactly(new Target("a", "one"));
        assertThat(plan.exclusions()).containsExactly(entry("c", "it is down"));
    }

    @Test
    void whereNobodyCanServeWhoIsSetAsideIsAskedAndNotLeftOut() {
        Plan plan =
                Plan.builder().add(DOWN, "three").add(A, null).add(DOWN, "x").build();
        assertThat(plan.targets()).containsExactly(new Target("c", "three"), new Target("c", "x"));
        assertThat(plan.exclusions()).containsOnlyKeys("a");
    }

    @Test
    void anEntryIsJudgedByTheModelItNames() {
        Candidate busy = Candidate.of("a", "t").withModel("busy").withUnavailable("it is busy");
        Candidate idle = Candidate.of("c", "t").withModel("idle");
        Snapshot all = ALL.withNamed(List.of(busy, idle));
        Plan.Builder plan = Plan.builder();
        for (String entry : List.of("a/busy", "a/else", "c/idle", "c/else", "b")) {
            assertThat(plan.add(entry, all, true, ABSENT)).isTrue();
        }
        assertThat(plan.build().targets())
                .containsExactly(new Target("a", "else"), new Target("c", "idle"), new Target("b", "two"));
        assertThat(all.candidate("d", "idle")).isEmpty();
    }

    @Test
    void whoHasNoModelIsLeftOutAndSaysWhatToDo() {
        Plan plan = Plan.builder().add(A, null).add(B, " ").build();
        assertThat(plan.targets()).isEmpty();
        String reason = "it has no model configured; set model in its table";
        assertThat(plan.exclusions()).containsOnly(entry("a", reason), entry("b", reason));
    }

    @Test
    void theFirstReasonStandsAndNoneForWhoBecameATarget() {
        Plan plan = Plan.builder()
                .exclude("gone", "it went")
                .exclude("gone", "it never was")
                .exclude("a", "it was not wanted at first")
                .add(A, "one")
                .build();
        assertThat(plan.exclusions()).containsExactly(entry("gone", "it went"));
    }

    @Test
    void anEntryNamesAProviderOrAProviderAndItsModelWhichMayHoldSlashes() {
        Plan.Builder plan = Plan.builder();
        assertThat(plan.add("b", ALL, true, ABSENT)).isTrue();
        assertThat(plan.add("a/x/y", ALL, true, ABSENT)).isTrue();
        assertThat(plan.add("gone/x", ALL, true, ABSENT)).isFalse();
        assertThat(plan.build().targets()).containsExactly(new Target("b", "two"), new Target("a", "x/y"));
        assertThat(plan.build().exclusions()).containsExactly(entry("gone", ABSENT));
    }

    @Test
    void theModelThatARequestNamesStaysWhateverAnEntrySays() {
        Plan.Builder plan = Plan.builder();
        assertThat(plan.add("a/x", ALL, false, ABSENT)).isTrue();
        assertThat(plan.build().targets()).containsExactly(new Target("a", "one"));
    }

    @Test
    void whatWasBuiltStaysAsItIs() {
        Plan.Builder builder = Plan.builder().exclude("gone", ABSENT);
        Plan before = builder.build();
        builder.add(A, "one").exclude("lost", ABSENT);
        assertThat(before.targets()).isEmpty();
        assertThat(before.exclusions()).containsOnlyKeys("gone");
    }

    @Test
    void textsOfASettingAreThoseOfItsListWithoutBlankOnes() {
        Map<String, Object> settings = Map.of("list", List.of("a", " ", 7L, "", "b/x", List.of("c")), "text", "a");
        Snapshot snapshot = Snapshot.of(List.of(), settings);
        assertThat(snapshot.texts("list")).containsExactly("a", "b/x");
        assertThat(snapshot.texts("text")).isEmpty();
        assertThat(snapshot.texts("none")).isEmpty();
    }
}
