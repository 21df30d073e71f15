package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ollama's language on both sides of the gateway, and translated on either. */
class OllamaIT {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static FakeUpstream openai;
    private static FakeUpstream ollama;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        openai = new FakeUpstream(new FakeOpenAi());
        ollama = new FakeUpstream(new FakeOllama());
        gateway = Gateway.with(Configurations.openai(openai)
                        + "[providers.ollama]\nendpoint = \"http://127.0.0.1:" + ollama.port() + "/\"\n"
                        + "[models.aliases]\nfast = \"ollama/fake-small\"\n")
                .start();
        gateway.awaitState("ollama", "active");
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        openai.close();
        ollama.close();
    }

    @BeforeEach
    void fresh() {
        openai.script(new FakeOpenAi());
        ollama.script(new FakeOllama());
    }

    @TestFactory
    List<DynamicTest> theOllamaSdkInFrontOfAnOllama() throws Exception {
        return NodeSdk.tests("ollama.mjs", gateway.http().toString(), "ollama/");
    }

    @TestFactory
    List<DynamicTest> theOllamaSdkInFrontOfOpenAi() throws Exception {
        return NodeSdk.tests("ollama.mjs", gateway.http().toString(), "openai/");
    }

    @TestFactory
    List<DynamicTest> theOpenAiSdkInFrontOfAnOllama() throws Exception {
        return NodeSdk.tests("openai.mjs", gateway.v1(), "none", "ollama/");
    }

    @TestFactory
    List<DynamicTest> whatOnlyAnOllamaHasAndHasNot() throws Exception {
        return NodeSdk.tests("openai-ollama.mjs", gateway.v1(), "ollama/fake-large");
    }

    /** The official command line begins so. */
    @Test
    void aModelThatIsNoOllamasIsReadyWithoutBeingAsked() throws Exception {
        HttpResponse<String> ready = gateway.post("/api/generate", "{\"model\":\"openai/fake-large\"}");
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(ready.body()).contains("\"response\":\"\"", "\"done\":true", "\"done_reason\":\"load\"");
        assertThat(ready.headers().firstValue("x-thanos-provider")).contains("openai");
        HttpResponse<String> gone =
                gateway.post("/api/chat", "{\"model\":\"openai/fake-large\",\"stream\":false,\"keep_alive\":0}");
        assertThat(gone.body()).contains("\"content\":\"\"", "\"done_reason\":\"unload\"");

        gateway.post("/api/chat", "{\"model\":\"openai/fake-large\"," + HELLO);
        assertThat(new String(taken(openai).body(), StandardCharsets.UTF_8))
                .as("the first thing that was asked")
                .contains("\"hi\"");
    }

    /** The next request for text; the gateway asks for models whenever it likes. */
    private static FakeUpstream.Request taken(FakeUpstream upstream) throws InterruptedException {
        FakeUpstream.Request request = upstream.take();
        while (request.line().startsWith("GET ")) {
            request = upstream.take();
        }
        return request;
    }

    /** Coding agents say how much to think with every request, whatever the model. */
    @Test
    void anEffortGoesOnlyToModelsThatReason() throws Exception {
        String asked = "{\"model\":\"ollama/%s\",\"max_tokens\":100,\"output_config\":{\"effort\":\"high\"},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        HttpResponse<String> plain = gateway.post("/v1/messages", asked.formatted("plain"));
        assertThat(plain.statusCode()).as(plain.body()).isEqualTo(200);
        assertThat(plain.headers().firstValue("x-thanos-dropped")).contains("reasoning_effort");
        assertThat(taken(ollama).line()).startsWith("POST /api/show ");
        assertThat(taken(ollama).text()).doesNotContain("think");
        gateway.post("/v1/messages", asked.formatted("plain"));
        assertThat(taken(ollama).line()).as("asked once").startsWith("POST /api/chat ");

        gateway.post("/v1/messages", asked.formatted("thinker"));
        assertThat(taken(ollama).line()).startsWith("POST /api/show ");
        assertThat(taken(ollama).text()).contains("\"think\":\"high\"");

        FakeOllama newer = new FakeOllama();
        ollama.script(call -> {
            if (call.request().line().startsWith("POST /api/show ")) {
                call.whole(404, "text/plain", "404 page not found");
            } else {
                newer.answer(call);
            }
        });
        // Retries are off here: the first call finds out that the server cannot be asked.
        gateway.post("/v1/messages", asked.formatted("older"));
        HttpResponse<String> older = gateway.post("/v1/messages", asked.formatted("older"));
        assertThat(older.statusCode()).as(older.body()).isEqualTo(200);
    }

    @Test
    void aRelayedChatIsChangedNowhereButInItsModel() throws Exception {
        String lines = "{\"model\":\"m\", \"message\":{\"content\":\"é\"},\"done\":false,\"x\":1.50}\n"
                + "{\"done\":true , \"y\":[{}]}";
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        ollama.script(call -> {
            call.head(200, "application/x-ndjson");
            for (byte one : bytes) {
                call.chunk(new byte[] {one});
            }
            call.endChunks();
        });
        String body =
                "{ \"model\" : \"ollama/deep/m:7b\",\"z\":1.50,\n\"messages\" :[{\"role\":\"user\",\"content\":\"\\u00e9\"}]}";
        HttpResponse<String> answer = gateway.post("/api/chat", body);

        assertThat(taken(ollama).text()).isEqualTo(body.replace("ollama/deep/m:7b", "deep/m:7b"));
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        assertThat(answer.headers().firstValue("x-thanos-provider")).hasValue("ollama");
        assertThat(answer.body()).isEqualTo(lines + "\n");
    }

    @Test
    void anImageReachesTheOtherLanguageWithItsType() throws Exception {
        gateway.post(
                "/api/chat",
                "{\"model\":\"openai/fake-large\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"look\","
                        + "\"images\":[\"R0lGODdh\"]}]}");

        assertThat(taken(openai).text()).contains("\"url\":\"data:image/gif;base64,R0lGODdh\"");
    }

    @Test
    void namesWithAndWithoutTheirTagReachTheModelThatThereIs() throws Exception {
        gateway.get("/api/tags");
        assertThat(asked("openai/fake-large:latest", openai)).isEqualTo("fake-large");
        assertThat(asked("fast:latest", ollama)).isEqualTo("fake-small");
        assertThat(asked("ollama/never-seen", ollama)).isEqualTo("never-seen");
        try (Gateway alone = Gateway.with(Gateway.ANY_PORT + "[providers.ollama]\nendpoint = \"http://127.0.0.1:"
                        + ollama.port() + "\"\n")
                .start()) {
            HttpResponse<String> bare = alone.post("/api/chat", "{\"model\":\"fake-large\",\"stream\":false," + HELLO);
            assertThat(bare.headers().firstValue("x-thanos-model")).hasValue("fake-large:latest");
        }
    }

    /** The model an upstream is asked for when a client asks for {@code name}. */
    private static String asked(String name, FakeUpstream upstream) throws Exception {
        gateway.post("/api/chat", "{\"model\":\"" + name + "\",\"stream\":false," + HELLO);
        return Chats.read(taken(upstream).text()).path("model").asString();
    }

    @Test
    void aFailureInTheMiddleIsAnErrorLineAndNothingSaysItIsDone() throws Exception {
        String request = "{\"model\":\"ollama/broken\"," + HELLO;
        HttpResponse<String> relayed = gateway.post("/api/chat", request);
        HttpResponse<String> translated = gateway.post(Chats.PATH, Chats.stream("ollama/broken", "hi"));
        ollama.script(call -> {
            call.head(200, "application/x-ndjson");
            call.chunk("{\"message\":{\"content\":\"half\"},\"done\":false}\n{\"mess");
            call.endChunks();
        });
        HttpResponse<String> cut = gateway.post("/api/chat", request);

        List<String> lines = relayed.body().lines().toList();
        assertThat(relayed.statusCode()).isEqualTo(200);
        assertThat(lines).hasSize(2);
        assertThat(Chats.read(lines.get(1)).path("error").asString()).contains("runner has unexpectedly stopped");
        assertThat(translated.body()).contains("\"error\"").doesNotContain("[DONE]");
        assertThat(cut.body().lines().toList().get(1)).startsWith("{\"error\":");
        assertThat(cut.body()).doesNotContain("\"done\":true");
    }

    @Test
    void aFailureBeforeTheFirstWordIsAnHttpError() throws Exception {
        for (String answered : List.of("{\"error\":\"boom\"}\n", "<html>", "", "{\"done\":false}\n")) {
            ollama.script(call -> call.whole(200, "application/x-ndjson", answered));
            HttpResponse<String> failed = gateway.post("/api/chat", "{\"model\":\"ollama/m\"," + HELLO);

            assertThat(failed.statusCode()).as(answered).isIn(502, 503);
            assertThat(Chats.read(failed.body()).path("error").isString())
                    .as(failed.body())
                    .isTrue();
        }
    }

    @Test
    void aClientThatLeavesIsMissedAtTheUpstreamWithinASecond() throws Exception {
        for (boolean stream : new boolean[] {true, false}) {
            ollama.script(call -> {
                if (stream) {
                    call.head(200, "application/x-ndjson");
                    call.chunk("{\"message\":{\"content\":\"a\"},\"done\":false}\n");
                }
                call.awaitGone(10_000);
            });
            try (RawHttp client = new RawHttp(gateway.port())) {
                client.send(RawHttp.post("/api/chat", "{\"model\":\"ollama/m\",\"stream\":" + stream + "," + HELLO));
                taken(ollama);
                if (stream) {
                    client.head();
                }
            }
            assertThat(ollama.clientGoneWithin(1_500)).isTrue();
        }
    }

    @Test
    void whatIsAskedOfAnOllamaThatIsNoneIsAnsweredLikeByOne() throws Exception {
        HttpResponse<String> unknown = gateway.post("/api/pull", "{\"model\":\"x\"}");
        HttpResponse<String> wrong = gateway.get("/api/chat");
        HttpResponse<String> broken = gateway.post("/api/chat", "{\"model\":");
        HttpResponse<String> insert =
                gateway.post("/api/generate", "{\"model\":\"openai/fake-large\",\"prompt\":\"a\",\"suffix\":\"b\"}");

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(insert.statusCode()).isEqualTo(400);
        for (HttpResponse<String> answer : List.of(unknown, wrong, broken, insert)) {
            assertThat(Chats.read(answer.body()).path("error").isString())
                    .as(answer.body())
                    .isTrue();
        }
        assertThat(insert.body()).contains("suffix");
    }

    @Test
    void theRootSaysThatItRunsAndGoesWithTheJar() throws Exception {
        byte[] head =
                "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(head);
            assertThat(client.head().status()).isEqualTo(200);
        }
        assertThat(gateway.get("/").body()).isEqualTo("Ollama is running");
        try (Gateway other =
                Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n").start()) {
            Path jar = other.plugins().resolve("dialect-ollama.jar");
            byte[] kept = Files.readAllBytes(jar);
            Files.delete(jar);
            for (String path : List.of("/", "/api/tags", "/api/version")) {
                Eventually.within(
                        SOON.multipliedBy(5),
                        path + " is gone",
                        () -> other.get(path).statusCode() == 404);
            }
            assertThat(other.get("/v1/models").statusCode()).isEqualTo(200);
            Files.write(jar, Arrays.copyOf(kept, kept.length));
            Eventually.within(
                    SOON.multipliedBy(5), "it is back", () -> other.get("/").statusCode() == 200);
        }
    }
}
