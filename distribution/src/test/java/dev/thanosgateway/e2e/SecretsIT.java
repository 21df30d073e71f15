package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.proto.ChatRequest;
import dev.thanosgateway.proto.Message;
import dev.thanosgateway.proto.ThanosServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A provider's key reaches its origin and nobody else, though the upstream repeats it wherever it can. */
class SecretsIT {
    private static final String KEY = "sk-Hostile/5d1f8a0c+77e10c";
    private static final String HEADER = "team-token-99e1b2c3d4";
    private static final List<String> TYPES = List.of("openai", "anthropic", "gemini", "ollama", "xai", "omen");
    private static final Map<String, FakeUpstream> UPSTREAMS = new LinkedHashMap<>();
    private static FakeUpstream stranger;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        stranger = new FakeUpstream(new FakeOpenAi());
        StringBuilder tables = new StringBuilder(Gateway.ANY_PORT + "log_level = \"debug\"\n");
        tables.append(Configurations.provider("stranger", stranger, ""));
        for (String type : TYPES) {
            FakeUpstream upstream = new FakeUpstream(call -> answer(call, type));
            UPSTREAMS.put(type, upstream);
            tables.append("[providers.%s]\nendpoint = \"http://127.0.0.1:%d\"\napi_key = \"%s\"\n"
                            .formatted(type, upstream.port(), KEY))
                    .append("headers = { \"x-team-token\" = \"" + HEADER + "\" }\n");
        }
        gateway = Gateway.with(tables.toString()).start();
        for (String type : TYPES) {
            gateway.awaitState(type, "active");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        stranger.close();
        for (FakeUpstream upstream : UPSTREAMS.values()) {
            upstream.close();
        }
    }

    /** The key as it is, and as addresses and Base64 write it, and the header's. */
    private static String told() {
        byte[] bytes = ("Bearer " + KEY).getBytes(StandardCharsets.UTF_8);
        return "I was sent <" + KEY + "> <" + URLEncoder.encode(KEY, StandardCharsets.UTF_8) + "> <"
                + Base64.getEncoder().encodeToString(bytes) + "> <" + HEADER + ">";
    }

    private static void answer(FakeUpstream.Call call, String of) throws Exception {
        String line = call.request().line();
        String type =
                line.contains("/v1/completions") ? "completion" : line.contains("/v1/responses") ? "response" : of;
        String body = call.request().text();
        if (line.startsWith("GET ")) {
            call.json(401, "{\"error\":{\"message\":\"" + told() + "\"}}");
        } else if (body.contains("refuse") || line.contains("refuse")) {
            call.json(400, error(type), "x-request-id: " + KEY, "x-ratelimit-of: " + told());
        } else if (body.contains("\"stream\":true") || line.contains("streamGenerate")) {
            stream(call, type);
        } else {
            call.json(
                    200,
                    whole(type, told(), true),
                    "x-request-id: " + KEY,
                    "x-ratelimit-" + KEY.substring(3, 10) + ": 1");
        }
    }

    private static String error(String type) {
        return switch (type) {
            case "ollama" -> "{\"error\":\"" + told() + "\"}";
            case "xai" -> "{\"code\":\"" + KEY + "\",\"error\":\"" + told() + "\"}";
            default ->
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"code\":400,\"status\":\"INVALID_ARGUMENT\","
                        + "\"message\":\"" + told() + "\"}}";
        };
    }

