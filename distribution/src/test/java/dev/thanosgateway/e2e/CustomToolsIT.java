package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tools that Codex offers by default, in front of every provider. */
class CustomToolsIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> MODELS = List.of(
            "compat/m", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash", "ollama/llama3.2", "xai/grok-4");

    /** As Codex 0.171 sends it. */
    private static final String ASK = """
            {"model":"%s","stream":true,"store":false,"include":["reasoning.encrypted_content"],"tool_choice":"auto",
            "parallel_tool_calls":true,"client_metadata":{"session_id":"s"},"prompt_cache_key":"k",
            "input":[{"type":"message","role":"developer","content":[{"type":"input_text","text":"be terse"}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"close agent 7"}]}%s],
            "tools":[{"type":"function","name":"exec_command","strict":false,"parameters":{"type":"object","properties":{}}},
            {"type":"namespace","name":"multi_agent_v1","description":"sub-agents","tools":[{"type":"function",
            "name":"close_agent","strict":false,"parameters":{"type":"object","properties":{"target":{"type":"string"}}}}]},
            {"type":"custom","name":"apply_patch","description":"freeform patch","format":{"type":"grammar","syntax":"lark",
            "definition":"start: /.+/"}},{"type":"tool_search"},{"type":"web_search","external_web_access":true}]}
            """;

    private static FakeUpstream upstream;
    private static FakeUpstream ollama;
    private static FakeUpstream own;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeCaller(new FakeGemini()));
        ollama = new FakeUpstream(new FakeCaller(new FakeOllama()));
        own = new FakeUpstream(new FakeCaller(CustomToolsIT::below));
        String at = "endpoint = \"http://127.0.0.1:" + upstream.port() + "\"\napi_key = \"any\"\n";
        gateway = Gateway.with(Gateway.ANY_PORT
                        + "[providers.echo]\n"
                        + Configurations.provider("compat", upstream, "")
                        + Configurations.provider("openai", own, "profile = \"openai\"")
                        + "[providers.anthropic]\n" + at + "[providers.gemini]\n" + at + "[providers.xai]\n" + at
                        + "[providers.ollama]\nendpoint = \"http://127.0.0.1:" + ollama.port() + "\"\n")
                .start();
        gateway.awaitState("ollama", "active");
    }

    /** What OpenAI has below its responses. */
    private static void below(FakeUpstream.Call call) throws Exception {
        switch (call.request().path()) {
            case "/v1/responses/input_tokens" ->
                call.json(200, "{\"object\":\"response.input_tokens\",\"input_tokens\":42}");
            case "/v1/responses/compact" ->
                call.json(200, "{\"id\":\"r\",\"object\":\"response.compaction\",\"created_at\":1,\"output\":[]}");
            default -> call.json(404, "{\"error\":{\"message\":\"Not here.\"}}");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream one : List.of(upstream, ollama, own)) {
            one.close();
        }
    }

    private static Stream<DynamicTest> each(Check check) {
        return MODELS.stream().map(model -> DynamicTest.dynamicTest(model, () -> check.of(model)));
    }

    private interface Check {
        void of(String model) throws Exception;
    }

    private static List<JsonNode> events(String body) {
        List<JsonNode> events = new ArrayList<>();
        body.lines()
                .filter(line -> line.startsWith("data: "))
                .forEach(line -> events.add(JSON.readTree(line.substring("data: ".length()))));
        return events;
    }

    @TestFactory
    Stream<DynamicTest> theCallsOfCodexComeBackInItsForm() {
        return each(model -> {
            HttpResponse<String> answer = gateway.post("/v1/responses", ASK.formatted(model, ""));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            List<JsonNode> events = events(answer.body());
            List<String> types = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (JsonNode event : events) {
                String type = event.path("type").asString().replace("response.", "");
                if (types.isEmpty() || !types.get(types.size() - 1).equals(type)) {
                    types.add(type);
                }
                text.append(
                        type.equals("custom_tool_call_input.delta")
                                ? event.path("delta").asString()
                                : "");
            }

            assertThat(types)
                    .containsExactly(
                            "created",
                            "in_progress",
                            "output_item.added",
                            "function_call_arguments.delta",
                            "function_call_arguments.done",
                            "output_item.done",
                            "output_item.added",
                            "custom_tool_call_input.delta",
                            "custom_tool_call_input.done",
                            "output_item.done",
                            "completed");
            assertThat(text).hasToString(FakeCaller.PATCH);
            JsonNode output = events.get(events.size() - 1).path("response").path("output");
            assertThat(output.get(0).path("namespace").asString()).isEqualTo("multi_agent_v1");
            assertThat(output.get(0).path("name").asString()).isEqualTo("close_agent");
            assertThat(output.get(1).path("type").asString()).isEqualTo("custom_tool_call");
            assertThat(output.get(1).path("name").asString()).isEqualTo("apply_patch");
            assertThat(output.get(1).path("input").asString()).isEqualTo(FakeCaller.PATCH);
            String dropped = answer.headers().firstValue("x-thanos-dropped").orElse("");
            assertThat(dropped).contains("tools.tool_search");
            assertThat(dropped.contains("tools.web_search")).isEqualTo(!model.startsWith("xai/"));
        });
    }

    @TestFactory
    Stream<DynamicTest> theNextTurnHasThemAsTheyWereCalled() {
        return each(model -> {
            String first =
                    gateway.post("/v1/responses", ASK.formatted(model, "")).body();
            List<JsonNode> events = events(first);
            StringBuilder history = new StringBuilder();
            for (JsonNode item : events.get(events.size() - 1).path("response").path("output")) {
                history.append(',').append(item);
            }
            for (JsonNode item : events.get(events.size() - 1).path("response").path("output")) {
                history.append(",{\"type\":\"")
                        .append(item.path("type").asString())
                        .append("_output\",\"call_id\":\"")
                        .append(item.path("call_id").asString())
                        .append("\",\"output\":\"done\"}");
            }
            history.append(",{\"type\":\"web_search_call\",\"id\":\"w\",\"status\":\"completed\"}");
            HttpResponse<String> second = gateway.post("/v1/responses", ASK.formatted(model, history));

            assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
            FakeUpstream at = model.startsWith("ollama/") ? ollama : upstream;
            String sent = "";
            while (!sent.contains("*** Begin Patch")) {
                sent = at.take().text();
            }
            assertThat(sent).contains("multi_agent_v1__close_agent", "done");
        });
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkReadsThem() throws Exception {
        List<DynamicTest> all = new ArrayList<>();
        for (String model : MODELS) {
            all.addAll(NodeSdk.tests("custom-tools.mjs", gateway.v1(), model));
        }
        return all;
    }

    @TestFactory
    Stream<DynamicTest> aForcedHostedToolIsRefusedByName() {
        return Stream.of("compat/m", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash", "ollama/llama3.2")
                .map(model -> DynamicTest.dynamicTest(model, () -> {
                    String forced = ASK.formatted(model, "")
                            .replace("\"tool_choice\":\"auto\"", "\"tool_choice\":{\"type\":\"web_search\"}");
                    HttpResponse<String> answer = gateway.post("/v1/responses", forced);

                    assertThat(answer.statusCode()).isEqualTo(400);
                    assertThat(answer.body()).contains("\"param\":\"tool_choice.type\"", "\"code\":\"unsupported\"");
                }));
    }

    @Test
    void inputTokensAreRelayedCountedOrEstimated() throws Exception {
        String body = "{\"model\":\"%s\",\"input\":\"hello\",\"tools\":[{\"type\":\"custom\",\"name\":\"c\"}]}";
        HttpResponse<String> relayed = gateway.post("/v1/responses/input_tokens", body.formatted("openai/gpt-4.1"));
        assertThat(relayed.statusCode()).as(relayed.body()).isEqualTo(200);
        assertThat(relayed.body()).contains("42");
        assertThat(relayed.headers().firstValue("x-thanos-estimated")).isEmpty();

        HttpResponse<String> estimated = gateway.post("/v1/responses/input_tokens", body.formatted("compat/m"));
        assertThat(estimated.statusCode()).as(estimated.body()).isEqualTo(200);
        assertThat(JSON.readTree(estimated.body()).path("object").asString()).isEqualTo("response.input_tokens");
        assertThat(JSON.readTree(estimated.body()).path("input_tokens").asInt()).isPositive();
        assertThat(estimated.headers().firstValue("x-thanos-estimated")).isPresent();
    }

    @Test
    void aCompactionIsRelayedOrMadeByTheModel() throws Exception {
        String body = "{\"model\":\"%s\",\"input\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        HttpResponse<String> relayed = gateway.post("/v1/responses/compact", body.formatted("openai/gpt-4.1"));
        assertThat(relayed.statusCode()).as(relayed.body()).isEqualTo(200);
        assertThat(relayed.body()).contains("response.compaction");

        HttpResponse<String> echoed = gateway.post("/v1/responses/compact", body.formatted("echo/echo"));
        assertThat(echoed.statusCode()).as(echoed.body()).isEqualTo(200);
        JsonNode answer = JSON.readTree(echoed.body());
        assertThat(answer.path("object").asString()).isEqualTo("response.compaction");
        assertThat(answer.path("output").get(0).path("role").asString()).isEqualTo("user");
        assertThat(answer.path("output")
                        .get(0)
                        .path("content")
                        .get(0)
                        .path("text")
                        .asString())
                .startsWith("Summary of the conversation so far:");
        assertThat(answer.path("usage").path("input_tokens").asInt()).isPositive();
    }
}
