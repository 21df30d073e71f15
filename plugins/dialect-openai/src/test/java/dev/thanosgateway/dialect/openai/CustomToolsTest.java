package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.tck.Traits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools of coding agents that are no functions, in front of an upstream that has nothing but functions. */
class CustomToolsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PATCH = "{'type':'custom','name':'apply_patch','description':'Edits files',"
            + "'format':{'type':'grammar','syntax':'lark','definition':'start: /.+/s'}}";
    private static final String AGENTS = "{'type':'namespace','name':'agents','description':'sub-agents','tools':["
            + "{'type':'function','name':'close','strict':false,'parameters':{'type':'object'}},"
            + "{'type':'custom','name':'say','description':'Says it'}]}";
    static final String TOOLS = "'tools':[" + PATCH + "," + AGENTS
            + ",{'type':'local_shell'},{'type':'shell'},{'type':'apply_patch'},"
            + "{'type':'tool_search','execution':'client','description':'finds'},"
            + "{'type':'web_search','external_web_access':false},{'type':'tool_search'}]";

    static ChatRequest ask(String fields) throws GatewayException {
        String body = "{'model':'m','stream':true," + fields + "}";
        return Recorder.read(Recorder.RESPONSES, body.replace('\'', '"'));
    }

    static JsonNode sent(ChatRequest request) throws GatewayException {
        return JSON.readTree(Recorder.sent(request.withTarget("m", Traits.of("openai-compatible", "m"))));
    }

    /** The stream's events without what every one has, and ids shortened. */
    static List<String> told(ChatRequest request, List<ChatEvent> answer) throws GatewayException {
        ChatWriter writer = Recorder.RESPONSES.stream(request, Recorder.served());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.event(new ChatEvent.Started("c", "m", 1), out);
        out.reset();
        answer.forEach(event -> writer.event(event, out));
        List<String> events = new ArrayList<>();
        for (String frame : out.toString(StandardCharsets.UTF_8).split("\n\n")) {
            String data = frame.substring(frame.indexOf("data: ") + 6);
            events.add(data.replaceAll("\"sequence_number\":\\d+,", "")
                    .replaceAll("_[0-9a-f]{32}", "_")
                    .replaceAll("\"type\":\"response\\.", "\"type\":\"")
                    .replace('"', '\''));
        }
        return events;
    }

    static List<ChatEvent> called(String name, String... arguments) {
        List<ChatEvent> events = new ArrayList<>();
        events.add(new ChatEvent.ToolCallStart(0, 0, "c1", name));
        for (String piece : arguments) {
            events.add(new ChatEvent.ToolCallDelta(0, 0, piece));
        }
        events.add(new ChatEvent.ChoiceFinished(0, dev.thanosgateway.api.chat.FinishReason.TOOL_CALLS, null));
        return events;
    }

    @Test
    void everyToolBecomesAFunctionAndWhatRunsAtOpenAiIsLeftOutByName() throws GatewayException {
        ChatRequest request = ask("'input':'go'," + TOOLS);
        JsonNode tools = sent(request).path("tools");

        assertThat(tools.findValuesAsString("name"))
                .containsExactly(
                        "apply_patch",
                        "agents__close",
                        "agents__say",
                        "local_shell",
                        "shell",
                        tools.get(5).path("function").path("name").asString(),
                        "tool_search");
        assertThat(tools.get(5).path("function").path("name").asString()).matches("apply_patch_[0-9a-f]{8}");
        JsonNode patch = tools.get(0).path("function");
        assertThat(patch.path("description").asString())
                .isEqualTo("Edits files\n\nThe text in \"input\" must match this grammar (lark):\nstart: /.+/s");
        assertThat(patch.path("parameters").path("required").toString()).isEqualTo("[\"input\"]");
        assertThat(tools.get(1).path("function").path("description").asString()).isEqualTo("sub-agents");
        assertThat(OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call().dropped())
                .containsExactly("tools.tool_search", "tools.web_search");
    }

    @Test
    void aCallOfACustomToolIsStreamedAsItsTextWhereverItIsCut() throws GatewayException {
        String arguments = "{\"input\": \"a\\n\\\"\\u00e9\\ud83d\\ude00 \\\\ 😀\"}";
        for (int cut = 0; cut <= arguments.length(); cut++) {
            List<String> events = told(
                    ask("'input':'go'," + TOOLS),
                    called("apply_patch", arguments.substring(0, cut), arguments.substring(cut)));

            assertThat(events.get(0))
                    .isEqualTo(
                            "{'type':'output_item.added','output_index':0,'item':{'id':'ctc_0','type':'custom_tool_call',"
                                    + "'status':'in_progress','call_id':'c1','name':'apply_patch','input':''}}");
            StringBuilder text = new StringBuilder();
            events.stream()
                    .filter(event -> event.contains("'custom_tool_call_input.delta'"))
                    .forEach(event -> text.append(event, event.indexOf("'delta':'") + 9, event.length() - 2));
            assertThat(text).hasToString("a\\n\\'é😀 \\\\ 😀");
            assertThat(events.get(events.size() - 2))
                    .isEqualTo("{'type':'custom_tool_call_input.done','item_id':'ctc_0','output_index':0,'input':'"
                            + text + "'}");
            assertThat(events.get(events.size() - 1))
                    .isEqualTo(
                            "{'type':'output_item.done','output_index':0,'item':{'id':'ctc_0','type':'custom_tool_call',"
                                    + "'status':'completed','call_id':'c1','name':'apply_patch','input':'" + text
                                    + "'}}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "agents__close|{'a':1}|function_call|'call_id':'c1','namespace':'agents','name':'close','arguments':'{\\'a\\':1}'",
                "agents__say|{'input':'x'}|custom_tool_call|'call_id':'c1','namespace':'agents','name':'say','input':'x'",
                "apply_patch|*** Begin|custom_tool_call|'call_id':'c1','name':'apply_patch','input':'*** Begin'",
                "apply_patch|{'patch':'x'}|custom_tool_call|'call_id':'c1','name':'apply_patch','input':'x'",
                "local_shell|{'command':['ls','-l'],'timeout_ms':5}|local_shell_call|'call_id':'c1','action':{'type':'exec','command':['ls','-l'],'env':{},'timeout_ms':5,'user':null,'working_directory':null}",
                "local_shell|{'command':'ls -l'}|local_shell_call|'call_id':'c1','action':{'type':'exec','command':['bash','-lc','ls -l'],'env':{},'timeout_ms':null,'user':null,'working_directory':null}",
                "shell|{'commands':['a','b']}|shell_call|'call_id':'c1','action':{'commands':['a','b'],'timeout_ms':null,'max_output_length':null},'environment':null",
                "shell|{'command':'ls -l'}|shell_call|'call_id':'c1','action':{'commands':['ls -l'],'timeout_ms':null,'max_output_length':null},'environment':null",
                "shell|['a','b']|shell_call|'call_id':'c1','action':{'commands':['a','b'],'timeout_ms':null,'max_output_length':null},'environment':null",
                "local_shell|ls -l|local_shell_call|'call_id':'c1','action':{'type':'exec','command':['bash','-lc','ls -l'],'env':{},'timeout_ms':null,'user':null,'working_directory':null}",
                "local_shell|['ls','-l']|local_shell_call|'call_id':'c1','action':{'type':'exec','command':['ls','-l'],'env':{},'timeout_ms':null,'user':null,'working_directory':null}",
                "local_shell|{'cmd':'ls'}|local_shell_call|'call_id':'c1','action':{'type':'exec','command':['bash','-lc','ls'],'env':{},'timeout_ms':null,'user':null,'working_directory':null}",
                "local_shell|{}|local_shell_call|'call_id':'c1','action':{'type':'exec','command':[],'env':{},'timeout_ms':null,'user':null,'working_directory':null}",
                "agents__close||function_call|'call_id':'c1','namespace':'agents','name':'close','arguments':'{}'",
                "PATCH|{'type':'create_file','path':'p','diff':'+a'}|apply_patch_call|'call_id':'c1','operation':{'type':'create_file','path':'p','diff':'+a'}",
                "PATCH|{'operation':{'type':'delete_file','path':'p'}}|apply_patch_call|'call_id':'c1','operation':{'type':'delete_file','path':'p'}",
                "tool_search|{'query':'q'}|tool_search_call|'call_id':'c1','execution':'client','arguments':{'query':'q'}",
            })
    void aCallComesBackInTheFormOfItsTool(String name, @Nullable String arguments, String type, String item)
            throws GatewayException {
        ChatRequest request = ask("'input':'go'," + TOOLS);
        String second =
                sent(request).path("tools").get(5).path("function").path("name").asString();
        String said = arguments == null ? "" : arguments.replace('\'', '"');
        List<String> events = told(request, called(name.equals("PATCH") ? second : name, said));

        String last = events.get(events.size() - 1).replaceAll("'id':'[a-z]+_0'", "'id':'0'");
        assertThat(last)
                .isEqualTo("{'type':'output_item.done','output_index':0,'item':{'id':'0','type':'" + type
                        + "','status':'completed'," + item + "}}");
        assertThat(events.get(0)).contains("'output_item.added'", "'type':'" + type + "'", "'status':'in_progress'");
    }

    @Test
    void aWholeAnswerSaysTheSame() throws GatewayException {
        ChatRequest request = ask("'input':'go'," + TOOLS);
        ChatFold fold = new ChatFold();
        fold.add(new ChatEvent.Started("c", "m", 1));
        for (ChatEvent event : called("agents__say", "{\"input\":\"x\"}")) {
            fold.add(event);
        }
        fold.add(new ChatEvent.Finished(null));
        String whole = StandardCharsets.UTF_8
                .decode(Recorder.RESPONSES
                        .whole(request, Recorder.served(), fold.response())
                        .bytes())
                .toString();

        assertThat(JSON.readTree(whole).path("output").get(0).toString())
                .contains("\"custom_tool_call\"", "\"namespace\":\"agents\",\"name\":\"say\",\"input\":\"x\"");
    }

    @Test
    void whatWasCalledIsReadBack() throws GatewayException {
        JsonNode messages = sent(ask("'input':["
                        + "{'type':'custom_tool_call','call_id':'c1','name':'apply_patch','input':'a\\nb'},"
                        + "{'type':'function_call','call_id':'c2','namespace':'agents','name':'close','arguments':'{}'},"
                        + "{'type':'local_shell_call','id':'l','call_id':'c3','status':'completed','action':{'type':'exec','command':['ls'],'env':{}}},"
                        + "{'type':'shell_call','call_id':'c4','action':{'commands':['a']}},"
                        + "{'type':'web_search_call','id':'w','status':'completed'},"
                        + "{'type':'mcp_call','id':'m','server_label':'s','name':'t','arguments':'{}','output':'done'},"
                        + "{'type':'custom_tool_call_output','call_id':'c1','output':'ok'},"
                        + "{'type':'function_call_output','call_id':'c2','output':'closed'},"
                        + "{'type':'local_shell_call_output','id':'c3','output':'files'},"
                        + "{'type':'shell_call_output','call_id':'c4','output':[{'stdout':'x','stderr':'','outcome':{'type':'exit','exit_code':0}}]},"
                        + "{'type':'tool_search_call','execution':'server','call_id':null,'arguments':{'q':1}},"
                        + "{'type':'tool_search_output','execution':'server','call_id':null,'tools':[{'type':'function','name':'late'}]}],"
                        + TOOLS))
                .path("messages");

        assertThat(messages.get(0).path("tool_calls").findValuesAsString("name"))
                .containsExactly("apply_patch", "agents__close", "local_shell", "shell");
        assertThat(messages.get(0).path("tool_calls").findValuesAsString("arguments"))
                .containsExactly(
                        "{\"input\":\"a\\nb\"}", "{}", "{\"command\":[\"ls\"],\"env\":{}}", "{\"commands\":[\"a\"]}");
        assertThat(messages.get(0).path("content").asString()).isEqualTo("[Called s.t with {}: done]");
        assertThat(messages.findValuesAsString("tool_call_id"))
                .containsExactly("c1", "c2", "c3", "c4", "tool_search_0");
        assertThat(messages.get(messages.size() - 1).path("content").asString())
                .isEqualTo("Now there are also the tools late.");
    }

    @Test
    void toolsOfInputItemsAreToolsOfTheChat() throws GatewayException {
        JsonNode sent = sent(ask("'input':[{'type':'additional_tools','role':'developer','tools':["
                + "{'type':'function','name':'wait'}," + PATCH + "]},"
                + "{'type':'tool_search_output','call_id':'s','tools':[" + AGENTS
                + "]},{'role':'user','content':'go'}]"));

        assertThat(sent.path("tools").findValuesAsString("name"))
                .containsExactly("wait", "apply_patch", "agents__close", "agents__say");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'custom','name':'apply_patch'}|apply_patch",
                "{'type':'custom','name':'say'}|agents__say",
                "{'type':'function','name':'close','namespace':'agents'}|agents__close",
                "{'type':'shell'}|shell",
            })
    void aChoiceNamesTheFunctionThatStandsForTheTool(String choice, String name) throws GatewayException {
        JsonNode sent = sent(ask("'input':'go','tool_choice':" + choice + "," + TOOLS));

        assertThat(sent.path("tool_choice").path("function").path("name").asString())
                .isEqualTo(name);
    }

    @Test
    void ofAllowedToolsAlsoCustomOnesAndNamespacesAreKept() throws GatewayException {
        JsonNode sent = sent(ask("'input':'go','tool_choice':{'type':'allowed_tools','mode':'required','tools':["
                + "{'type':'custom','name':'apply_patch'},{'type':'namespace','name':'agents'},"
                + "{'type':'web_search'}]}," + TOOLS));

        assertThat(sent.path("tools").findValuesAsString("name"))
                .containsExactly("apply_patch", "agents__close", "agents__say");
        assertThat(sent.path("tool_choice").asString()).isEqualTo("required");
    }

    @Test
    void aRequestWithHostedToolsAloneIsServedWithoutThem() throws GatewayException {
        JsonNode sent = sent(
                ask("'input':'go','tool_choice':'auto','parallel_tool_calls':true,'tools':[{'type':'web_search'}]"));

        assertThat(sent.propertyNames()).doesNotContain("tools", "tool_choice", "parallel_tool_calls");
    }

    @Test
    void aReferenceSaysWhatToSet() throws GatewayException {
        ChatRequest request = ask("'input':[{'type':'item_reference','id':'i'}]");
        GatewayException refused = catchThrowableOfType(GatewayException.class, request::content);

        assertThat(refused.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
        assertThat(refused.message()).contains("\"store\": false", "\"include\": [\"reasoning.encrypted_content\"]");
    }

    @Test
    void xaiGetsItsOwnToolsAndFunctions() throws GatewayException {
        ModelTraits xai = Traits.of("xai", "grok-3-mini");
        ChatRequest request = ask("'input':'go','prompt_cache_key':'k','reasoning':{'effort':'low','summary':'auto'},"
                        + TOOLS)
                .withTarget("grok-3-mini", xai);
        JsonNode sent = JSON.readTree(Recorder.sent(request));

        assertThat(sent.path("tools")
                        .valueStream()
                        .map(tool -> tool.path("type").asString()))
                .containsOnly("function", "web_search");
        assertThat(sent.path("prompt_cache_key").asString()).isEqualTo("k");
        assertThat(sent.path("reasoning").path("effort").asString()).isEqualTo("low");
        assertThat(OpenAi.chat(request, Quirks.NONE, Auth.BEARER).call().dropped())
                .contains("tools.tool_search")
                .doesNotContain("tools.web_search", "prompt_cache_key");
        String plain = "'input':'go','tools':[{'type':'web_search'},{'type':'function','name':'f'}]";
        assertThat(Recorder.sent(ask(plain).withTarget("grok-3-mini", xai)))
                .as("what it knows goes as it came")
                .isEqualTo(("{'model':'grok-3-mini','stream':true," + plain + "}").replace('\'', '"'));
    }
}
