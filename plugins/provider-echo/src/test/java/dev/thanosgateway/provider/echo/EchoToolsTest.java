package dev.thanosgateway.provider.echo;

import static dev.thanosgateway.provider.echo.Asking.CLOCK;
import static dev.thanosgateway.provider.echo.Asking.WEATHER;
import static dev.thanosgateway.provider.echo.Asking.answer;
import static dev.thanosgateway.provider.echo.Asking.call;
import static dev.thanosgateway.provider.echo.Asking.request;
import static dev.thanosgateway.provider.echo.Asking.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoToolsTest {
    @Test
    void aToolThatTheMessageNamesIsCalled() throws Exception {
        ChatResponse answer = answer(saying("please get_weather in Oslo").tools(List.of(CLOCK, WEATHER)));
        assertThat(call(answer).name()).isEqualTo("get_weather");
        assertThat(call(answer).arguments()).isEqualTo("{\"city\":\"please get_weather in Oslo\",\"days\":1}");
        assertThat(answer.choices().get(0).reason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void aNameInsideAnotherWordIsNoCall() throws Exception {
        ChatResponse answer = answer(saying("go clockwise, o-clock").tools(List.of(CLOCK)));
        assertThat(answer.choices().get(0).text()).isEqualTo("go clockwise, o-clock");
    }

    @Test
    void everyNamedToolIsCalledUnlessCallsMayNotBeParallel() throws Exception {
        ChatContent.Builder both = saying("get_weather and clock").tools(List.of(CLOCK, WEATHER));
        assertThat(answer(both).choices().get(0).parts())
                .extracting(p -> ((Part.ToolCall) p).name())
                .containsExactly("clock", "get_weather");
        assertThat(answer(both.parallelToolCalls(false)).choices().get(0).parts())
                .hasSize(1);
    }

    @Test
    void aRequiredToolIsTheFirst() throws Exception {
        ChatResponse answer = answer(saying("hi").tools(List.of(CLOCK, WEATHER)).toolChoice(new ToolChoice.Required()));
        assertThat(call(answer).name()).isEqualTo("clock");
        assertThat(call(answer).arguments()).isEqualTo("{}");
    }

    @Test
    void aNamedChoiceIsCalled() throws Exception {
        ChatResponse answer =
                answer(saying("clock").tools(List.of(CLOCK, WEATHER)).toolChoice(new ToolChoice.Named("get_weather")));
        assertThat(answer.choices().get(0).parts()).hasSize(1);
        assertThat(call(answer).name()).isEqualTo("get_weather");
    }

    @Test
    void noToolIsCalledWhereNoneMayBe() throws Exception {
        ChatResponse answer = answer(saying("clock").tools(List.of(CLOCK)).toolChoice(new ToolChoice.None()));
        assertThat(answer.choices().get(0).text()).isEqualTo("clock");
    }

    @Test
    void aChoiceOfAToolThatIsNotThereIsTheCallersFault() {
        EchoProviderTest.assertInvalid(
                request(saying("hi").tools(List.of(CLOCK)).toolChoice(new ToolChoice.Named("other"))), "tool_choice");
        EchoProviderTest.assertInvalid(request(saying("hi").toolChoice(new ToolChoice.Required())), "tool_choice");
    }

    @Test
    void callIdsDifferFromTurnToTurn() throws Exception {
        String first = call(answer(saying("clock").tools(List.of(CLOCK)))).id();
        ChatContent.Builder later = ChatContent.builder()
                .messages(List.of(
                        Message.text(Role.USER, "clock"),
                        Message.text(Role.ASSISTANT, "noon"),
                        Message.text(Role.USER, "clock")))
                .tools(List.of(CLOCK));
        assertThat(call(answer(later)).id()).isNotEqualTo(first);
    }

    @Test
    void aTokenLimitCutsArgumentsToo() throws Exception {
        ChatResponse answer =
                answer(saying("get_weather in Oslo").tools(List.of(WEATHER)).maxOutputTokens(1L));
        assertThat(call(answer).arguments()).isEqualTo("{\"city\":\"get_weather ");
        assertThat(answer.choices().get(0).reason()).isEqualTo(FinishReason.LENGTH);
    }
}
