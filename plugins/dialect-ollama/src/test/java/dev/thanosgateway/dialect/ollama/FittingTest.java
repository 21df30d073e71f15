package dev.thanosgateway.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.Trait;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.tck.Traits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What models take, as the server or the catalogue says, is what their requests say. */
class FittingTest {
    private static final String SHOWN = "{\"capabilities\":[\"completion\",\"tools\"%s],\"details\":{}}";

    private final Abilities abilities = new Abilities();

    private static ChatRequest asking(String model, @Nullable Reasoning reasoning) {
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "hi")))
                .reasoning(reasoning)
                .build();
        return ChatRequest.builder(model).content(content).build();
    }

    private static ChatRequest taking(String model, Reasoning reasoning, String... efforts) {
        return asking(model, reasoning).withTarget(model, ModelTraits.UNKNOWN.with(Trait.EFFORT, List.of(efforts)));
    }

    private Exchange<ChatEvent> chat(ChatRequest request) throws GatewayException {
        return Ollama.chat(request, Auth.NONE, abilities);
    }

    /** The exchange that follows the answer to a look at the model. */
    private static Exchange<ChatEvent> next(Exchange<ChatEvent> show, String answer) throws GatewayException {
        assertThat(show.call().path()).isEqualTo("/api/show");
        List<Exchange<ChatEvent>> further = new ArrayList<>();
        Sink<ChatEvent> out = new Sink<>() {
            @Override
            public void event(ChatEvent event) {
                throw new AssertionError("a look is no answer");
            }

            @Override
            public void frame(ByteBuffer bytes, Meaning meaning) {
                throw new AssertionError("a look is no answer");
            }

            @Override
            public void then(Exchange<ChatEvent> next) {
                further.add(next);
            }
        };
        show.head(200, Recorder.headers(), out);
        show.body(ByteBuffer.wrap(Recorder.utf8(answer)), out);
        show.end(out);
        return further.get(0);
    }

    private static String body(HttpCall call) {
        return Recorder.text(call.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "high | none,low,medium,high | \"high\"",
                "xhigh | none,low,medium,high | \"high\"",
                "minimal | none,low,medium,high | \"low\"",
                "none | none,low,medium,high | false",
                "none | low,medium,high | \"low\"",
            })
    void anEffortIsToldInAWordThatTheModelTakes(String effort, String taken, String told) throws GatewayException {
        HttpCall call =
                chat(taking("m", Reasoning.effort(effort), taken.split(","))).call();

        assertThat(body(call)).contains("\"think\":" + told);
        assertThat(call.dropped()).isEmpty();
    }

    @Test
    void aModelThatDoesNotReasonIsNotToldTo() throws GatewayException {
        HttpCall effort = chat(taking("m", Reasoning.effort("high"))).call();
        HttpCall none = chat(taking("m", Reasoning.effort("none"))).call();

        assertThat(body(effort)).doesNotContain("think");
        assertThat(effort.dropped()).containsExactly("reasoning_effort");
        assertThat(body(none)).doesNotContain("think");
        assertThat(none.dropped()).isEmpty();
        HttpCall known = chat(Traits.on("ollama", asking("llama3.2:3b", Reasoning.effort("high"))))
                .call();
        assertThat(known.path()).isEqualTo("/api/chat");
        assertThat(known.dropped()).containsExactly("reasoning_effort");
    }

    @Test
    void theServerIsAskedOnceWhetherAModelReasons() throws GatewayException {
        ChatRequest high = asking("plain", Reasoning.effort("high"));
        Exchange<ChatEvent> look = chat(high);
        assertThat(body(look.call())).isEqualTo("{\"model\":\"plain\"}");
        HttpCall plain = next(look, SHOWN.formatted("")).call();

        assertThat(plain.path()).isEqualTo("/api/chat");
        assertThat(body(plain)).doesNotContain("think");
        assertThat(plain.dropped()).containsExactly("reasoning_effort");
        assertThat(chat(high).call().path()).isEqualTo("/api/chat");
        assertThat(body(chat(high).call())).doesNotContain("think");

        HttpCall able = next(chat(asking("able", Reasoning.effort("high"))), SHOWN.formatted(",\"thinking\""))
                .call();
        assertThat(body(able)).contains("\"think\":\"high\"");
        assertThat(body(chat(asking("able", Reasoning.effort("none"))).call())).contains("\"think\":false");
        assertThat(body(chat(asking("able", Reasoning.budget(9000))).call())).contains("\"think\":\"high\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[false,true] | medium | \"medium\"",
                "[false,true] | none | false",
                "[true] | none | \"low\"",
                "[\"low\",\"high\"] | none | \"low\"",
                "[\"low\",\"high\"] | max | \"high\"",
                "7 | max | \"max\"",
            })
    void theWordsThatAServerNamesAreThoseThatAreTold(String values, String effort, String told)
            throws GatewayException {
        String shown = "{\"capabilities\":[\"completion\",\"thinking\"],\"thinking\":{\"values\":" + values + "}}";

        assertThat(body(next(chat(asking("m", Reasoning.effort(effort))), shown).call()))
                .contains("\"think\":" + told);
    }

    @Test
    void aServerThatDoesNotSayIsToldTheEffortAndNotAskedAgain() throws GatewayException {
        for (String answer : List.of("{}", "[]", "{\"capabilities\":7}", "{\"capabilities\":[]}")) {
            String model = "m" + answer;
            assertThat(body(next(chat(asking(model, Reasoning.effort("high"))), answer)
                            .call()))
                    .contains("\"think\":\"high\"");
            assertThat(chat(asking(model, Reasoning.effort("high"))).call().path())
                    .isEqualTo("/api/chat");
        }
        assertThat(refused("other", "404 page not found")).isEqualTo(ErrorKind.UPSTREAM_UNAVAILABLE);
        assertThat(chat(asking("other", Reasoning.effort("high"))).call().path())
                .isEqualTo("/api/chat");
        assertThat(refused("missing", "{\"error\":\"model 'missing' not found\"}"))
                .isEqualTo(ErrorKind.MODEL_NOT_FOUND);
        assertThat(chat(asking("missing", Reasoning.effort("high"))).call().path())
                .isEqualTo("/api/show");
    }

    private ErrorKind refused(String model, String body) throws GatewayException {
        return chat(asking(model, Reasoning.effort("high")))
                .failure(404, Recorder.headers(), ByteBuffer.wrap(Recorder.utf8(body)))
                .kind();
    }

    @Test
    void nobodyIsAskedWhereNothingDependsOnIt() throws GatewayException {
        assertThat(chat(asking("m", null)).call().path()).isEqualTo("/api/chat");
        assertThat(chat(asking("m", Reasoning.dynamic())).call().path()).isEqualTo("/api/chat");
        assertThat(body(chat(asking("m", Reasoning.dynamic())).call())).doesNotContain("think");
        ChatRequest own = Recorder.chat("{\"model\":\"m\",\"messages\":[],\"think\":true}");
        assertThat(chat(own).call().path()).isEqualTo("/api/chat");
    }

    @Test
    void aToolsLongNameIsShortUpstreamAndWholeInTheAnswer() throws GatewayException {
        String name = "n".repeat(300);
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, "hi")))
                .tools(List.of(Tool.function(name, null, null)))
                .build();
        ChatRequest asked =
                Traits.on("ollama", ChatRequest.builder("m").content(content).build());
        String brief = Recorder.sent(asked).replaceAll(".*\"function\":\\{\"name\":\"([^\"]*)\".*", "$1");
        assertThat(brief).hasSize(256);

        String answer = "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":"
                + "[{\"id\":\"c\",\"function\":{\"name\":\"" + brief + "\",\"arguments\":{}}}]},\"done\":true}";
        assertThat(Recorder.answer(asked, answer)
                        .fold
                        .response()
                        .choices()
                        .get(0)
                        .parts())
                .containsExactly(new Part.ToolCall("c", name, "{}", Map.of()));
    }
}
