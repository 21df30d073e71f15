package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a strategy says that makes no sense, and what it is asked only to be told. */
final class SoundPlanTest extends TwoUpstreams {
    private static final Target OTHER = new Target("b", "other");

    @BeforeEach
    void start() throws Exception {
        open(tables("m", "m") + "[models.aliases.mine]\ntargets = [\"a/m\", \"b/n\"]\nstrategy = \"order\"\n");
    }

    private void serves(Upstream upstream, int attempts) throws Exception {
        upstream.next().answers(200, "", "one\n.\n");
        Client.Head head = client.head();
        assertThat(client.body(head)).isEqualTo("one");
        assertThat(head.field("x-thanos-attempts")).isEqualTo(String.valueOf(attempts));
    }

    private Map<String, @Nullable Object> dryRun(String model) throws Exception {
        return rig.service.dryRun(ChatRequest.builder(model)
                .content(ChatContent.builder().messages(List.of()).build())
                .build());
    }

    private static Stream<@Nullable Plan> nonsense() {
        return Stream.of(
                null,
                Plan.of(List.of(new Target("nobody", "m"), new Target("", ""))),
                Plan.of(List.of(new Target("a", " "))),
                Plan.of(List.of(new Target("a", null), new Target(null, "m"))),
                Plan.of(List.of(new Target("a", "m\r\nx-evil: 1"))));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void aStrategyThatPlansNonsenseIsSetAsideAndTheOrderOfTheFileServes(@Nullable Plan plan) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        rig.strategy = (request, snapshot) -> {
            asked.incrementAndGet();
            return plan;
        };
        for (int i = 0; i < 2; i++) {
            client.post("model=auto");
            serves(a, 1);
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatMakesNoSenseInAPlanIsPassedByAndTheRestServes() throws Exception {
        List<Target> plan = new ArrayList<>(List.of(new Target("nobody", "m"), OTHER));
        plan.addAll(Collections.nCopies(10_000, OTHER));
        plan.add(new Target("a", "m"));
        rig.strategy = (request, snapshot) -> Plan.of(plan);
        client.post("model=auto");
        b.next().answers(500, "", "broken");
        serves(a, 2);
        assertThat(dryRun("auto").get("left_out"))
                .hasToString("{nobody/m=the strategy planned it, but it is no candidate}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "mine"})
    void aDryRunSaysThatItIsOneAndSetsNoStrategyAside(String model) throws Exception {
        List<Boolean> dry = new ArrayList<>();
        rig.strategy = (request, snapshot) -> {
            dry.add(snapshot.dryRun());
            if (snapshot.dryRun()) {
                throw new IllegalStateException("this strategy does not like it");
            }
            return Plan.of(List.of(OTHER));
        };
        assertThat(dryRun(model).get("names")).asString().contains("this strategy does not like it");
        client.post("model=" + model);
        serves(b, 1);
        assertThat(dry).containsExactly(true, false);
    }
}
