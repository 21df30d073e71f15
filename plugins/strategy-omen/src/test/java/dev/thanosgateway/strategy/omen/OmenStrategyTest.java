package dev.thanosgateway.strategy.omen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OmenStrategyTest {
    private static final Message HI = Message.text(Role.USER, "hi");
    private static final Candidate OMEN = Candidate.of("router", "omen");
    private static final Candidate A = Candidate.of("a", "t").withModel("one");
    private static final Candidate B = Candidate.of("b", "t").withModel("two");

    private static ChatContent.Builder saying(Message message) {
        return ChatContent.builder().messages(List.of(message));
    }

    private static ChatRequest request(String model, ChatContent.Builder content) {
        return ChatRequest.builder(model).content(content.build()).build();
    }

    private static Plan plan(ChatRequest request, Map<String, Object> settings, Candidate... candidates) {
        return new OmenStrategy().plan(request, Snapshot.of(Arrays.asList(candidates), settings));
    }

    private static Model model(String id, double overall, double recommended, double price, String... abilities) {
        return Model.builder(id)
                .capabilities(Set.of(abilities))
                .contextLength(1_000)
                .pricing(Map.of("input", price, "output", price))
                .scores(Map.of("overall", overall, "recommended", recommended, "health", 1.0))
                .build();
    }

    private static String chosen(ChatContent.Builder content, Model... models) {
        Plan plan = plan(request("auto", content), Map.of(), OMEN.withModels(List.of(models)), A);
        assertThat(plan.targets()).hasSize(2);
        return plan.targets().get(0).model();
    }

    @Test
    void theHighestScoreThatIsRecommendedWinsThenTheLowestPrice() {
        Model best = model("best", 0.9, 1, 5);
        assertThat(chosen(saying(HI), model("dear", 0.9, 1, 9), best, model("low", 0.5, 1, 1)))
                .isEqualTo("best");
        assertThat(chosen(saying(HI), model("not-recommended", 1, 0, 1), best)).isEqualTo("best");
        Model sick = Model.builder("sick")
                .scores(Map.of("overall", 1.0, "health", 0.0))
                .build();
        assertThat(chosen(saying(HI), sick, best)).isEqualTo("best");
        assertThat(chosen(saying(HI), sick)).isEqualTo("sick");
    }

    @Test
    void whatTheRequestNeedsGoesBeforeScores() {
        Model blind = model("blind", 0.9, 1, 1, "functions");
        Model able = model("able", 0.2, 0, 9, "functions", "vision");
        Message image = Message.of(Role.USER, List.of(new Part.Image(new Part.Source.Url("http://i"), null, Map.of())));
        assertThat(chosen(saying(image), blind, able)).isEqualTo("able");
        assertThat(chosen(saying(image), blind)).isEqualTo("blind");

        Model wordy = model("wordy", 1, 1, 1);
        List<Tool> tools = List.of(Tool.function("f", null, new Json("{}")));
        assertThat(chosen(saying(HI).tools(tools), wordy, blind)).isEqualTo("blind");
        assertThat(chosen(saying(HI).tools(tools).toolChoice(new ToolChoice.None()), wordy, blind))
                .isEqualTo("wordy");

        Model large = Model.builder("large").contextLength(100_000).build();
        Message text = Message.text(Role.USER, "x".repeat(8_000));
        assertThat(chosen(saying(text), wordy, large)).isEqualTo("large");
        assertThat(chosen(saying(HI).maxOutputTokens(5_000L), wordy, large)).isEqualTo("large");
    }

    @Test
    void withoutSignalsItIsAskedForItsConfiguredModelOrAuto() {
        ChatRequest request = request("auto", saying(HI));
        assertThat(plan(request, Map.of(), OMEN, A).targets())
                .containsExactly(new Target("router", "auto"), new Target("a", "one"));
        assertThat(plan(request, Map.of(), OMEN.withModel("set"), A).targets())
                .containsExactly(new Target("router", "set"), new Target("a", "one"));
    }

    @Test
    void theChainComesBehindItOrAllOthersInTheOrderOfTheFile() {
        ChatRequest request = request("auto", saying(HI));
        Map<String, Object> chain = Map.of("fallback_chain", List.of("b/x", "gone", "b"));
        Plan plan = plan(request, chain, A, OMEN, B);
        assertThat(plan.targets())
                .containsExactly(new Target("router", "auto"), new Target("b", "x"), new Target("b", "two"));
        assertThat(plan.exclusions()).containsOnlyKeys("gone");
        assertThat(plan(request, Map.of(), A, OMEN, B).targets())
                .containsExactly(new Target("router", "auto"), new Target("a", "one"), new Target("b", "two"));
    }

    @Test
    void whileItCannotServeTheOthersDoUnlessThereAreNone() {
        ChatRequest request = request("auto", saying(HI));
        Candidate down = OMEN.withUnavailable("it is down");
        Plan plan = plan(request, Map.of(), down, A);
        assertThat(plan.targets()).containsExactly(new Target("a", "one"));
        assertThat(plan.exclusions()).containsEntry("router", "it is down");
        assertThat(plan(request, Map.of(), down).targets()).containsExactly(new Target("router", "auto"));
    }

    @Test
    void aNamedModelStaysAndOmenIsOnlyTheFirstToBeAsked() {
        Plan plan = plan(request("m", saying(HI)), Map.of(), A.withModel("m"), OMEN.withModel("m"));
        assertThat(plan.targets()).containsExactly(new Target("router", "m"), new Target("a", "m"));
    }
}
