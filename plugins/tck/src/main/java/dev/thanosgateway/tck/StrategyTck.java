package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The rules of a strategy, S01 to S12, each a test. A plugin's test extends this class and names its strategy. */
public abstract class StrategyTck {
    private static final int WORLDS = 2_000;
    private static final int AT_ONCE = 16;
    private static final String AUTO = "auto";
    private static final List<String> IDS = List.of("a", "b", "c", "d", "e");

    /** A strategy as it is when its bundle has started. */
    protected abstract RoutingStrategy strategy();

    /** Settings under {@code [routing]} it should be tried with; the providers are {@code a} to {@code e}. */
    protected List<Map<String, Object>> settings() {
        return List.of(Map.of());
    }

    /** Whether the same question may get another answer the next time. */
    protected boolean takesTurns() {
        return false;
    }

    private static ChatRequest asking(String model) {
        return ChatRequest.builder(model)
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "hi")))
                        .build())
                .build();
    }

    /** One question. */
    private record World(ChatRequest request, Snapshot snapshot) {
        private boolean open() {
            return request.model().equals(AUTO);
        }
    }

    private List<World> worlds() {
        Random random = new Random(20_260_101);
        List<World> worlds = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            String model = random.nextBoolean() ? AUTO : "m" + random.nextInt(3);
            List<Candidate> candidates = new ArrayList<>();
            for (String id : IDS) {
                if (random.nextInt(3) > 0) {
                    String own = random.nextInt(5) > 0 ? "own-" + id : null;
                    candidates.add(Candidate.of(id, "type")
                            .withModel(model.equals(AUTO) ? own : model)
                            .withUnavailable(random.nextInt(3) > 0 ? null : "its breaker is open")
                            .withInFlight(random.nextInt(100))
                            .withFirstEventMillis(random.nextBoolean() ? 0 : random.nextInt(1_000))
                            .withFailures(random.nextBoolean() ? 0 : random.nextInt(10))
                            .withPrices(
                                    random.nextBoolean()
                                            ? Map.of()
                                            : Map.of("input", random.nextDouble(), "output", random.nextDouble())));
                }
            }
            Map<String, Object> one = settings().get(i % settings().size());
            worlds.add(new World(asking(model), Snapshot.of(candidates, one)));
        }
        return worlds;
    }

    private static void check(World world, Plan plan) {
        Set<Target> seen = new HashSet<>();
        for (Target target : plan.targets()) {
            Candidate candidate = world.snapshot().candidate(target.provider()).orElse(null);
            assertThat(candidate)
                    .as("S01 %s is no candidate", target.provider())
                    .isNotNull();
            assertThat(seen.add(target)).as("S02 %s is there twice", target).isTrue();
            if (!world.open() && candidate != null) {
                assertThat(target.model()).as("S03 the named model stays").isEqualTo(candidate.model());
            }
            assertThat(target.model()).as("S04 a model").isNotBlank();
            assertThat(plan.exclusions()).as("S05 a target is not left out").doesNotContainKey(target.provider());
        }
        assertThat(plan.exclusions().values())
                .as("S05 a reason is one clause")
                .allSatisfy(reason ->
                        assertThat(reason).isNotBlank().doesNotEndWith(".").doesNotContain("\n"));
    }

    @Test
    void s01_to_s05_planNamesCandidatesOnceWithAModelAndSaysWhyOthersAreOut() {
        RoutingStrategy strategy = strategy();
        for (World world : worlds()) {
            check(world, strategy.plan(world.request(), world.snapshot()));
        }
    }

    @Test
    void s06_withoutCandidatesThePlanIsEmpty() {
        for (Map<String, Object> one : settings()) {
            Snapshot nobody = Snapshot.of(List.of(), one);
            assertThat(strategy().plan(asking(AUTO), nobody).targets()).isEmpty();
            assertThat(strategy().plan(asking("m"), nobody).targets()).isEmpty();
        }
    }

    @Test
    void s07_aLoneCandidateIsAskedEvenWhileItIsSetAside() {
        for (Map<String, Object> one : settings()) {
            for (String reason : new String[] {null, "its breaker is open"}) {
                Candidate lone = Candidate.of("a", "type").withModel("m").withUnavailable(reason);
                Plan plan = strategy().plan(asking("m"), Snapshot.of(List.of(lone), one));
                assertThat(plan.targets()).containsExactly(new Target("a", "m"));
            }
        }
    }

    @Test
    void s08_theSameQuestionGetsTheSamePlanAndNothingButTheSnapshotCounts() {
        if (takesTurns()) {
            return;
        }
        RoutingStrategy used = strategy();
        for (World world : worlds()) {
            Plan plan = used.plan(world.request(), world.snapshot());
            Plan fresh = strategy().plan(world.request(), world.snapshot());
            assertThat(plan.targets()).isEqualTo(fresh.targets());
            assertThat(plan.exclusions()).isEqualTo(fresh.exclusions());
        }
    }

    @Test
    void s09_settingsOfAnyKindAreReadOrIgnoredButNeverThrow() {
        List<Object> values =
                List.of("", "a", "/", 7L, 0.5, true, List.of(), List.of(1L, "a", List.of()), Map.of("a", "b"));
        Candidate a = Candidate.of("a", "type").withModel("m");
        Candidate b = Candidate.of("b", "type").withModel("m");
        Set<String> keys = new HashSet<>(Set.of("strategy", "preferred", "fallback_chain", "load_balance", "weights"));
        settings().forEach(one -> keys.addAll(one.keySet()));
        for (String key : keys) {
            for (Object value : values) {
                Map<String, Object> all = new HashMap<>(Map.of(key, value));
                World world = new World(asking("m"), Snapshot.of(List.of(a, b), all));
                Plan plan = strategy().plan(world.request(), world.snapshot());
                check(world, plan);
                assertThat(plan.targets()).as("%s = %s", key, value).isNotEmpty();
            }
        }
    }

    @Test
    void s10_manyPlansAtOnceAreMadeSoonAndKeepTheRules() {
        RoutingStrategy shared = strategy();
        List<World> worlds = worlds();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            tasks.add(() -> {
                for (World world : worlds) {
                    check(world, shared.plan(world.request(), world.snapshot()));
                }
                return null;
            });
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
                for (Future<Void> one : threads.invokeAll(tasks)) {
                    one.get();
                }
            }
        });
    }

    @Test
    void s11_aDryRunIsThePlanThatComesNextAndChangesNothing() {
        RoutingStrategy asked = strategy();
        RoutingStrategy alone = strategy();
        for (World world : worlds()) {
            Plan dry = asked.plan(world.request(), world.snapshot().withDryRun());
            Plan plan = asked.plan(world.request(), world.snapshot());
            assertThat(dry.targets()).isEqualTo(plan.targets());
            assertThat(plan.targets())
                    .isEqualTo(alone.plan(world.request(), world.snapshot()).targets());
        }
    }

    @Test
    void s12_whyIsOneClauseAndScoresAreFiniteNumbersWithNames() {
        RoutingStrategy strategy = strategy();
        for (World world : worlds()) {
            Plan plan = strategy.plan(world.request(), world.snapshot());
            assertThat(plan.why()).doesNotEndWith(".").doesNotContain("\n");
            assertThat(plan.scores().values()).allSatisfy(scores -> {
                assertThat(scores.keySet()).allSatisfy(name -> assertThat(name).isNotBlank());
                assertThat(scores.values())
                        .allSatisfy(score -> assertThat(score).isFinite());
            });
        }
    }
}
