package dev.thanosgateway.dialect.anthropic;

import static dev.thanosgateway.dialect.anthropic.Recorder.foreign;
import static dev.thanosgateway.dialect.anthropic.Recorder.read;
import static dev.thanosgateway.dialect.anthropic.Recorder.said;
import static dev.thanosgateway.dialect.anthropic.Recorder.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Reasoning;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.tck.Traits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What models at endpoints of this language take, by the catalogue, is what their requests say. */
class FittingTest {
    private static final String NEWEST = "claude-opus-4-8";
    private static final String PREFILLS = "claude-haiku-4-5-20251001";
    private static final String UNFORCED = "claude-fable-5-1";
    private static final Part CALL = new Part.ToolCall("c", "f", "{}", Map.of());
    private static final Tool TOOL = Tool.function("f", null, null);

    private static Part result(Part... parts) {
        return new Part.ToolResult("c", List.of(parts), false, Map.of());
    }

    private static ChatContent messages(Message... messages) {
        return ChatContent.builder().messages(List.of(messages)).build();
    }

    private static String body(String model, Message... messages) throws GatewayException {
        return sent(foreign(messages(messages), model, false));
    }

    @Test
    void textOfWhiteSpaceOnlyIsLeftOutWhereverItStands() throws GatewayException {
        String sent = body(
                NEWEST,
                Message.of(Role.SYSTEM, List.of(new Part.Text("\n"), new Part.Text("S"))),
                Message.of(Role.USER, List.of(new Part.Text(" "), new Part.Text("q"), new Part.Text("\t"))),
                Message.of(Role.ASSISTANT, List.of(new Part.Text("\n\n"), CALL)),
                Message.of(Role.TOOL, List.of(result(new Part.Text(" \n")))),
                Message.text(Role.ASSISTANT, "\n"),
                Message.text(Role.USER, "well?"));

        assertThat(sent)
                .contains("\"system\":\"S\",")
                .contains("\"messages\":[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"assistant\",\"content\":"
                        + "[{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}]},{\"role\":\"user\","
                        + "\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\"},"
                        + "{\"type\":\"text\",\"text\":\"well?\"}]}]");
    }

    @Test
    void aPictureIsToldByTheTypeThatTheApiKnows() throws GatewayException {
        Part jpg = new Part.Image(new Part.Source.Data("image/jpg", "AA"), null, Map.of());
        Part heic = new Part.Image(new Part.Source.Data("image/heic", "AA"), null, Map.of());

        assertThat(body(NEWEST, Message.of(Role.USER, List.of(jpg)))).contains("\"media_type\":\"image/jpeg\"");
        assertThat(body(
                        NEWEST,
                        Message.text(Role.USER, "q"),
                        Message.of(Role.ASSISTANT, List.of(CALL)),
                        Message.of(Role.TOOL, List.of(result(jpg)))))
                .contains("\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\","
                        + "\"media_type\":\"image/jpeg\"");
        assertThatThrownBy(() -> body(NEWEST, Message.of(Role.USER, List.of(heic))))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                .hasFieldOrPropertyWithValue("parameter", "messages[0].content");
    }

    @Test
    void aTrailingAnswerBeginsTheNextOneOnlyWhereTheModelGoesOn() throws GatewayException {
        Message[] begun = {Message.text(Role.USER, "q"), Message.text(Role.ASSISTANT, "part of an answer")};

        assertThat(body(NEWEST, begun))
                .contains("{\"role\":\"assistant\",\"content\":\"part of an answer\"},{\"role\":\"user\",");
        assertThat(body(PREFILLS, begun)).contains("{\"role\":\"assistant\",\"content\":\"part of an answer\"}]");
        assertThat(body("glm-5", begun)).contains("{\"role\":\"assistant\",\"content\":\"part of an answer\"}]");
    }

