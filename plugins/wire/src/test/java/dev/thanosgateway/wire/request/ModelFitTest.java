package dev.thanosgateway.wire.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Sampling;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFitTest {
    private static final Sampling EVERYTHING = Sampling.builder()
            .temperature(0.5)
            .topP(0.6)
            .topK(7)
            .seed(8L)
            .presencePenalty(0.1)
            .frequencyPenalty(0.2)
            .logitBias(Map.of("1", 1.0))
            .build();

    /** @param pairs a trait's key and its words with commas, in turn; no words = the empty list */
    static ModelTraits traits(String... pairs) {
        ModelTraits traits = ModelTraits.UNKNOWN;
        for (int i = 0; i < pairs.length; i += 2) {
            Trait trait = Trait.of(pairs[i]);
            if (trait == null) {
                throw new AssertionError(pairs[i]);
            }
            traits = traits.with(trait, pairs[i + 1].isEmpty() ? List.of() : List.of(pairs[i + 1].split(",")));
        }
        return traits;
    }

    static ChatContent.Builder said(String text) {
        return ChatContent.builder().messages(List.of(Message.text(Role.USER, text)));
    }

    static ModelFit fit(ChatContent content, String... traits) throws GatewayException {
        return ModelFit.of(ChatRequest.builder("x").content(content).build().withTarget("m", traits(traits)));
    }

    @Test
    void whereNothingIsKnownNothingChanges() throws GatewayException {
        ChatContent content = said("hi")
                .sampling(EVERYTHING)
                .stop(List.of("END"))
                .maxOutputTokens(99L)
                .reasoning(Reasoning.effort("xhigh"))
                .user("u".repeat(999))
                .tools(List.of(Tool.function("n".repeat(999), null, null)))
                .toolChoice(new ToolChoice.Required())
                .topLogprobs(3)
                .choices(2)
                .build();
        ModelFit fit = fit(content);

        assertThat(fit.dropped()).isEmpty();
        assertThat(fit.content().sampling()).isSameAs(content.sampling());
        assertThat(fit.content().stop()).isEqualTo(content.stop());
        assertThat(fit.content().maxOutputTokens()).isEqualTo(99);
        assertThat(fit.content().reasoning()).isSameAs(content.reasoning());
        assertThat(fit.content().user()).isEqualTo(content.user());
        assertThat(fit.content().tools()).isEqualTo(content.tools());
        assertThat(fit.content().toolChoice()).isEqualTo(content.toolChoice());
        assertThat(fit.content().messages()).isEqualTo(content.messages());
    }

    @Test
    void samplingThatIsRefusedIsDroppedAndNamed() throws GatewayException {
        ModelFit none = fit(said("hi").sampling(EVERYTHING).stop(List.of("END")).build(), "sampling", "seed");

        assertThat(none.content().sampling().seed()).isEqualTo(8);
        assertThat(none.content().sampling().temperature()).isNull();
        assertThat(none.content().stop()).isEmpty();
        assertThat(none.dropped())
                .containsExactly(
                        "frequency_penalty", "logit_bias", "presence_penalty", "stop", "temperature", "top_k", "top_p");
    }

    @Test
    void ofTwoThatExcludeEachOtherTheTemperatureStays() throws GatewayException {
        ModelFit both = fit(said("hi").sampling(EVERYTHING).build(), "sampling", "temperature/top_p,top_k");
        assertThat(both.content().sampling().temperature()).isEqualTo(0.5);
        assertThat(both.content().sampling().topP()).isNull();
        assertThat(both.dropped()).contains("top_p").doesNotContain("temperature", "top_k");

        Sampling alone = Sampling.builder().topP(0.6).build();
        ModelFit one = fit(said("hi").sampling(alone).build(), "sampling", "temperature/top_p");
        assertThat(one.content().sampling().topP()).isEqualTo(0.6);
        assertThat(one.dropped()).isEmpty();
    }

    @Test
    void whatTheAnswerDependsOnIsUnsupported() {
        assertThatThrownBy(() -> fit(said("hi").choices(2).build(), "sampling", "temperature"))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                .hasFieldOrPropertyWithValue("parameter", "n")
                .hasMessageContaining("The model \"m\" makes one answer to a request.");
        assertThatThrownBy(() -> fit(said("hi").topLogprobs(0).build(), "sampling", ""))
                .hasFieldOrPropertyWithValue("parameter", "logprobs");
    }

    @ParameterizedTest
    @CsvSource({
        "low;medium;high, minimal, low",
        "low;medium;high, xhigh, high",
        "low;medium;high, none, low",
        "none;low;high, none, none",
        "none;low;high, minimal, low",
        "none;low;high, medium, low",
        "none;high;max, low, high",
        "medium, max, medium",
        "none, high,",
        "none, none, none",
        "'', high,",
        "'', none,",
        "low;high, ludicrous, ludicrous",
    })
    void anEffortIsToldInTheNearestWordThatIsTaken(String taken, String effort, @Nullable String told) {
        assertThat(ModelFit.effort(effort, traits("effort", taken.replace(';', ','))))
                .isEqualTo(told);
    }

    @Test
    void anEffortOfAnUnknownModelStaysAndNoneIsNotSaid() {
        assertThat(ModelFit.effort("high", ModelTraits.UNKNOWN)).isEqualTo("high");
        assertThat(ModelFit.effort("none", ModelTraits.UNKNOWN)).isNull();
        assertThat(ModelFit.effort(null, traits("effort", "low"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'', high, true, false", "'', none, false, false", "none, high, true, false", "none, none, false, true"
    })
    void aModelThatDoesNotReasonIsNotToldTo(String taken, String effort, boolean named, boolean kept)
            throws GatewayException {
        ModelFit fit = fit(said("hi").reasoning(Reasoning.effort(effort)).build(), "effort", taken);

        assertThat(fit.content().reasoning() != null).isEqualTo(kept);
        assertThat(fit.dropped().contains("reasoning_effort")).isEqualTo(named);
    }

    @Test
    void aBudgetForAModelThatDoesNotReasonIsDroppedAndNamedUnlessItIsNothing() throws GatewayException {
        assertThat(fit(said("hi").reasoning(Reasoning.budget(5)).build(), "effort", "")
                        .dropped())
                .containsExactly("reasoning_effort");
        assertThat(fit(said("hi").reasoning(Reasoning.budget(0)).build(), "effort", "")
                        .dropped())
                .isEmpty();
    }

    @Test
    void aLimitIsNoHigherThanTheModels() throws GatewayException {
        assertThat(fit(said("hi").maxOutputTokens(99L).build(), "output", "50")
                        .content()
                        .maxOutputTokens())
                .isEqualTo(50);
        assertThat(fit(said("hi").build(), "output", "50").content().maxOutputTokens())
                .isNull();
    }

    @Test
    void aUserThatIsTooLongIsAlwaysTheSameShorterOne() throws GatewayException {
        String once = fit(said("a").user("u".repeat(65)).build(), "user_max", "64")
                .content()
                .user();

        assertThat(once).hasSize(64).matches("[0-9a-f]+");
        assertThat(fit(said("b").user("u".repeat(65)).build(), "user_max", "64")
                        .content()
                        .user())
                .isEqualTo(once);
        assertThat(fit(said("a").user("v".repeat(65)).build(), "user_max", "64")
                        .content()
                        .user())
                .isNotEqualTo(once);
        assertThat(fit(said("a").user("u".repeat(64)).build(), "user_max", "64")
                        .content()
                        .user())
                .isEqualTo("u".repeat(64));
    }

    @Test
    void aForcedCallThatIsRefusedBecomesTheModelsChoiceAndIsNamed() throws GatewayException {
        for (ToolChoice forced : List.of(new ToolChoice.Required(), new ToolChoice.Named("f"))) {
            ModelFit fit = fit(said("hi").toolChoice(forced).build(), "forced_tools", "no");
            assertThat(fit.content().toolChoice()).isEqualTo(new ToolChoice.Auto());
            assertThat(fit.dropped()).containsExactly("tool_choice");
        }
        ModelFit none = fit(said("hi").toolChoice(new ToolChoice.None()).build(), "forced_tools", "no");
        assertThat(none.content().toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(none.dropped()).isEmpty();
    }

    @Test
    void aNameWithOddCharactersIsReplacedWhereTheModelHasARuleForNames() throws GatewayException {
        ChatContent content = said("hi")
                .tools(List.of(Tool.function("files.read", null, null), Tool.function("files_read", null, null)))
                .build();
        ModelFit fit = fit(content, "tool_name_chars", "word");

        String sent = fit.content().tools().get(0).name();
        assertThat(sent).matches("files_read_[0-9a-f]{8}").isEqualTo(fit.sentName("files.read"));
        assertThat(fit.callersName(sent)).isEqualTo("files.read");
        assertThat(fit.content().tools().get(1).name()).isEqualTo("files_read");
        assertThat(fit(content, "tool_id_max", "64").content().tools()).isEqualTo(content.tools());
    }

    @Test
    void messagesThatAreAddedCanBeTold() throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "Continue."), Message.text(Role.ASSISTANT, "so")))
                .build();
        ModelFit fit = fit(content, "prefill", "no");

        assertThat(fit.content().messages().stream().map(fit::isAdded)).containsExactly(false, false, true);
    }

    /** Keeps what it is given. */
    private static final class Kept implements Sink<ChatEvent> {
        private final List<ChatEvent> events = new ArrayList<>();

        @Override
        public void event(ChatEvent event) {
            events.add(event);
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) {
            throw new AssertionError("no frame was sent");
        }

        @Override
        public void then(Exchange<ChatEvent> next) {
            throw new AssertionError("no call was made");
        }
    }

    @Test
    void aLongNameOfAToolIsShortUpstreamAndWholeForTheCaller() throws GatewayException {
        String name = "mcp__server__" + "n".repeat(60);
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "q"),
                        Message.of(Role.ASSISTANT, List.of(new Part.ToolCall("c", name, "{}", Map.of())))))
                .tools(List.of(
                        Tool.function(name, "d", null).withStrict(true),
                        Tool.function(name + "2", null, null),
                        Tool.function("f", null, null)))
                .toolChoice(new ToolChoice.Named(name))
                .build();
        ModelFit fit = fit(content, "tool_name_max", "64");

        Tool tool = fit.content().tools().get(0);
        String brief = tool.name();
        assertThat(brief).hasSize(64).startsWith("mcp__server__nnn");
        assertThat(tool.strict()).isTrue();
        assertThat(tool.description()).isEqualTo("d");
        assertThat(fit.content().tools().get(1).name()).hasSize(64).isNotEqualTo(brief);
        assertThat(fit.content().tools().get(2).name()).isEqualTo("f");
        assertThat(fit.content().toolChoice()).isEqualTo(new ToolChoice.Named(brief));
        assertThat(fit.content().messages().get(1).parts())
                .containsExactly(new Part.ToolCall("c", brief, "{}", Map.of()));

        Kept out = new Kept();
        Sink<ChatEvent> restoring = fit.restoring(out);
        restoring.event(new ChatEvent.ToolCallStart(0, 0, "c", brief));
        restoring.event(new ChatEvent.ToolCallStart(0, 1, "d", "f"));
        restoring.event(new ChatEvent.TextDelta(0, brief));
        assertThat(out.events)
                .containsExactly(
                        new ChatEvent.ToolCallStart(0, 0, "c", name),
                        new ChatEvent.ToolCallStart(0, 1, "d", "f"),
                        new ChatEvent.TextDelta(0, brief));
        assertThat(fit(said("hi").tools(List.of(Tool.function("f", null, null))).build(), "tool_name_max", "64")
                        .restoring(out))
                .isSameAs(out);
    }

    /** @return the name of a tool as the model reads it */
    private static String fittedName(String name, String... traits) throws GatewayException {
        ChatContent content =
                said("hi").tools(List.of(Tool.function(name, null, null))).build();
        return fit(content, traits).content().tools().get(0).name();
    }

    @ParameterizedTest
    @CsvSource({
        "word, srv.tool:x, srv_tool_x_",
        "word, a/b, a_b_",
        "word, my tool, my_tool_",
        "word, tool$x, tool_x_",
        "word, größe, gr__e_",
        "word, \uD83D\uDE00, __",
        "name, 1st_tool, f_1st_tool_",
        "name, _x, f__x_",
        "name, a.b, a_b_",
        "dotted, 1st_tool, f_1st_tool_",
        "dotted, -x, f_-x_",
        "dotted, .x, f_.x_",
        "dotted, a/b, a_b_",
        "dotted, /b, _b_",
    })
    void aNameWithOtherCharactersIsLegalUpstream(String chars, String name, String begin) throws GatewayException {
        assertThat(fittedName(name, "tool_name_chars", chars)).matches("\\Q" + begin + "\\E[0-9a-f]{8}");
    }

    @ParameterizedTest
    @CsvSource({
        "any, tool$x",
        "word, 1st-tool_X",
        "word, -",
        "name, a-1_b",
        "dotted, srv.tool:x-1",
        "dotted, _x",
    })
    void aNameThatIsTakenStays(String chars, String name) throws GatewayException {
        assertThat(fittedName(name, "tool_name_chars", chars, "tool_name_max", "64"))
                .isEqualTo(name);
    }

    @Test
    void namesThatDifferInRefusedCharactersOnlyStayApart() throws GatewayException {
        String dot = fittedName("a.b", "tool_name_chars", "word");

        assertThat(dot).isNotEqualTo(fittedName("a:b", "tool_name_chars", "word"));
        assertThat(dot).isEqualTo(fittedName("a.b", "tool_name_chars", "word"));
        assertThat(fittedName("a.".repeat(40), "tool_name_chars", "word", "tool_name_max", "64"))
                .hasSize(64);
        assertThat(fittedName("a.".repeat(40), "tool_name_chars", "word", "tool_name_max", "10"))
                .matches("a_[0-9a-f]{8}");
    }

    @Test
    void aChangedNameIsTheSameInEachTurnAndTheCallersInTheAnswer() throws GatewayException {
        Part call = new Part.ToolCall("c", "srv.tool:x", "{}", Map.of());
        Part result = new Part.ToolResult("c", List.of(new Part.Text("1")), false, Map.of());
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "q"),
                        Message.of(Role.ASSISTANT, List.of(call)),
                        Message.of(Role.TOOL, List.of(result)).withName("srv.tool:x")))
                .tools(List.of(Tool.function("srv.tool:x", null, null)))
                .toolChoice(new ToolChoice.Named("srv.tool:x"))
                .build();
        ModelFit fit = fit(content, "tool_name_chars", "word");
        String name = fit.content().tools().get(0).name();

        assertThat(name).startsWith("srv_tool_x_");
        assertThat(fit.content().toolChoice()).isEqualTo(new ToolChoice.Named(name));
        assertThat(fit.content().messages().get(1).parts())
                .containsExactly(new Part.ToolCall("c", name, "{}", Map.of()));
        assertThat(fit.content().messages().get(2).name()).isEqualTo(name);
        Kept out = new Kept();
        fit.restoring(out).event(new ChatEvent.ToolCallStart(0, 0, "d", name));
        assertThat(out.events).containsExactly(new ChatEvent.ToolCallStart(0, 0, "d", "srv.tool:x"));
    }

    @Test
    void samplingThatIsTakenWithoutThoughtIsKeptWithoutThoughtOnly() throws GatewayException {
        String[] traits = {
            "sampling", "seed", "sampling_effort_none", "temperature,logprobs,seed", "effort", "none,low,high"
        };
        ChatContent.Builder asked = said("hi").sampling(EVERYTHING);

        ModelFit off =
                fit(asked.reasoning(Reasoning.effort("none")).topLogprobs(1).build(), traits);
        assertThat(off.content().sampling().temperature()).isEqualTo(0.5);
        assertThat(off.dropped()).contains("top_p").doesNotContain("temperature", "seed");
        assertThat(fit(asked.reasoning(Reasoning.budget(0)).build(), traits).dropped())
                .doesNotContain("temperature");
        assertThat(fit(
                                asked.reasoning(Reasoning.effort("low"))
                                        .topLogprobs(null)
                                        .build(),
                                traits)
                        .dropped())
                .contains("temperature");
        assertThat(fit(asked.reasoning(null).build(), traits).dropped()).contains("temperature");
        traits[5] = "low,high";
        assertThat(fit(asked.reasoning(Reasoning.effort("none")).build(), traits)
                        .dropped())
                .as("a model that thinks all the same")
                .contains("temperature");
    }
}
