package dev.thanosgateway.wire.request;

import static dev.thanosgateway.wire.request.ModelFitTest.fit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FittedMessagesTest {
    private static final Message QUESTION = Message.text(Role.USER, "q");
    private static final Message SYSTEM = Message.text(Role.SYSTEM, "s");
    private static final Part.Image PICTURE = image("image/png");

    private static Part.Image image(String type) {
        return new Part.Image(new Part.Source.Data(type, "AAAA"), null, Map.of());
    }

    private static Part call(String id) {
        return new Part.ToolCall(id, "f", "{}", Map.of());
    }

    private static Part result(String id, Part... parts) {
        return new Part.ToolResult(id, List.of(parts), false, Map.of());
    }

    private static List<Message> fitted(List<Message> messages, String... traits) throws GatewayException {
        return fit(ChatContent.builder().messages(messages).build(), traits)
                .content()
                .messages();
    }

    /** The ids of calls and, with a mark before them, of results, in order. */
    private static List<String> ids(List<Message> messages) {
        List<String> ids = new ArrayList<>();
        for (Message message : messages) {
            for (Part part : message.parts()) {
                if (part instanceof Part.ToolCall call) {
                    ids.add(call.id());
                } else if (part instanceof Part.ToolResult result) {
                    ids.add("=" + result.callId());
                }
            }
        }
        return ids;
    }

    @Test
    void idsThatAreFineStayAsTheyAre() throws GatewayException {
        List<Message> messages = List.of(
                QUESTION,
                Message.of(Role.ASSISTANT, List.of(call("a"), call("b"))),
                Message.of(Role.TOOL, List.of(result("b"))),
                Message.of(Role.TOOL, List.of(result("a"))));

        assertThat(fitted(messages)).isEqualTo(messages);
    }

    @Test
    void anIdOfAnEarlierTurnIsMadeAnother() throws GatewayException {
        List<Message> turn =
                List.of(Message.of(Role.ASSISTANT, List.of(call("a"))), Message.of(Role.TOOL, List.of(result("a"))));
        List<Message> messages = new ArrayList<>(List.of(QUESTION));
        messages.addAll(turn);
        messages.addAll(turn);
        messages.addAll(turn);

        List<String> ids = ids(fitted(messages));
        assertThat(ids.subList(0, 2)).containsExactly("a", "=a");
        assertThat(ids.get(2)).isNotEqualTo("a").isNotEmpty();
        assertThat(ids.get(3)).isEqualTo("=" + ids.get(2));
        assertThat(ids.get(4)).isNotIn("a", ids.get(2));
        assertThat(ids.get(5)).isEqualTo("=" + ids.get(4));
        // A conversation that goes on keeps the ids of its beginning.
        assertThat(ids(fitted(messages.subList(0, 5)))).isEqualTo(ids.subList(0, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "same"})
    void callsOfOneTurnThatShareAnIdAreAnsweredInTheirOrder(String id) throws GatewayException {
        List<String> ids = ids(fitted(List.of(
                QUESTION,
                Message.of(Role.ASSISTANT, List.of(call(id), call(id))),
                Message.of(Role.TOOL, List.of(result(id))),
                Message.of(Role.TOOL, List.of(result(id))))));

        assertThat(ids.get(0)).isNotEmpty();
        assertThat(ids.get(1)).isNotEmpty().isNotEqualTo(ids.get(0));
        assertThat(ids.subList(2, 4)).containsExactly("=" + ids.get(0), "=" + ids.get(1));
    }

    @Test
    void idsHaveTheLengthThatIsTaken() throws GatewayException {
        List<Message> messages = List.of(
                QUESTION,
                Message.of(Role.ASSISTANT, List.of(call("call_" + "x".repeat(60)), call("abcDEF123"))),
                Message.of(Role.TOOL, List.of(result("call_" + "x".repeat(60)), result("abcDEF123"))));

        List<String> exact = ids(fitted(messages, "tool_id_length", "9"));
        assertThat(exact.get(0)).matches("[a-z0-9]{9}");
        assertThat(exact).element(1).isEqualTo("abcDEF123");
        assertThat(exact.subList(2, 4)).containsExactly("=" + exact.get(0), "=abcDEF123");

        List<String> shorter = ids(fitted(messages, "tool_id_max", "40"));
        assertThat(shorter.get(0)).hasSizeLessThanOrEqualTo(40);
        assertThat(shorter.get(2)).isEqualTo("=" + shorter.get(0));
    }

    @Test
    void aLimitThatLeavesNoRoomForIdsDoesNotHang() throws GatewayException {
        List<Part> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(call(""));
        }
        List<Message> messages = List.of(QUESTION, Message.of(Role.ASSISTANT, calls));

        assertThat(ids(fitted(messages, "tool_id_max", "8"))).doesNotHaveDuplicates();
        assertThat(ids(fitted(messages, "tool_id_length", "8"))).doesNotHaveDuplicates();
        assertThat(ids(fitted(messages, "tool_id_max", "99999999999"))).doesNotHaveDuplicates();
    }

    @Test
    void textOfWhiteSpaceBesideSomethingElseIsLeftOut() throws GatewayException {
        List<Message> fitted = fitted(List.of(
                Message.of(Role.USER, List.of(new Part.Text(" "), PICTURE)),
                Message.of(Role.ASSISTANT, List.of(new Part.Text("\n\n"), call("a"))),
                Message.of(Role.TOOL, List.of(result("a", new Part.Text("r")), new Part.Text("\t"))),
                Message.of(Role.ASSISTANT, List.of(new Part.Reasoning("t", null, Map.of()), new Part.Text("\n"))),
                Message.text(Role.USER, "\n"),
                Message.of(Role.USER, List.of(new Part.Text("a"), new Part.Text("\n"), new Part.Text("b")))));

        assertThat(fitted).extracting(message -> message.parts().size()).containsExactly(1, 1, 1, 2, 1, 3);
    }

    @Test
    void aTrailingAnswerIsFollowedByAUserWhereItWouldBeRefused() throws GatewayException {
        List<Message> begun = List.of(QUESTION, Message.text(Role.ASSISTANT, "part of an answer"));

        assertThat(fitted(begun)).isEqualTo(begun);
        assertThat(fitted(begun, "prefill", "yes")).isEqualTo(begun);
        assertThat(fitted(begun, "prefill", "no")).hasSize(3).startsWith(begun.toArray(Message[]::new));
        assertThat(fitted(begun, "prefill", "no").get(2).role()).isEqualTo(Role.USER);
        List<Message> calling = List.of(QUESTION, Message.of(Role.ASSISTANT, List.of(new Part.Text("x"), call("a"))));
        assertThat(fitted(calling, "prefill", "no")).isEqualTo(calling);
        List<Message> instructed =
                List.of(QUESTION, Message.text(Role.ASSISTANT, "x"), Message.text(Role.USER, ""), SYSTEM);
        assertThat(fitted(instructed, "prefill", "no")).hasSize(5);
        List<Message> empty = List.of(QUESTION, Message.text(Role.ASSISTANT, " "));
        assertThat(fitted(empty, "prefill", "no")).isEqualTo(empty);
    }

    @Test
    void picturesOfToolsFollowAllResultsOfTheirTurnWhereAResultCannotHoldThem() throws GatewayException {
        Part page = new Part.Document(new Part.Source.Data("application/pdf", "AAAA"), null, Map.of());
        Part note = new Part.Document(new Part.Source.Data("text/plain", "AAAA"), null, Map.of());
        List<Message> messages = List.of(
                QUESTION,
                Message.of(Role.ASSISTANT, List.of(call("a"), call("b"))),
                Message.of(Role.TOOL, List.of(result("a", new Part.Text("one"), PICTURE))),
                Message.of(Role.TOOL, List.of(result("b", page, note))),
                Message.text(Role.ASSISTANT, "seen"));

        assertThat(fitted(messages)).isEqualTo(messages);
        assertThat(fitted(messages, "image_places", "user,tool")).isEqualTo(messages);
        List<Message> moved = fitted(messages, "image_places", "user");
        assertThat(moved).hasSize(6);
        assertThat(moved.get(2).parts()).containsExactly(result("a", new Part.Text("one")));
        assertThat(moved.get(3).parts()).containsExactly(result("b", note));
        assertThat(moved.get(4).role()).isEqualTo(Role.USER);
        assertThat(moved.get(4).parts())
                .containsExactly(
                        new Part.Text("From the tool call a:"), PICTURE, new Part.Text("From the tool call b:"), page);
        assertThat(moved.get(5)).isSameAs(messages.get(4));
    }

    @Test
    void aResultThatWasAPictureAloneStillSaysSomething() throws GatewayException {
        List<Message> moved = fitted(
                List.of(
                        QUESTION,
                        Message.of(Role.ASSISTANT, List.of(call("a"))),
                        Message.of(Role.USER, List.of(result("a", PICTURE), new Part.Text("well?")))),
                "image_places",
                "user");

        assertThat(moved).hasSize(4);
        assertThat(((Part.ToolResult) moved.get(2).parts().get(0)).content())
                .singleElement()
                .isInstanceOf(Part.Text.class);
        assertThat(moved.get(3).parts()).contains(PICTURE);
    }

    @Test
    void picturesOfAnAssistantFollowItsTurnAndTheResultsOfItsCalls() throws GatewayException {
        Part.Image made = image("image/webp");
        Message well = Message.text(Role.USER, "well?");
        List<Message> messages = List.of(
                QUESTION,
                Message.of(Role.ASSISTANT, List.of(made)),
                Message.of(Role.ASSISTANT, List.of(new Part.Text("look"), PICTURE, call("a"))),
                Message.of(Role.TOOL, List.of(result("a", new Part.Text("done")))),
                well);

        assertThat(fitted(messages, "image_places", "user,assistant")).isEqualTo(messages);
        Part from = new Part.Text("From the assistant's answer:");
        List<Message> moved = fitted(messages, "image_places", "user,tool");
        assertThat(moved).hasSize(7);
        assertThat(moved.get(1).text()).isNotBlank();
        assertThat(moved.get(2).parts()).containsExactly(from, made);
        assertThat(moved.get(3).parts()).containsExactly(new Part.Text("look"), call("a"));
        assertThat(moved.get(4)).isSameAs(messages.get(3));
        assertThat(moved.get(5).parts()).containsExactly(from, PICTURE);
        assertThat(moved)
                .extracting(Message::role)
                .containsExactly(Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER, Role.USER);
        assertThat(moved.get(6)).isSameAs(well);
    }

    @Test
    void aPictureThatEndsAConversationIsStillShown() throws GatewayException {
        List<Message> moved =
                fitted(List.of(QUESTION, Message.of(Role.ASSISTANT, List.of(PICTURE))), "image_places", "user");

        assertThat(moved).extracting(Message::role).containsExactly(Role.USER, Role.ASSISTANT, Role.USER);
        assertThat(moved.get(2).parts()).contains(PICTURE);
    }

    @Test
    void aPictureHasTheNameOfItsTypeThatVendorsKnow() throws GatewayException {
        for (String type : List.of("image/jpg", "image/JPG", "image/pjpeg", "image/x-jpeg")) {
            assertThat(fitted(List.of(Message.of(Role.USER, List.of(image(type)))))
                            .get(0)
                            .parts())
                    .containsExactly(image("image/jpeg"));
        }
        Part inside = result("a", image("image/jpg"));
        assertThat(fitted(List.of(Message.of(Role.TOOL, List.of(inside))))
                        .get(0)
                        .parts())
                .containsExactly(result("a", image("image/jpeg")));
    }

    @Test
    void aPictureOfATypeThatIsNotTakenIsUnsupported() throws GatewayException {
        List<Message> heic = List.of(QUESTION, Message.of(Role.USER, List.of(image("image/heic"))));

        assertThat(fitted(heic)).isEqualTo(heic);
        assertThat(fitted(heic, "images", "image/heic")).isEqualTo(heic);
        assertThatThrownBy(() -> fitted(heic, "images", "image/png,image/jpeg"))
                .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                .hasFieldOrPropertyWithValue("parameter", "messages[1].content")
                .hasMessageContaining("takes images of image/png, image/jpeg, not image/heic");
        assertThatThrownBy(() -> fitted(heic, "images", "")).hasMessageContaining("takes no images");
    }

    @Test
    void aDeveloperSpeaksAsTheSystemWhereTheRoleIsUnknown() throws GatewayException {
        Message developer =
                Message.of(Role.DEVELOPER, List.of(new Part.Text("d"))).withName("n");

        assertThat(fitted(List.of(developer, QUESTION))).containsExactly(developer, QUESTION);
        Message system = fitted(List.of(developer, QUESTION), "developer", "no").get(0);
        assertThat(system.role()).isEqualTo(Role.SYSTEM);
        assertThat(system.name()).isEqualTo("n");
    }
}
