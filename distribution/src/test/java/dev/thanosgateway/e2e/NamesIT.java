package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Names and fields as the clients of each language write them, in front of every provider. */
class NamesIT {
    private static final String CONTENTS = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
    private static final String SAID = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static FakeUpstream gemini;
    private static FakeUpstream anthropic;
    private static FakeUpstream ollama;
    private static FakeUpstream refusing;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gemini = new FakeUpstream(new FakeGemini());
        anthropic = new FakeUpstream(new FakeAnthropic());
        ollama = new FakeUpstream(NamesIT::hasOneModel);
        refusing = new FakeUpstream(NamesIT::refusesEfforts);
        gateway = Gateway.with(Gateway.ANY_PORT
                        + table("gemini", "gemini", gemini, FakeGemini.KEY)
                        + table("anthropic", "anthropic", anthropic, FakeAnthropic.KEY)
                        + table("ollama", "ollama", ollama, "any")
                        + table("strict", "openai", refusing, FakeOpenAi.KEY)
                        + "[models.aliases]\nfast = \"anthropic/" + FakeAnthropic.MODEL + "\"\n")
                .start();
        for (String id : List.of("gemini", "anthropic", "ollama", "strict")) {
            gateway.awaitState(id, "active");
        }
        gateway.get("/v1/models");
    }

    private static String table(String id, String type, FakeUpstream upstream, String key) {
        return "[providers.%s]\ntype = \"%s\"\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                .formatted(id, type, upstream.port(), key);
    }

    /** A server that does not say which of its models reason, and refuses an effort as OpenAI's own does. */
    private static void refusesEfforts(FakeUpstream.Call call) throws Exception {
        if (call.request().text().contains("reasoning_effort")) {
            call.json(
                    400,
                    "{\"error\":{\"message\":\"Unrecognized request argument supplied: reasoning_effort\","
                            + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
        } else {
            new FakeOpenAi().answer(call);
        }
    }

    /** An Ollama with one model, which nobody else has. */
    private static void hasOneModel(FakeUpstream.Call call) throws Exception {
        if (call.request().path().endsWith("/api/tags")) {
            call.json(200, "{\"models\":[{\"name\":\"only-here:latest\",\"model\":\"only-here:latest\"}]}");
        } else {
            new FakeOllama().answer(call);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        for (FakeUpstream upstream : List.of(gemini, anthropic, ollama, refusing)) {
            upstream.close();
        }
    }

    @BeforeEach
    void nothingWasSent() throws Exception {
        for (FakeUpstream upstream : List.of(gemini, anthropic, refusing)) {
            sent(upstream);
        }
        gemini.script(new FakeGemini());
        anthropic.script(new FakeAnthropic());
        refusing.script(NamesIT::refusesEfforts);
    }

    private static List<String> sent(FakeUpstream upstream) throws InterruptedException {
        List<String> sent = new ArrayList<>();
        while (upstream.untaken() > 0) {
            FakeUpstream.Request request = upstream.take();
            if (request.line().startsWith("POST ")) {
                sent.add(request.text());
            }
        }
        return sent;
    }

    @ParameterizedTest
    @CsvSource({
        "/v1beta/gemini/fake-large, gemini",
        "/v1beta/gemini%2Ffake-large, gemini",
        "/v1/gemini/fake-large, gemini",
        "/v1beta/models/gemini/fake-large, gemini",
        "/v1beta/strict/fake-large, strict",
        "/v1beta/fast, anthropic",
        "/v1beta/only-here, ollama",
        "/v1beta/only-here:latest, ollama",
    })
    void aGeminiPathNeedsNoModels(String path, String provider) throws Exception {
        for (String verb : List.of(":generateContent", ":streamGenerateContent?alt=sse")) {
            HttpResponse<String> answer = gateway.post(path + verb, CONTENTS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue(provider);
            assertThat(answer.body()).contains("candidates");
        }
        assertThat(gateway.post(path + ":generateContents", CONTENTS).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1beta/models/gemini/fake-large", "/v1beta/gemini/fake-large", "/v1beta/gemini%2Ffake-large"})
    void aGeminiModelIsFoundWithoutModels(String path) throws Exception {
        assertThat(Chats.read(gateway.get(path).body()).path("name").asString()).isEqualTo("models/gemini/fake-large");
    }

    @Test
    void thoughtAsTheModelLikesIsCarried() throws Exception {
        String asked = CONTENTS.substring(0, CONTENTS.length() - 1)
                + ",\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":-1,\"includeThoughts\":true}}}";
        gateway.post("/v1beta/anthropic/claude-sonnet-5:generateContent", asked);
        assertThat(sent(anthropic))
                .singleElement()
                .asString()
                .contains("\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}");
        gateway.post("/v1beta/anthropic/claude-haiku-4-5:generateContent", asked);
        assertThat(sent(anthropic)).singleElement().asString().contains("\"budget_tokens\":8192");
        String messages = "{\"max_tokens\":99,\"thinking\":{\"type\":\"adaptive\"}," + SAID
                + ",\"model\":\"gemini/gemini-2.5-flash-lite\"}";
        gateway.post("/v1/messages", messages);
        assertThat(sent(gemini)).singleElement().asString().contains("\"thinkingBudget\":-1");
    }

    @Test
    void anOllamaToolFindsAServerThatIsNewEnoughAndItsModel() throws Exception {
        String[] version = Chats.read(gateway.get("/api/version").body())
                .path("version")
                .asString()
                .split("\\.");
        assertThat(Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]))
                .isGreaterThanOrEqualTo(14);
        for (String model : List.of("only-here", "only-here:latest", "gemini/fake-large", "fast")) {
            HttpResponse<String> pulled = gateway.post("/api/pull", "{\"model\":\"" + model + "\",\"stream\":true}");
            assertThat(pulled.body()).as(model).isEqualTo("{\"status\":\"success\"}\n");
            assertThat(gateway.post("/api/show", "{\"model\":\"" + model + "\"}")
                            .statusCode())
                    .isEqualTo(200);
        }
        HttpResponse<String> unknown = gateway.post("/api/pull", "{\"model\":\"no-such\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Chats.read(unknown.body()).path("error").asString()).contains("no-such");
    }

    @ParameterizedTest
    @ValueSource(strings = {"only-here", "only-here:latest"})
    void aLocalModelsBareNameIsTheSameAtEveryPath(String model) throws Exception {
        String chat = "{\"max_tokens\":99,\"model\":\"" + model + "\",\"stream\":false," + SAID + "}";
        String input = "{\"model\":\"" + model + "\",\"input\":\"hi\"}";
        List<HttpResponse<String>> answers = List.of(
                gateway.post("/v1/chat/completions", chat),
                gateway.post("/v1/messages", chat),
                gateway.post("/v1/responses", input),
                gateway.post("/api/chat", chat),
                gateway.post("/v1beta/models/" + model + ":generateContent", CONTENTS));
        for (HttpResponse<String> answer : answers) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue("ollama");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic/" + FakeAnthropic.MODEL, "fast", "gemini/fake-large", "only-here"})
    void anAnthropicAnswerHasTheNameThatWasAskedFor(String model) throws Exception {
        String asked = "{\"model\":\"" + model + "\",\"max_tokens\":99," + SAID;
        HttpResponse<String> whole = gateway.post("/v1/messages", asked + "}");
        assertThat(Chats.read(whole.body()).path("model").asString()).isEqualTo(model);
        assertThat(whole.headers().firstValue("x-thanos-model")).isNotEqualTo(model);
        String streamed =
                gateway.post("/v1/messages", asked + ",\"stream\":true}").body();
        JsonNode start = Chats.read(streamed.lines()
                .filter(line -> line.startsWith("data: ") && line.contains("message_start"))
                .findFirst()
                .orElseThrow()
                .substring(6));
        assertThat(start.path("message").path("model").asString()).isEqualTo(model);
    }

    @Test
    void anEffortThatIsRefusedIsLeftOutAndRemembered() throws Exception {
        String messages = "{\"model\":\"strict/fake-large\",\"max_tokens\":99,\"thinking\":{\"type\":\"adaptive\"},"
                + "\"output_config\":{\"effort\":\"high\"}," + SAID + "}";
        HttpResponse<String> first = gateway.post("/v1/messages", messages);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        assertThat(first.headers().firstValue("x-thanos-attempts")).hasValue("2");
        assertThat(first.headers().firstValue("x-thanos-dropped")).hasValue("reasoning_effort");
        assertThat(sent(refusing)).hasSize(2);
        List<String> others = List.of(
                gateway.post("/v1/messages", messages).body(),
                gateway.post(
                                "/v1/chat/completions",
                                "{\"model\":\"strict/fake-large\",\"reasoning_effort\":\"low\"," + SAID + "}")
                        .body(),
                gateway.post(
                                "/api/chat",
                                "{\"model\":\"strict/fake-large\",\"think\":true,\"stream\":false," + SAID + "}")
                        .body());
        assertThat(sent(refusing)).hasSize(3).noneMatch(one -> one.contains("reasoning_effort"));
        assertThat(others).noneMatch(one -> one.contains("\"error\""));
    }

    private static String refusal(String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"invalid_request_error\",\"param\":null}}";
    }

    private static void refusing(String withEffort, String without) {
        refusing.script(call ->
                call.json(400, refusal(call.request().text().contains("reasoning_effort") ? withEffort : without)));
    }

    private static String withEffort(String model) {
        return "{\"model\":\"" + model + "\",\"reasoning_effort\":\"high\"," + SAID + "}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid value: 'high'. Supported values are: 'low', 'medium'.",
                "Unsupported value: 'reasoning_effort' does not support 'high' with this model.",
                "Function tools with reasoning_effort are not supported for this model in /v1/chat/completions.",
                "'temperature' is not supported when reasoning_effort is high",
                "Invalid schema for function 'think': 'minLength' is not supported.",
            })
    void aRefusalOfAnythingElseIsPassedOnAndNotRemembered(String message) throws Exception {
        refusing(message, message);
        String request = withEffort("strict/passes-on");
        HttpResponse<String> answer = gateway.post("/v1/chat/completions", request);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
        assertThat(sent(refusing)).hasSize(1);

        refusing.script(new FakeOpenAi());
        gateway.post("/v1/chat/completions", request);
        assertThat(sent(refusing)).singleElement().asString().contains("\"reasoning_effort\":\"high\"");
    }

    @Test
    void aRefusalOfTheEffortIsRememberedOnlyWhenTheRestIsAnswered() throws Exception {
        refusing("Unrecognized request argument supplied: reasoning_effort", "bad anyway");
        String request = withEffort("strict/bad-anyway");
        assertThat(gateway.post("/v1/chat/completions", request).body()).contains("bad anyway");
        assertThat(sent(refusing)).hasSize(2);

        refusing.script(new FakeOpenAi());
        gateway.post("/v1/chat/completions", request);
        assertThat(sent(refusing)).singleElement().asString().contains("\"reasoning_effort\":\"high\"");
    }

    @Test
    void aModelThatIsKnownToReasonIsSentItsEffortWhateverItRefused() throws Exception {
        refusing("Unrecognized request argument supplied: reasoning_effort", "bad anyway");
        String request = withEffort("strict/gpt-5.2");
        assertThat(gateway.post("/v1/chat/completions", request).statusCode()).isEqualTo(400);
        assertThat(sent(refusing)).hasSize(1);
    }

    /** Google's own language goes on as it came, and so would the second request. */
    @Test
    void aRequestIsNotSentTwiceAsItIs() throws Exception {
        gemini.script(call -> call.json(
                400,
                "{\"error\":{\"code\":400,\"message\":\"Thinking is not supported for this model\","
                        + "\"status\":\"INVALID_ARGUMENT\"}}"));
        HttpResponse<String> answer = gateway.post(
                "/v1beta/models/gemini/unknown-model:generateContent",
                CONTENTS.substring(0, CONTENTS.lastIndexOf('}'))
                        + ",\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Thinking is not supported");
        assertThat(sent(gemini)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"auto\"|\"tool_choice\":{\"type\":\"auto\"}",
                "\"none\"|\"tool_choice\":{\"type\":\"none\"}",
                "\"required\"|\"tool_choice\":{\"type\":\"any\"}",
                "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}|\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"}",
                "\"whatever\"|\"tools\"",
                "7|\"tools\"",
            })
    void anOllamaClientsToolChoiceMeansWhatItSays(String choice, String written) throws Exception {
        String chat = "{\"model\":\"fast\",\"stream\":false," + SAID
                + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":" + choice + "}";
        assertThat(gateway.post("/api/chat", chat).statusCode()).isEqualTo(200);
        assertThat(sent(anthropic)).singleElement().asString().contains(written);
    }

    @Test
    void whatAnOllamaOverlooksIsOverlooked() throws Exception {
        for (String field : List.of(
                "\"response_format\":{\"type\":\"json_object\"}",
                "\"mcp_servers\":[1]",
                "\"modalities\":[\"text\"]",
                "\"web_search_options\":{}",
                "\"functions\":[1]",
                "\"x\":{\"y\":1}")) {
            for (String path : List.of("/api/chat", "/api/generate")) {
                String said = path.endsWith("chat") ? SAID : "\"prompt\":\"hi\"";
                HttpResponse<String> answer =
                        gateway.post(path, "{\"model\":\"fast\",\"stream\":false," + said + "," + field + "}");
                assertThat(answer.statusCode()).as(field + answer.body()).isEqualTo(200);
                assertThat(answer.headers().firstValue("x-thanos-dropped"))
                        .hasValue(field.substring(1, field.indexOf('"', 1)));
            }
        }
    }
}