    @Test
    void aForcedCallThatTheModelRefusesIsItsOwnChoiceAndNamed() throws GatewayException {
        ChatContent forced = said("hi")
                .tools(List.of(TOOL))
                .toolChoice(new ToolChoice.Named("f"))
                .build();

        assertThat(sent(foreign(forced, UNFORCED, false))).contains("\"tool_choice\":{\"type\":\"auto\"}");
        assertThat(dropped(forced, UNFORCED)).containsExactly("tool_choice");
        assertThat(sent(foreign(forced, NEWEST, false))).contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"}");
        assertThat(dropped(forced, NEWEST)).isEmpty();
    }

    private static List<String> dropped(ChatContent content, String model) throws GatewayException {
        return Anthropic.chat(foreign(content, model, false), Recorder.KEY)
                .call()
                .dropped();
    }

    @Test
    void aForcedCallIsRelayedAsTheModelsChoiceWithEverythingElseByteForByte() throws GatewayException {
        String body = "{\"model\":\"m\", \"max_tokens\":1.0,\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}],"
                + "\"tools\":[{\"name\":\"f\",\"x\":1.50}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\","
                + "\"disable_parallel_tool_use\":true},\"y\":1e2}";

        HttpCall refused = Anthropic.chat(Traits.on("anthropic", read(body).withModel(UNFORCED)), Recorder.KEY)
                .call();
        assertThat(new String(bytes(refused), StandardCharsets.UTF_8))
                .isEqualTo("{\"model\":\"" + UNFORCED + "\",\"max_tokens\":1.0,\"messages\":[{\"role\":\"user\","
                        + "\"content\":\"\\u00e9\"}],\"tools\":[{\"name\":\"f\",\"x\":1.50}],\"tool_choice\":"
                        + "{\"type\":\"auto\",\"disable_parallel_tool_use\":true},\"y\":1e2}");
        assertThat(refused.dropped()).containsExactly("tool_choice");
        assertThat(refused.relay()).isTrue();

        HttpCall taken = Anthropic.chat(Traits.on("anthropic", read(body).withModel(NEWEST)), Recorder.KEY)
                .call();
        assertThat(new String(bytes(taken), StandardCharsets.UTF_8))
                .isEqualTo(body.replace("\"m\"", "\"" + NEWEST + "\""));
        assertThat(taken.dropped()).isEmpty();
        for (String choice : List.of("{\"type\":\"auto\"}", "{\"type\":\"none\"}", "{\"type\":7}", "7", "null")) {
            String other = body.replaceAll("\"tool_choice\":\\{[^}]*}", "\"tool_choice\":" + choice);
            assertThat(sent(Traits.on("anthropic", read(other).withModel(UNFORCED))))
                    .contains("\"tool_choice\":" + choice);
        }
    }

    private static byte[] bytes(HttpCall call) {
        return MessagesOriginal.copy(call.body());
    }

    private static HttpCall relayed(String model, String rest) throws GatewayException {
        return Anthropic.chat(Traits.on("anthropic", read("{\"model\":\"" + model + "\"," + rest + "}")), Auth.BEARER)
                .call();
    }

    private static String text(HttpCall call) {
        return StandardCharsets.UTF_8.decode(call.body()).toString();
    }

    @Test
    void aRelayedTrailingAnswerIsFollowedByAUsersTurnWhereTheModelDoesNotGoOn() throws GatewayException {
        String user = "{\"role\":\"user\",\"content\":\"say \\\"assistant\\\"\"}";
        String ends = "\"max_tokens\":9,\"messages\":[" + user
                + ",{\"content\":[{\"type\":\"text\",\"text\":\"so\",\"x\":1.0}],\"role\":\"assistant\"}]";
        String more = "," + "{\"role\":\"user\",\"content\":\"Continue.\"}]";

        assertThat(text(relayed(NEWEST, ends)))
                .isEqualTo("{\"model\":\"" + NEWEST + "\"," + ends.substring(0, ends.length() - 1) + more + "}");
        assertThat(text(relayed(NEWEST, "\"max_tokens\":9,\"messages\":[{\"role\":\"assistant\",\"content\":\"so\"}]")))
                .contains(more);
        for (String whole : List.of(
                ends.replace("[" + user, "[").replace("[,", "[").replace("\"text\",", "\"server_tool_use\","),
                "\"max_tokens\":9,\"messages\":[{\"role\":\"assistant\",\"content\":\"so\"}," + user + "]")) {
            assertThat(text(relayed(NEWEST, whole))).isEqualTo("{\"model\":\"" + NEWEST + "\"," + whole + "}");
        }
        assertThat(text(relayed(PREFILLS, ends))).isEqualTo("{\"model\":\"" + PREFILLS + "\"," + ends + "}");
    }

    @Test
    void relayedSamplingThatTheModelRefusesIsLeftOutAndNamed() throws GatewayException {
        String rest = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"x\":1.0";
        String sampling = "\"temperature\":0.5,\"top_p\":1.0,";

        HttpCall none = relayed(NEWEST, sampling + rest);
        assertThat(text(none)).isEqualTo("{\"model\":\"" + NEWEST + "\"," + rest + "}");
        assertThat(none.dropped()).containsExactly("temperature", "top_p");
        HttpCall one = relayed(PREFILLS, sampling + rest);
        assertThat(text(one)).isEqualTo("{\"model\":\"" + PREFILLS + "\",\"temperature\":0.5," + rest + "}");
        assertThat(one.dropped()).containsExactly("top_p");
        assertThat(relayed(PREFILLS, "\"top_p\":1.0," + rest).dropped()).isEmpty();
    }

    @Test
    void anObjectIsAskedForInWordsWhereNoCallCanBeForced() throws GatewayException {
        ChatContent.Builder asked = said("hi").responseFormat(new ResponseFormat.JsonObject());

        assertThat(sent(foreign(asked.build(), UNFORCED, false)))
                .contains("Answer with one JSON object")
                .doesNotContain("tool_choice");
        assertThat(sent(foreign(asked.build(), NEWEST, false))).contains("\"tool_choice\"");
    }

    @Test
    void thoughtsGoBackUnsignedToEndpointsThatSignNothing() throws GatewayException {
        Message[] turns = {
            Message.text(Role.USER, "q"),
            Message.of(
                    Role.ASSISTANT,
                    List.of(
                            new Part.Reasoning("mine", null, Map.of()),
                            new Part.Reasoning("gemini's", "gemini:AA", Map.of()),
                            CALL)),
            Message.of(Role.TOOL, List.of(result(new Part.Text("r"))))
        };
        String kept = "{\"type\":\"thinking\",\"thinking\":\"mine\",\"signature\":\"\"}";
        ChatContent content = ChatContent.builder()
                .messages(List.of(turns))
                .reasoning(Reasoning.effort("high"))
                .build();

        assertThat(sent(foreign("anthropic-compatible", content, "glm-5", false)))
                .contains(kept)
                .contains("\"thinking\":{\"type\":\"enabled\"")
                .doesNotContain("gemini");
        assertThat(sent(foreign(content, NEWEST, false))).doesNotContain("mine", "gemini");
    }

    @Test
    void thoughtsAreRelayedUnsignedToEndpointsThatSignNothing() throws GatewayException {
        String mine = "{\"type\":\"thinking\",\"thinking\":\"t\"}";
        String empty = "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"\"}";
        String other = "{\"type\":\"thinking\",\"thinking\":\"g\",\"signature\":\"gemini:AA\"}";
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":[" + mine + "," + empty + ","
                + other + "]}]}";

        assertThat(sent(Traits.on("anthropic-compatible", read(body)))).isEqualTo(body.replace("," + other, ""));
        assertThat(sent(Traits.on("anthropic", read(body)))).isEqualTo(body.replaceAll("\\[\\{\"type.*}]}]", "[]}]"));
        String unmarked = body.replace("," + other, "");
        assertThat(sent(Traits.on("anthropic-compatible", read(unmarked)))).isEqualTo(unmarked);
    }

    @Test
    void anEffortStaysBehindACallWhoseThoughtsAreLost() throws GatewayException {
        ChatContent content = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "q"),
                        Message.of(Role.ASSISTANT, List.of(CALL)),
                        Message.of(Role.TOOL, List.of(result(new Part.Text("r"))))))
                .reasoning(Reasoning.effort("high"))
                .build();

        assertThat(sent(foreign(content, NEWEST, false)))
                .contains("\"thinking\":{\"type\":\"adaptive\"}")
                .contains("\"output_config\":{\"effort\":\"high\"}");
        assertThat(dropped(content, NEWEST)).isEmpty();
        assertThat(dropped(content, PREFILLS)).containsExactly("reasoning_effort");
    }

    @Test
    void howMuchIsLeftToTheModelIsSaidInItsWords() throws GatewayException {
        ChatContent content =
                said("hi").reasoning(Reasoning.dynamic().withVisible(true)).build();

        assertThat(sent(foreign(content, NEWEST, false)))
                .contains("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}")
                .doesNotContain("effort");
        for (String model : List.of(PREFILLS, "glm-5")) {
            assertThat(sent(foreign(content, model, false)))
                    .contains("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":8192");
        }
        assertThat(sent(foreign(content, "claude-3-haiku-20240307", false))).doesNotContain("thinking", "effort");
        for (String model : List.of(NEWEST, PREFILLS, "claude-3-haiku-20240307", "glm-5")) {
            assertThat(dropped(content, model)).isEmpty();
        }
    }

    @Test
    void aLimitIsNoHigherThanTheModelsAndAUserNoLonger() throws GatewayException {
        ChatContent content =
                said("hi").maxOutputTokens(999_999L).user("u".repeat(300)).build();

        assertThat(sent(foreign(content, "claude-3-haiku-20240307", false)))
                .contains("\"max_tokens\":4096")
                .containsPattern("\"user_id\":\"[0-9a-f]{64}\"");
    }

    @Test
    void aToolsLongNameIsShortUpstreamAndWholeInTheAnswer() throws GatewayException {
        String name = "n".repeat(129);
        ChatContent content =
                said("hi").tools(List.of(Tool.function(name, null, null))).build();
        String sent = sent(foreign(content, NEWEST, false));
        String brief = sent.replaceAll(".*\"tools\":\\[\\{\"name\":\"([^\"]*)\".*", "$1");

        assertThat(brief).hasSize(128);
        String answer = "{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"" + brief
                + "\",\"input\":{}}],\"stop_reason\":\"tool_use\"}";
        ChatResponse response =
                Recorder.whole(foreign(content, NEWEST, false), answer).response();
        assertThat(response.choices().get(0).parts()).containsExactly(new Part.ToolCall("t", name, "{}", Map.of()));
    }
}
