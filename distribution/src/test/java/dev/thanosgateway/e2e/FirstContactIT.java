package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What someone meets in the first hour who has a key, a file with a slip in it, or somebody else's client. */
class FirstContactIT {
    private static final String TEXT = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String PARTS = "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]";

    /** A request of each language for a model; empty = none is named. */
    private static HttpResponse<String> chat(Gateway gateway, String path, String model) throws Exception {
        String named = model.isEmpty() ? "" : "\"model\":\"" + model + "\",";
        return switch (path) {
            case "/v1/messages" -> gateway.post(path, "{" + named + "\"max_tokens\":9," + TEXT + "}");
            case "/v1/responses" -> gateway.post(path, "{" + named + "\"input\":\"hi\"}");
            case "/v1/completions", "/api/generate" ->
                gateway.post(path, "{" + named + "\"prompt\":\"hi\",\"stream\":false}");
            case "/v1beta" -> gateway.post("/v1beta/models/" + model + ":generateContent", "{" + PARTS + "}");
            default -> gateway.post(path, "{" + named + "\"stream\":false," + TEXT + "}");
        };
    }

    private static final List<String> PATHS = List.of(
            "/v1/chat/completions",
            "/v1/chat",
            "/v1/completions",
            "/v1/responses",
            "/v1/messages",
            "/api/chat",
            "/api/generate");

    private static List<String> allPaths() {
        List<String> all = new ArrayList<>(PATHS);
        all.add("/v1beta");
        return all;
    }