    private static String whole(String type, String text, boolean last) {
        return switch (type) {
            case "anthropic" ->
                "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\","
                        + "\"text\":\"" + text + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1},\"x_debug\":\"" + KEY + "\"}";
            case "gemini" ->
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text + "\"}]}"
                        + (last ? ",\"finishReason\":\"STOP\"" : "") + "}],\"xDebug\":\"" + KEY + "\"}";
            case "ollama" ->
                "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"done\":" + last
                        + (last ? ",\"done_reason\":\"stop\"" : "") + ",\"x_debug\":\"" + KEY + "\"}";
            case "response" ->
                "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"output\":[{\"type\":"
                        + "\"message\",\"id\":\"i\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":"
                        + "\"output_text\",\"annotations\":[],\"text\":\"" + text + "\"}]}],\"x_debug\":\"" + KEY
                        + "\"}";
            case "completion" ->
                "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"text\":\"" + text + "\",\"logprobs\":null,\"finish_reason\":"
                        + (last ? "\"stop\"" : "null")
                        + "}],\"x_debug\":\"" + KEY + "\"}";
            default ->
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + text
                        + "\"},\"finish_reason\":\"stop\"}],\"x_debug\":\""
                        + KEY + "\"}";
        };
    }

    /** In chunks of seven bytes, each sent for itself. */
    private static void stream(FakeUpstream.Call call, String type) throws Exception {
        String frames = switch (type) {
            case "anthropic" ->
                event(
                                "message_start",
                                "\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                                        + "\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}")
                        + event(
                                "content_block_start",
                                "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
                        + event(
                                "content_block_delta",
                                "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + told() + "\"}")
                        + event("content_block_stop", "\"index\":0")
                        + event(
                                "message_delta",
                                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":1}")
                        + event("message_stop", "\"x\":\"" + KEY + "\"");
            case "gemini" -> "data: " + whole(type, told(), false) + "\n\ndata: " + whole(type, "", true) + "\n\n";
            case "completion" ->
                "data: " + whole(type, told(), false) + "\n\ndata: " + whole(type, "", true) + "\n\ndata: [DONE]\n\n";
            case "response" ->
                event("response.created", "\"response\":{\"id\":\"r\",\"model\":\"m\"}")
                        + event("response.output_text.delta", "\"output_index\":0,\"delta\":\"" + told() + "\"")
                        + event("response.completed", "\"response\":" + whole(type, told(), true));
            case "ollama" -> whole(type, told(), false) + "\n" + whole(type, "", true) + "\n";
            default ->
                ": " + KEY + "\n\ndata: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + told()
                        + "\"}}],\"x\":\"" + KEY + "\"}\n\ndata: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},"
                        + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        };
        call.head(200, type.equals("ollama") ? "application/x-ndjson" : "text/event-stream", "request-id: " + KEY);
        byte[] bytes = frames.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += 7) {
            call.chunk(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7)));
        }
        call.endChunks();
    }

    private static String event(String name, String members) {
        return "event: " + name + "\ndata: {\"type\":\"" + name + "\"," + members + "}\n\n";
    }

    private record Asked(String path, String body) {}

    /** One request in every language there is for clients. */
    private static List<Asked> asked(String provider, String said, boolean stream) {
        String model = "\"model\":\"" + provider + "/m\",\"stream\":" + stream;
        String messages = ",\"messages\":[{\"role\":\"user\",\"content\":\"" + said + "\"}]}";
        String verb = stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
        return List.of(
                new Asked("/v1/chat/completions", "{" + model + messages),
                new Asked("/v1/messages", "{\"max_tokens\":9," + model + messages),
                new Asked("/api/chat", "{" + model + messages),
                new Asked(
                        "/v1beta/models/" + provider + "/m" + verb,
                        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + said + "\"}]}]}"),
                new Asked("/v1/chat", "{" + model + messages),
                new Asked("/v1/responses", "{" + model + ",\"input\":\"" + said + "\"}"),
                new Asked("/v1/completions", "{" + model + ",\"prompt\":\"" + said + "\"}"),
                new Asked("/api/generate", "{" + model + ",\"prompt\":\"" + said + "\"}"));
    }

    /** Whatever else a provider is asked for. */
    private static List<Asked> askedBeside(String provider) {
        String model = "{\"model\":\"" + provider + "/m\",";
        String contents = "\"role\":\"user\",\"parts\":[{\"text\":\"refuse\"}]}";
        return List.of(
                new Asked("/v1/embeddings", model + "\"input\":\"refuse\"}"),
                new Asked("/api/embed", model + "\"input\":\"refuse\"}"),
                new Asked("/v1beta/models/" + provider + "/m:embedContent", "{\"content\":{" + contents + "}"),
                new Asked(
                        "/v1/messages/count_tokens",
                        model + "\"messages\":[{\"role\":\"user\",\"content\":\"refuse\"}]}"),
                new Asked("/v1beta/models/" + provider + "/m:countTokens", "{\"contents\":[{" + contents + "]}"));
    }

    private static void assertClean(String where, String text) {
        String token = Base64.getEncoder().encodeToString(("Bearer " + KEY).getBytes(StandardCharsets.UTF_8));
        for (String secret : List.of(
                KEY,
                HEADER,
                KEY.replace("/", "\\/"),
                URLEncoder.encode(KEY, StandardCharsets.UTF_8),
                token.substring(12, token.length() - 4))) {
            assertThat(text).as(where).doesNotContain(secret);
        }
    }

    @Test
    void noLaneGivesItAway() throws Exception {
        for (String provider : TYPES) {
            for (String said : List.of("hi", "refuse")) {
                for (boolean stream : new boolean[] {false, true}) {
                    for (Asked asked : asked(provider, said, stream)) {
                        HttpResponse<String> answer = gateway.post(asked.path(), asked.body());
                        String where = asked + ": " + answer.statusCode() + " "
                                + answer.headers().map() + answer.body();
                        assertThat(answer.statusCode()).as(where).isEqualTo(said.equals("hi") ? 200 : 400);
                        assertThat(answer.body()).as(where).contains("I was sent");
                        assertClean(where, where);
                    }
                }
            }
        }
        for (String path :
                List.of("/v1/providers", "/v1/models", "/health", "/metrics", "/api/tags", "/openapi.json")) {
            assertClean(path, gateway.get(path).body());
        }
        assertClean("the log", gateway.output());
    }

    @Test
    void embeddingsAndCountsDoNotGiveItAwayEither() throws Exception {
        for (String provider : TYPES) {
            int told = 0;
            for (Asked asked : askedBeside(provider)) {
                HttpResponse<String> answer = gateway.post(asked.path(), asked.body());
                String where = asked + ": " + answer.statusCode() + " "
                        + answer.headers().map() + answer.body();
                assertClean(where, where);
                told += answer.body().contains("I was sent") ? 1 : 0;
            }
            // xAI is asked for neither; what it would count is estimated.
            assertThat(told > 0).as(provider).isEqualTo(!provider.equals("xai"));
        }
    }

    @Test
    void whoIsSentElsewhereDoesNotTakeItThere() throws Exception {
        FakeUpstream hostile = UPSTREAMS.get("openai");
        try (FakeUpstream elsewhere = new FakeUpstream(new FakeOpenAi())) {
            for (int status : new int[] {301, 302, 307, 308}) {
                hostile.script(call -> call.json(status, "{}", "location: " + elsewhere.endpoint()));
                HttpResponse<String> answer = gateway.post(Chats.PATH, Chats.whole("openai/m", "hi"));
                assertThat(answer.statusCode()).isEqualTo(502);
            }
            assertThat(elsewhere.connections()).isZero();
        } finally {
            hostile.script(call -> answer(call, "openai"));
        }
    }

    @Test
    void neitherDoesGrpc() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort())
                .usePlaintext()
                .build();
        try {
            var client = ThanosServiceGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(30));
            for (String provider : TYPES) {
                for (boolean stream : new boolean[] {false, true}) {
                    List<String> answers = new ArrayList<>();
                    client.chatCompletion(request(provider, "hi", stream))
                            .forEachRemaining(part -> answers.add(part.toString()));
                    assertThat(String.join("", answers)).contains("I was sent");
                    assertClean(provider, answers.toString());
                    try {
                        client.chatCompletion(request(provider, "refuse", stream))
                                .hasNext();
                        throw new AssertionError("it was not refused");
                    } catch (StatusRuntimeException e) {
                        assertThat(e.getMessage()).contains("I was sent");
                        assertClean(provider, e.getMessage() + e.getTrailers());
                    }
                }
            }
        } finally {
            channel.shutdownNow();
        }
    }

    private static ChatRequest request(String provider, String said, boolean stream) {
        return ChatRequest.newBuilder()
                .setModel(provider + "/m")
                .setStream(stream)
                .addMessages(Message.newBuilder().setRole("user").setContent(said))
                .build();
    }

    @Test
    void aDialectsHeadersReachAnUpstreamOfThatDialectOnlyAndTheTraceReachesEvery() throws Exception {
        for (Map.Entry<String, FakeUpstream> upstream : UPSTREAMS.entrySet()) {
            upstream.getValue().script(call -> answer(call, upstream.getKey()));
            // The others are written anew from a chat or not, as their provider has them.
            for (Asked asked : asked(upstream.getKey(), "hi", false).subList(0, 4)) {
                gateway.post(
                        asked.path(),
                        asked.body(),
                        "anthropic-beta",
                        "a-1",
                        "anthropic-version",
                        "2023-06-01",
                        "openai-beta",
                        "o-1",
                        "traceparent",
                        "00-ab-cd-01",
                        "x-session-id",
                        "s-1",
                        "cookie",
                        "c=1");
                FakeUpstream.Request sent = upstream.getValue().take();
                while (sent.line().startsWith("GET ")) {
                    sent = upstream.getValue().take();
                }
                String to = upstream.getKey();
                String from = asked.path();
                boolean anthropic = from.equals("/v1/messages") && to.equals("anthropic");
                boolean openai = from.equals("/v1/chat/completions")
                        && List.of("openai", "xai").contains(to);
                assertThat(sent.header("anthropic-beta")).as(from + to).isEqualTo(anthropic ? "a-1" : null);
                assertThat(sent.header("openai-beta")).as(from + to).isEqualTo(openai ? "o-1" : null);
                assertThat(sent.header("anthropic-version"))
                        .as(from + to)
                        .matches(v -> to.equals("anthropic") == (v != null));
                assertThat(sent.header("traceparent")).isEqualTo("00-ab-cd-01");
                assertThat(sent.header("x-session-id")).isEqualTo("s-1");
                assertThat(sent.header("cookie")).isNull();
            }
        }
    }

    @Test
    void noOtherUpstreamIsSentIt() throws Exception {
        stranger.script(new FakeOpenAi());
        gateway.post(
                Chats.PATH, Chats.whole("stranger/fake-large", "hi"), "authorization", "Bearer " + "callers-key-123");
        FakeUpstream.Request sent = stranger.take();
        assertClean("the other upstream", sent.line() + sent.headers() + sent.text());
        assertThat(sent.headers().toString()).doesNotContain("callers-key");
    }
}
