package dev.thanosgateway.strategy.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RoundRobinStrategyTest {
    private static final List<Candidate> FIVE = List.of(
            Candidate.of("a", "t").withModel("m"),
            Candidate.of("b", "t").withModel("m"),
            Candidate.of("c", "t").withModel("m"),
            Candidate.of("d", "t").withModel("m"),
            Candidate.of("e", "t").withModel("m"));

    private final RoundRobinStrategy strategy = new RoundRobinStrategy();

    private Plan plan(String model, List<Candidate> candidates, Map<String, Object> settings) {
        ChatRequest request = ChatRequest.builder(model)
                .content(ChatContent.builder().build())
                .build();
        return strategy.plan(request, Snapshot.of(candidates, settings));
    }

    private String first(String model, List<Candidate> candidates, Map<String, Object> settings) {
        return plan(model, candidates, settings).targets().get(0).provider();
    }

    /** Who serves how often while some are dead: the first living one of each plan. */
    private Map<String, Integer> served(int turns, Set<String> dead) {
        Map<String, Integer> served = new TreeMap<>();
        for (int i = 0; i < turns; i++) {
            List<Target> targets = plan("auto", FIVE, Map.of()).targets();
            assertThat(targets).hasSize(5);
            targets.stream()
                    .map(Target::provider)
                    .filter(id -> !dead.contains(id))
                    .findFirst()
                    .ifPresent(id -> served.merge(id, 1, Integer::sum));
        }
        return served;
    }

    @Test
    void everyMemberHasItsTurnInOrder() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            order.add(first("auto", FIVE, Map.of()));
        }
        assertThat(order).containsExactly("a", "b", "c", "d", "e", "a", "b", "c", "d", "e");
    }

    @Test
    void theTurnsOfTheDeadFallToAllOthersAlike() {
        assertThat(served(5 * 4 * 10, Set.of("b"))).isEqualTo(Map.of("a", 50, "c", 50, "d", 50, "e", 50));
        assertThat(served(5 * 4 * 3 * 10, Set.of("a", "d"))).isEqualTo(Map.of("b", 200, "c", 200, "e", 200));
        assertThat(served(5 * 4 * 3 * 2 * 10, Set.of("a", "b", "c"))).isEqualTo(Map.of("d", 600, "e", 600));
    }

    @Test
    void turnsAreExactWhenTakenAtOnce() throws Exception {
        List<Callable<Map<String, Integer>>> tasks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            tasks.add(() -> served(1_000, Set.of()));
        }
        Map<String, Integer> served = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Map<String, Integer>> one : threads.invokeAll(tasks)) {
                one.get().forEach((id, count) -> served.merge(id, count, Integer::sum));
            }
        }
        assertThat(served).isEqualTo(Map.of("a", 3200, "b", 3200, "c", 3200, "d", 3200, "e", 3200));
    }

    @Test
    void whoCannotServeTakesNoTurn() {
        List<Candidate> some = List.of(FIVE.get(0), FIVE.get(1).withUnavailable("its breaker is open"), FIVE.get(2));
        Plan plan = plan("auto", some, Map.of());
        assertThat(plan.targets()).containsExactly(new Target("a", "m"), new Target("c", "m"));
        assertThat(plan.exclusions()).isEqualTo(Map.of("b", "its breaker is open"));
        assertThat(first("auto", some, Map.of())).isEqualTo("c");
        assertThat(first("auto", some, Map.of())).isEqualTo("a");
    }

    @Test
    void theNamedMembersTakeTheTurnsEachWithItsModel() {
        Map<String, Object> members = Map.of("load_balance", List.of("d/x", "b", "gone"));
        Plan plan = plan("auto", FIVE, members);
        assertThat(plan.targets()).containsExactly(new Target("d", "x"), new Target("b", "m"));
        assertThat(plan.exclusions()).containsKeys("a", "c", "e", "gone");
        assertThat(first("auto", FIVE, members)).isEqualTo("b");
    }

    @Test
    void aNamedModelIsServedByTheMembersThatHaveItElseByWhoeverHas() {
        List<Candidate> two = FIVE.subList(0, 2);
        assertThat(plan("m", two, Map.of("load_balance", List.of("b/x", "c"))).targets())
                .containsExactly(new Target("b", "m"));
        assertThat(plan("m", two, Map.of("load_balance", List.of("c"))).targets())
                .containsExactly(new Target("a", "m"), new Target("b", "m"));
    }

    @Test
    void groupsDoNotTakeEachOthersTurns() {
        List<Candidate> two = FIVE.subList(0, 2);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            first("auto", two, Map.of());
            order.add(first("m", two, Map.of()));
        }
        assertThat(order).containsExactly("a", "b", "a", "b");
    }

    @Test
    void noNumberOfGroupsIsTooLarge() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(first("m", List.of(Candidate.of("p" + i, "t").withModel("m")), Map.of()))
                    .isEqualTo("p" + i);
        }
    }
}