    @Test
    void aKeyInTheEnvironmentIsUsedWithADefaultModel() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT)
                .environment("OPENAI_API_KEY", "sk-of-the-environment")
                .start()) {
            assertThat(gateway.line(line -> line.startsWith("provider  openai")))
                    .contains("since OPENAI_API_KEY is set; default model gpt-");
            String curl = gateway.line(line -> line.contains("curl "));
            assertThat(curl).contains("\"model\":\"openai/gpt-");
            JsonNode openai = gateway.provider("openai");
            assertThat(openai).isNotNull();
            assertThat(openai.path("name").asString()).isEqualTo("openai");
            assertThat(openai.path("enabled").asBoolean()).isTrue();
            assertThat(openai.path("auth_method").asString()).isEqualTo("apikey");
            assertThat(openai.path("model").asString()).startsWith("gpt-");
            JsonNode echo = gateway.provider("echo");
            assertThat(echo).isNotNull();
            assertThat(echo.path("auth_method").asString()).isEqualTo("none");

            // This calls no provider.
            String order = Command.run(gateway.folder(), "route", "--json").out();
            assertThat(order).contains("openai/gpt-").doesNotContain("echo/echo");
            assertThat(gateway.output()).doesNotContain("sk-of-the-environment");
        }
    }

    @Test
    void withoutAKeyEveryLanguageSaysWhichOneToSet() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT).start()) {
            assertThat(gateway.line(line -> line.contains("curl "))).contains("\"model\":\"echo/echo\"");
            for (String path : allPaths()) {
                HttpResponse<String> answer = chat(gateway, path, "openai/gpt-4o");
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(message(answer))
                        .as(path)
                        .contains("set OPENAI_API_KEY")
                        .contains("[providers.openai]");
            }
            assertThat(message(chat(gateway, Chats.PATH, "anthropic/claude-sonnet-5")))
                    .contains("set ANTHROPIC_API_KEY");
            assertThat(message(chat(gateway, Chats.PATH, "gemini/x"))).contains("set GEMINI_API_KEY");
            assertThat(message(chat(gateway, Chats.PATH, "xai/x"))).contains("set XAI_API_KEY");
            assertThat(message(chat(gateway, Chats.PATH, "omen/x"))).contains("add [providers.omen]");
            assertThat(message(chat(gateway, Chats.PATH, "claude-sonnet-5"))).contains("set ANTHROPIC_API_KEY");
        }
    }

    /** The text of an error in any language's shape. */
    private static String message(HttpResponse<String> answer) {
        JsonNode error = Chats.read(answer.body()).path("error");
        return error.isString() ? error.asString() : error.path("message").asString("");
    }

    @Test
    void aRequestWithoutAModelIsAutoAndItsUpstreamIsToldOne() throws Exception {
        try (FakeUpstream openai = new FakeUpstream(new FakeOpenAi());
                FakeUpstream anthropic = new FakeUpstream(new FakeAnthropic());
                FakeUpstream ollama = new FakeUpstream(new FakeOllama())) {
            String tables = Configurations.provider("openai", openai, "")
                    + "[providers.anthropic]\nendpoint = \"http://127.0.0.1:" + anthropic.port() + "\"\napi_key = \""
                    + FakeAnthropic.KEY + "\"\nmodel = \"" + FakeAnthropic.MODEL + "\"\n"
                    + "[providers.ollama]\nendpoint = \"http://127.0.0.1:" + ollama.port() + "\"\n";
            for (String preferred : List.of("openai", "anthropic", "ollama")) {
                try (Gateway gateway = Gateway.with(
                                Gateway.ANY_PORT + tables + "[routing]\npreferred = \"" + preferred + "\"\n")
                        .start()) {
                    for (String path : PATHS) {
                        if (preferred.equals("openai") && path.equals("/v1/completions")) {
                            continue; // the fake has none, and is asked there
                        }
                        HttpResponse<String> answer = chat(gateway, path, "");
                        assertThat(answer.statusCode())
                                .as(preferred + path + answer.body())
                                .isEqualTo(200);
                        assertThat(answer.headers().firstValue("x-thanos-provider"))
                                .contains(preferred);
                    }
                    HttpResponse<String> nulled =
                            gateway.post(Chats.PATH, "{\"model\":null,\"stream\":false," + TEXT + "}");
                    assertThat(nulled.statusCode()).as(nulled.body()).isEqualTo(200);
                    HttpResponse<String> vectors = gateway.post("/v1/embeddings", "{\"input\":\"a\"}");
                    assertThat(vectors.statusCode()).isEqualTo(400);
                    assertThat(message(vectors)).contains("\"model\" is required", "no default");
                    assertThat(gateway.post("/api/embed", "{\"input\":\"a\"}").statusCode())
                            .isEqualTo(400);
                }
            }
        }
    }

    @Test
    void theBareNameOfALocalModelWorksAtEveryPath() throws Exception {
        try (FakeUpstream ollama = new FakeUpstream(new FakeOllama());
                Gateway gateway = Gateway.with(
                                Gateway.ANY_PORT
                                        + "[providers.echo]\n[providers.ollama]\nendpoint = \"http://127.0.0.1:"
                                        + ollama.port()
                                        + "\"\n[models.aliases]\nquick = \"fake-large\"\nlist = [\"nowhere/x\", \"fake-small\"]\n")
                        .start()) {
            for (String path : allPaths()) {
                for (String model : List.of("fake-large", "fake-large:latest", "ollama/fake-large", "quick", "list")) {
                    HttpResponse<String> answer = chat(gateway, path, model);
                    assertThat(answer.statusCode())
                            .as(path + " " + model + ": " + answer.body())
                            .isEqualTo(200);
                    assertThat(answer.headers().firstValue("x-thanos-provider")).contains("ollama");
                }
            }
            assertThat(gateway.get("/v1/models/fake-large").body()).contains("\"ollama/fake-large:latest\"");
            Command.Run facts = Command.run(gateway.folder(), "models", "fake-large");
            assertThat(facts.code()).as(facts.err()).isZero();
            assertThat(facts.out())
                    .containsPattern("(?m)^id +ollama/fake-large:latest$")
                    .containsPattern("(?m)^context_length +8192$");
            assertThat(Command.run(gateway.folder(), "models", "nothing/x").code())
                    .isEqualTo(1);
            assertThat(Chats.read(Command.run(gateway.folder(), "models", "quick", "--json")
                                    .out())
                            .path("provider")
                            .asString())
                    .isEqualTo("ollama");
        }
    }

    @Test
    void keysOfTheFileAreEnforcedOnLoopbackToo() throws Exception {
        String file = Gateway.ANY_PORT + "[providers.echo]\n[auth]\napi_keys = [\"caller-key-1\"]\n";
        try (Gateway gateway = Gateway.with(file).start()) {
            assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi")).statusCode())
                    .isEqualTo(401);
            assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"), "x-api-key", "caller-key-1")
                            .statusCode())
                    .isEqualTo(200);
            Files.writeString(gateway.configuration(), file.replace("[auth]", "[auth]\nenabled = false"));
            Eventually.within(
                    Duration.ofSeconds(2),
                    "it is open",
                    () -> gateway.get("/v1/models").statusCode() == 200);
        }
    }

    @Test
    void theUsersFoldersAreThoseOfTheEnvironment() throws Exception {
        Gateway.Builder builder = Gateway.bare();
        Path home = builder.folder().resolve("elsewhere");
        Path file = Files.createDirectories(home.resolve(".config/thanos")).resolve("config.toml");
        Files.writeString(file, Gateway.ANY_PORT + "[providers.echo]\n");
        try (Gateway gateway = builder.environment("HOME", home.toString())
                .environment("THANOS_STATE", "")
                .start()) {
            assertThat(gateway.line(line -> line.startsWith("thanos "))).contains(file.toString());
            assertThat(home.resolve(".local/state/thanos/instances")).isDirectory();
        }
    }

    @Test
    void aFileThatIsSpoiltWhileItIsInForceIsRefusedAndTheNextGoodOneCounts() throws Exception {
        String good = Gateway.ANY_PORT + "[providers.echo]\n";
        try (Gateway gateway = Gateway.with(good).start()) {
            Path file = gateway.configuration();
            Files.writeString(file, "");
            Eventually.within(
                    Duration.ofSeconds(5), "it is told", () -> gateway.output().contains("has become empty"));
            Files.delete(file);
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();
            Eventually.within(
                    Duration.ofSeconds(2), "it is told", () -> gateway.output().contains("is a pipe"));
            assertThat(gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi")).statusCode())
                    .isEqualTo(200);
            Files.delete(file);
            Files.writeString(file, good + "[models.aliases]\nnext = \"echo/echo\"\n");
            Eventually.within(
                    Duration.ofSeconds(2),
                    "it is in force",
                    () -> gateway.post(Chats.PATH, Chats.whole("next", "hi")).statusCode() == 200);
        }
    }

    @Test
    void aPathThatIsNearlyOneIsAnsweredWithItInTheShapeOfItsFamily() throws Exception {
        try (Gateway gateway =
                Gateway.with(Gateway.ANY_PORT + "[providers.echo]\n").start()) {
            for (String[] one : new String[][] {
                {"/chat/completions", "/v1/chat/completions?"},
                {"/v1/chat/completion", "/v1/chat/completions?"},
                {"/v1/v1/chat/completions", "/v1/chat/completions?"},
                {"/messages", "/v1/messages?"},
                {"/v1/message", "/v1/messages?"},
                {"/api/chats", "/api/chat?"},
                {"/v1beta/models/m:generateContents", "/v1beta/models/m:generateContent?"},
            }) {
                HttpResponse<String> answer = gateway.post(one[0], "{}");
                assertThat(answer.statusCode()).as(one[0]).isEqualTo(404);
                assertThat(message(answer)).contains("Nothing is at " + one[0] + ". Did you mean " + one[1]);
            }
            JsonNode anthropic = Chats.read(gateway.post("/messages", "{}").body());
            assertThat(anthropic.path("type").asString()).isEqualTo("error");
            assertThat(Chats.read(gateway.post("/api/chats", "{}").body())
                            .path("error")
                            .isString())
                    .isTrue();
            assertThat(gateway.get("/healthz").body()).contains("Did you mean /health?");
            assertThat(gateway.get("/v1/nowhere").body()).doesNotContain("Did you mean");
            HttpResponse<String> method = gateway.get(Chats.PATH);
            assertThat(method.statusCode()).isEqualTo(405);
            assertThat(method.headers().firstValue("allow")).contains("POST");
        }
    }

    @Test
    void aBaseUrlThatEndsInASlashWorksInEveryLanguage() throws Exception {
        try (Gateway gateway = Gateway.with(Gateway.ANY_PORT
                        + "[auth]\nenabled = true\napi_keys = [\"correct-horse-battery\"]\n[providers.echo]\n")
                .start()) {
            String[][] calls = {
                {"/v1//chat/completions", "{\"model\":\"echo/echo\"," + TEXT + "}"},
                {"//v1/chat/completions", "{\"model\":\"echo/echo\"," + TEXT + "}"},
                {"/v1//messages", "{\"model\":\"echo/echo\",\"max_tokens\":9," + TEXT + "}"},
                {"/v1beta//models/echo/echo:generateContent", "{" + PARTS + "}"},
                {"//api/chat", "{\"model\":\"echo/echo\",\"stream\":false," + TEXT + "}"},
            };
            String[] key = {"authorization", "Bearer correct-horse-battery"};
            for (String[] call : calls) {
                assertThat(raw(gateway, "POST " + call[0], call[1], ""))
                        .as(call[0])
                        .startsWith("HTTP/1.1 401");
                assertThat(raw(gateway, "POST " + call[0], call[1], key[0] + ": " + key[1] + "\r\n"))
                        .as(call[0])
                        .startsWith("HTTP/1.1 200");
            }
            assertThat(raw(gateway, "GET //v1//providers", "", "")).startsWith("HTTP/1.1 401");
            assertThat(raw(gateway, "GET //health", "", "")).startsWith("HTTP/1.1 200");
            assertThat(raw(gateway, "POST /v1%2F/chat/completions", calls[0][1], key[0] + ": " + key[1] + "\r\n"))
                    .startsWith("HTTP/1.1 404");
        }
    }

    /** An answer with its head, of a request whose path nothing has tidied. */
    private static String raw(Gateway gateway, String line, String body, String headers) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            String head = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "Content-Length: "
                    + bytes.length + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aBareNameThatAChatIsServedByIsAModelForTheCommandToo() throws Exception {
        FakeOpenAi speaks = new FakeOpenAi();
        try (FakeUpstream openai = new FakeUpstream(call -> {
                    if (call.request().line().startsWith("GET ")) {
                        call.whole(404, "text/plain", "no list");
                    } else {
                        speaks.answer(call);
                    }
                });
                Gateway gateway = Gateway.with(Configurations.openai(openai)).start()) {
            assertThat(chat(gateway, Chats.PATH, "gpt-6-sol").headers().firstValue("x-thanos-provider"))
                    .contains("openai");
            Command.Run bare = Command.run(gateway.folder(), "models", "gpt-6-sol");
            assertThat(bare.code()).as(bare.err()).isZero();
            assertThat(bare.out()).containsPattern("(?m)^id +openai/gpt-6-sol$");
            assertThat(Command.run(gateway.folder(), "models", "no/such-model").code())
                    .isEqualTo(1);
        }
    }

    @Test
    void anthropicsClientsAreGivenTheListOfModelsInTheirShape() throws Exception {
        try (FakeUpstream openai = new FakeUpstream(new FakeOpenAi());
                Gateway gateway = Gateway.with(Configurations.openai(openai)).start()) {
            String[] version = {"anthropic-version", "2023-06-01"};
            JsonNode all = Chats.read(gateway.get("/v1/models", version).body());
            assertThat(all.propertyNames()).containsExactlyInAnyOrder("data", "has_more", "first_id", "last_id");
            List<String> ids = all.path("data")
                    .valueStream()
                    .map(model -> model.path("id").asString())
                    .toList();
            assertThat(ids).contains("echo/echo", "openai/fake-large", "openai/fake-small");
            JsonNode first = all.path("data").path(0);
            assertThat(first.propertyNames()).containsExactlyInAnyOrder("type", "id", "display_name", "created_at");
            assertThat(first.path("type").asString()).isEqualTo("model");
            assertThat(first.path("created_at").asString()).endsWith("Z");
            assertThat(all.path("has_more").asBoolean()).isFalse();
            assertThat(all.path("last_id").asString()).isEqualTo(ids.getLast());

            JsonNode page = Chats.read(gateway.get("/v1/models?limit=1&after_id=" + ids.get(0), version)
                    .body());
            assertThat(page.path("first_id").asString()).isEqualTo(ids.get(1));
            assertThat(page.path("has_more").asBoolean()).isTrue();
            JsonNode before = Chats.read(gateway.get("/v1/models?limit=9&before_id=" + ids.get(1), version)
                    .body());
            assertThat(before.path("data").size()).isEqualTo(1);
            assertThat(before.path("has_more").asBoolean()).isFalse();
            assertThat(gateway.get("/v1/models?limit=0", version).statusCode()).isEqualTo(400);
            assertThat(Chats.read(gateway.get("/v1/models/openai/fake-large", version)
                                    .body())
                            .path("type")
                            .asString())
                    .isEqualTo("model");
            assertThat(gateway.json("/v1/models").path("object").asString()).isEqualTo("list");
        }
    }

    @Test
    void theDoctorShowsWhatTheCheckWarnsOfAndStrictFailsOnIt() throws Exception {
        Gateway.Builder builder = Gateway.bare();
        Path file = Files.writeString(builder.folder().resolve("a.toml"), """
                [server]
                bind = "127.0.0.1:0"
                grpc = "127.0.0.1:0"
                [providers.echo]
                [providers.opnai]
                api_key = "OPENAI_API_KEY"
                [routing]
                fallback_chain = ["echo", "nobody"]
                [models.aliases]
                fast = "nobody/x"
                """, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        try {
            Command.Run check = Command.run(builder.folder(), "config", "check", file.toString());
            assertThat(check.code()).isZero();
            List<String> warnings = check.err()
                    .lines()
                    .map(line -> line.replaceFirst("^warning: ", ""))
                    .toList();
            assertThat(warnings).hasSize(4).allMatch(line -> line.matches(".*a\\.toml:\\d+:\\d+: .*"));
            assertThat(Command.run(builder.folder(), "config", "check", "--strict", file.toString())
                            .code())
                    .isEqualTo(1);
            Command.Run doctor = Command.run(builder.folder(), "doctor", "--config", file.toString());
            assertThat(doctor.out()).contains(warnings);
            try (Gateway gateway =
                    builder.arguments("--config", file.toString()).start()) {
                Eventually.within(
                        Duration.ofSeconds(2),
                        "they are logged",
                        () -> warnings.stream().allMatch(gateway.output()::contains));
            }
        } finally {
            Gateway.delete(builder.folder());
        }
    }
}
