package dev.thanosgateway.wire.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.ResponseFormat;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerFormTest {
    private static final Json PERSON =
            new Json("{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\"}}}");

    private static ResponseFormat schema(Json schema, @Nullable Boolean strict) {
        return new ResponseFormat.JsonSchema("person", null, schema, strict);
    }

    private static ChatContent asking(ResponseFormat format, Message... messages) {
        return ChatContent.builder()
                .messages(List.of(messages))
                .responseFormat(format)
                .build();
    }

    private static Message user(String text) {
        return Message.text(Role.USER, text);
    }

    @Test
    void aSchemaThatTheModelTakesStaysAsItIs() throws GatewayException {
        for (String[] traits : List.of(new String[] {}, new String[] {"schemas", "yes", "json_objects", "no"})) {
            ChatContent content = asking(schema(PERSON, true), user("hi"));
            ModelFit fit = ModelFitTest.fit(content, traits);

            assertThat(fit.content().responseFormat()).isEqualTo(content.responseFormat());
            assertThat(fit.content().messages()).isEqualTo(content.messages());
            assertThat(fit.dropped()).isEmpty();
        }
    }

    @Test
    void aSchemaThatIsNotTakenIsToldInWordsAndTheAnswerHeldToJson() throws GatewayException {
        ModelFit fit = ModelFitTest.fit(asking(schema(PERSON, true), user("hi")), "schemas", "no");

        assertThat(fit.content().responseFormat()).isEqualTo(new ResponseFormat.JsonObject());
        assertThat(fit.content().messages()).hasSize(2);
        Message instruction = fit.content().messages().get(0);
        assertThat(instruction.role()).isEqualTo(Role.SYSTEM);
        assertThat(instruction.text()).contains("JSON", PERSON.text());
        assertThat(fit.dropped()).containsExactly("response_format.strict");
    }

    @Test
    void onlyAnAnswerThatNeedNotMatchLosesNothing() throws GatewayException {
        assertThat(ModelFitTest.fit(asking(schema(PERSON, false), user("hi")), "schemas", "no")
                        .dropped())
                .isEmpty();
        assertThat(ModelFitTest.fit(asking(schema(PERSON, null), user("hi")), "schemas", "no")
                        .dropped())
                .containsExactly("response_format.strict");
    }

    @Test
    void theWordsStandBehindTheInstructionsThatAreThere() throws GatewayException {
        Message rules = Message.text(Role.DEVELOPER, "Be kind.").withName("n");
        Message first = Message.text(Role.SYSTEM, "Be brief.");
        List<Message> messages = ModelFitTest.fit(
                        asking(schema(PERSON, true), first, rules, user("hi")), "schemas", "no")
                .content()
                .messages();

        assertThat(messages).hasSize(3);
        assertThat(messages.get(0)).isSameAs(first);
        assertThat(messages.get(1).name()).isEqualTo("n");
        assertThat(messages.get(1).role()).isEqualTo(Role.DEVELOPER);
        assertThat(messages.get(1).parts()).hasSize(1);
        assertThat(messages.get(1).text()).startsWith("Be kind.\n\nAnswer with").contains(PERSON.text());
    }

    @Test
    void anAnswerThatIsNoObjectIsNotHeldToOne() throws GatewayException {
        ModelFit fit =
                ModelFitTest.fit(asking(schema(new Json("{\"type\":\"array\"}"), true), user("hi")), "schemas", "no");

        assertThat(fit.content().responseFormat()).isNull();
        assertThat(fit.content().messages().get(0).text()).contains("{\"type\":\"array\"}");
    }

    @Test
    void anyObjectIsTheSchemaOfOneWhereOnlySchemasAreTaken() throws GatewayException {
        ModelFit fit = ModelFitTest.fit(
                asking(new ResponseFormat.JsonObject(), user("as JSON")), "json_objects", "no", "schemas", "yes");

        assertThat(fit.content().responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("answer", null, new Json("{\"type\":\"object\"}"), null));
        assertThat(fit.dropped()).isEmpty();
    }

    @Test
    void aModelThatCannotBeHeldToJsonIsNotAskedForIt() {
        for (ResponseFormat format : List.of(new ResponseFormat.JsonObject(), schema(PERSON, true))) {
            assertThatThrownBy(
                            () -> ModelFitTest.fit(asking(format, user("hi")), "schemas", "no", "json_objects", "no"))
                    .hasFieldOrPropertyWithValue("kind", ErrorKind.UNSUPPORTED)
                    .hasFieldOrPropertyWithValue("parameter", "response_format");
        }
    }

    @Test
    void aConversationThatAsksForJsonHasTheWordWhereItIsRequired() throws GatewayException {
        ResponseFormat object = new ResponseFormat.JsonObject();
        ChatContent named = asking(object, Message.text(Role.SYSTEM, "Write json."), user("hi"));

        ChatContent silent = asking(object, user("hi"));
        assertThat(ModelFitTest.fit(silent).content().messages()).isEqualTo(silent.messages());
        assertThat(ModelFitTest.fit(named, "json_word", "yes").content().messages())
                .isEqualTo(named.messages());
        assertThat(ModelFitTest.fit(silent, "json_word", "yes")
                        .content()
                        .messages()
                        .get(0)
                        .text())
                .contains("JSON object");
    }

    @Test
    void aLanguageWithWaysOfItsOwnKeepsTheForm() throws GatewayException {
        ChatContent content = asking(schema(PERSON, true), user("hi"));
        ModelFit fit = ModelFit.keepingForm(ChatRequest.builder("x")
                .content(content)
                .build()
                .withTarget("m", ModelFitTest.traits("schemas", "no")));

        assertThat(fit.content().responseFormat()).isEqualTo(content.responseFormat());
        assertThat(fit.content().messages()).isEqualTo(content.messages());
        assertThat(fit.dropped()).isEmpty();
    }

    @Test
    void aToolIsStrictOnlyWhereSchemasAreTaken() throws GatewayException {
        ChatContent content = ModelFitTest.said("hi")
                .tools(List.of(
                        Tool.function("f", "d", null).withStrict(true),
                        Tool.function("g", null, null).withStrict(false)))
                .build();
        ModelFit fit = ModelFitTest.fit(content, "schemas", "no");

        assertThat(fit.content().tools().get(0).strict()).isNull();
        assertThat(fit.content().tools().get(0).description()).isEqualTo("d");
        assertThat(fit.content().tools().get(1).strict()).isFalse();
        assertThat(fit.dropped()).containsExactly("tools.strict");
        assertThat(ModelFitTest.fit(content).content().tools()).isEqualTo(content.tools());
    }
}
