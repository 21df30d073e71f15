package dev.thanosgateway.strategy.cheapest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CheapestStrategyTest {
    private static ChatRequest request(int characters, long maxOutput) {
        return ChatRequest.builder("auto")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x".repeat(characters))))
                        .maxOutputTokens(maxOutput)
                        .build())
                .build();
    }

    private static Candidate candidate(String id, Map<String, Double> prices) {
        return Candidate.of(id, "t").withModel("m").withPrices(prices);
    }

    private static List<String> order(ChatRequest request, Map<String, Object> settings, Candidate... candidates) {
        Plan plan = new CheapestStrategy().plan(request, Snapshot.of(Arrays.asList(candidates), settings));
        return plan.targets().stream().map(Target::provider).toList();
    }

    @Test
    void theSizeOfTheRequestDecides() {
        Candidate reader = candidate("reader", Map.of("input", 0.1, "output", 10.0));
        Candidate writer = candidate("writer", Map.of("input", 1.0, "output", 1.0));
        assertThat(order(request(400_000, 100), Map.of(), writer, reader)).containsExactly("reader", "writer");
        assertThat(order(request(40, 1_000), Map.of(), reader, writer)).containsExactly("writer", "reader");
    }

    @Test
    void whoHasNoKnownPriceComesLastInTheConfigurationsOrder() {
        assertThat(order(
                        request(10, 10),
                        Map.of(),
                        candidate("a", Map.of()),
                        candidate("b", Map.of("input", 1.0)),
                        candidate("c", Map.of("input", 90.0, "output", 90.0))))
                .containsExactly("c", "a", "b");
    }

    @Test
    void whoWritesNothingNeedsNoPriceForIt() {
        assertThat(order(
                        request(10, 0),
                        Map.of(),
                        candidate("a", Map.of("output", 1.0)),
                        candidate("b", Map.of("input", 0.2, "output", 9.0)),
                        candidate("c", Map.of("input", 0.1))))
                .containsExactly("c", "b", "a");
    }

    @Test
    void whatTheOwnerWritesCountsBeforeWhatIsListed() {
        Map<String, Object> settings = Map.of(
                "cheapest", Map.of("a/m", Map.of("input", 5L, "output", 5L), "b", Map.of("input", 0L, "output", 0L)));
        assertThat(order(
                        request(10, 10),
                        settings,
                        candidate("a", Map.of("input", 0.1, "output", 0.1)),
                        candidate("c", Map.of("input", 1.0, "output", 1.0)),
                        candidate("b", Map.of())))
                .containsExactly("b", "c", "a");
    }

    private static final Candidate READER = candidate("reader", Map.of("input", 0.1, "output", 10.0));
    private static final Candidate WRITER = candidate("writer", Map.of("input", 1.0, "output", 1.0));

    private static ChatRequest saying(Part... parts) {
        return ChatRequest.builder("auto")
                .content(ChatContent.builder()
                        .messages(List.of(Message.of(Role.USER, List.of(parts))))
                        .build())
                .build();
    }

    @Test
    void anAnswerWithoutALimitIsTakenForAThousandTokensAndAHugeOneToo() {
        // 10,000 in: 0.001 + 0.01 against 0.01 + 0.001.
        assertThat(order(saying(new Part.Text("x".repeat(39_000))), Map.of(), READER, WRITER))
                .containsExactly("writer", "reader");
        assertThat(order(saying(new Part.Text("x".repeat(41_000))), Map.of(), WRITER, READER))
                .containsExactly("reader", "writer");
        assertThat(order(request(41_000, 64_000), Map.of(), WRITER, READER)).containsExactly("reader", "writer");
    }

    @Test
    void imagesAndOtherAlphabetsCount() {
        Part[] images = new Part[12];
        Arrays.fill(images, new Part.Image(new Part.Source.Url("https://image.invalid/"), null, Map.of()));
        assertThat(order(saying(new Part.Text("what is it?")), Map.of(), READER, WRITER))
                .containsExactly("writer", "reader");
        assertThat(order(saying(images), Map.of(), WRITER, READER)).containsExactly("reader", "writer");
        assertThat(order(saying(new Part.Text("路".repeat(12_000))), Map.of(), WRITER, READER))
                .containsExactly("reader", "writer");
    }

    @Test
    void thePlanSaysWhatItWasReckonedWith() {
        Plan plan = new CheapestStrategy()
                .plan(request(4_000, 500), Snapshot.of(List.of(candidate("a", Map.of()), READER), Map.of()));
        assertThat(plan.why()).contains("cost the least");
        assertThat(plan.scores().get(new Target("a", "m")))
                .containsOnlyKeys("estimated_input_tokens", "estimated_output_tokens");
        assertThat(plan.scores().get(new Target("reader", "m")))
                .containsEntry("estimated_input_tokens", 1_008.0)
                .containsEntry("estimated_output_tokens", 500.0)
                .containsEntry("input_usd_per_million", 0.1)
                .containsEntry("output_usd_per_million", 10.0)
                .hasEntrySatisfying("estimated_usd", usd -> assertThat(usd).isCloseTo(0.0051, offset(1e-6)));
    }
}
