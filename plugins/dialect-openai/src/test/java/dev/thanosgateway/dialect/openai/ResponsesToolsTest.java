package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.dialect.HttpBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tool fields in a request without tools, deferred tools, and truncated calls. */
class ResponsesToolsTest {
    private static List<ChatEvent> cut(String name, String arguments, FinishReason reason) {
        return List.of(
                new ChatEvent.ToolCallStart(0, 0, "c1", name),
                new ChatEvent.ToolCallDelta(0, 0, arguments),
                new ChatEvent.TextDelta(0, "and so on"),
                new ChatEvent.ChoiceFinished(0, reason, null));
    }

    private static String done(String name, String arguments, FinishReason reason) throws GatewayException {
        ChatRequest request = CustomToolsTest.ask("'input':'go'," + CustomToolsTest.TOOLS);
        return CustomToolsTest.told(request, cut(name, arguments, reason)).stream()
                .filter(event -> event.contains("'output_item.done'") && event.contains("'call_id'"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "local_shell|{\"command\":[\"rm\",\"-rf\",\"/tmp|'command':[]",
                "local_shell|[\"rm\",\"-rf\",\"/tmp|'command':[]",
                "local_shell|\"rm -rf /tmp|'command':[]",
                "shell|{\"commands\":[\"echo $(touch /tmp/pwn)|'commands':[]",
                "agents__close|{\"x\":|'arguments':'{\\'x\\':'",
                "agents__say|{\"input\":\"z|'input':'z'",
                "agents__say|{\"inp|'input':''",
            })
    void aCallThatWasCutIsIncompleteAndNoCommand(String name, String arguments, String item) throws GatewayException {
        for (FinishReason reason : List.of(FinishReason.LENGTH, FinishReason.TOOL_CALLS)) {
            String done = done(name, arguments, reason);
            assertThat(done).contains(item);
            assertThat(done).contains("'status':'incomplete'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "local_shell|{\"commands\":[\"ls -l\",\"pwd\"]}|'command':['bash','-lc','ls -l\\npwd']",
                "local_shell|{\"cmd\":\"ls -l\"}|'command':['bash','-lc','ls -l']",
                "shell|{\"command\":[\"ls\",\"a b\",\"$(c)\"]}|'commands':['ls 'a b' '$(c)'']",
                "shell|{\"command\":[\"bash\",\"-lc\",\"ls && wc\"]}|'commands':['ls && wc']",
                "shell|{\"command\":[1]}|'commands':[]",
                "shell|[\"ls -l\",\"pwd\"]|'commands':['ls -l','pwd']",
            })
    void theSisterToolsFormIsUnderstood(String name, String arguments, String item) throws GatewayException {
        assertThat(done(name, arguments, FinishReason.TOOL_CALLS)).contains("'status':'completed'", item);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"input\":\"z\"}", "{\"input\":\"z\"", "z", "{\"text\":\"z\"}"})
    void aCallInAnotherFormIsWhole(String arguments) throws GatewayException {
        assertThat(done("agents__say", arguments, FinishReason.TOOL_CALLS))
                .contains("'status':'completed'", "'input':'z'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tools':[],'tool_choice':'auto'",
                "'tool_choice':'none'",
                "'tools':[{'type':'namespace','name':'n','tools':[]}],'tool_choice':'auto'",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'allowed_tools','mode':'auto','tools':[]}",
            })
    void withoutToolsNothingIsSaidAboutThem(String fields) throws GatewayException {
        JsonNode sent = CustomToolsTest.sent(CustomToolsTest.ask("'input':'go','parallel_tool_calls':true," + fields));

        assertThat(sent.propertyNames()).doesNotContain("tools", "tool_choice", "parallel_tool_calls");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tools':[],'tool_choice':'required'|tool_choice",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'allowed_tools','mode':'required','tools':[]}|tool_choice",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'function','name':'g'}|tool_choice.name",
                "'tools':[{'type':'custom','name':'f'}],'tool_choice':{'type':'function','name':'f'}|tool_choice.name",
                "'tools':[{'type':'function','name':'f'}],'tool_choice':{'type':'apply_patch'}|tool_choice.type",
                "'tools':[{'type':'namespace','name':'a','tools':[{'type':'function','name':'f'}]},{'type':'namespace','name':'b','tools':[{'type':'function','name':'f'}]}],'tool_choice':{'type':'function','name':'f'}|tool_choice.name",
            })
    void aForcedCallOfWhatIsNotOfferedIsRefused(String fields, String field) throws GatewayException {
        ChatRequest request = CustomToolsTest.ask("'input':'go'," + fields);
        GatewayException refused = catchThrowableOfType(GatewayException.class, request::content);

        assertThat(refused.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(refused.parameter()).isEqualTo(field);
    }

    @Test
    void ofAllowedToolsThoseThatAreNotOfferedCountForNothing() throws GatewayException {
        JsonNode sent = CustomToolsTest.sent(CustomToolsTest.ask("'input':'go','tools':[{'type':'function','name':'f'},"
                + "{'type':'function','name':'g'}],'tool_choice':{'type':'allowed_tools','mode':'auto','tools':["
                + "{'type':'function','name':'g'},{'type':'function','name':'gone'}]}"));

        assertThat(sent.path("tools").findValuesAsString("name")).containsExactly("g");
    }

    @Test
    void toolsThatWaitForASearchAreLoaded() throws GatewayException {
        String later =
                "{'type':'function','name':'b','defer_loading':true},{'type':'custom','name':'c','defer_loading':true}";
        ChatRequest request =
                CustomToolsTest.ask("'tools':[{'type':'tool_search'},{'type':'namespace','name':'a','tools':["
                        + later + "]}],'input':[{'role':'user','content':'go'},"
                        + "{'type':'tool_search_output','call_id':'s','tools':[" + later + "]}]");

        assertThat(request.content().tools())
                .hasSize(4)
                .allMatch(tool -> tool.hints().isEmpty());
    }

    @Test
    void anIdAloneIsAReference() throws GatewayException {
        ChatRequest request = CustomToolsTest.ask("'input':[{'id':'msg_1'}]");
        GatewayException refused = catchThrowableOfType(GatewayException.class, request::content);

        assertThat(refused.message()).contains("\"store\": false");
    }

    @ParameterizedTest
    @EnumSource(
            value = FinishReason.class,
            names = {"LENGTH", "CONTENT_FILTER"})
    void aSummaryThatWasCutIsNone(FinishReason reason) throws GatewayException {
        CompactEndpoint compact = new CompactEndpoint();
        ChatRequest request = Recorder.read(compact, "{\"model\":\"m\",\"input\":\"x\"}");
        ChatFold fold = new ChatFold();
        fold.add(new ChatEvent.Started("c", "m", 1));
        fold.add(new ChatEvent.TextDelta(0, "part"));
        fold.add(new ChatEvent.ChoiceFinished(0, reason, null));
        fold.add(new ChatEvent.Finished(null));
        HttpBody answer = compact.whole(request, Recorder.served(), fold.response());

        assertThat(answer.status()).isEqualTo(502);
        assertThat(StandardCharsets.UTF_8.decode(answer.bytes()).toString()).contains("The model's summary was cut");
    }
}
