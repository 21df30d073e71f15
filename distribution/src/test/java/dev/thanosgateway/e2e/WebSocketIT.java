package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Responses over WebSocket, translated and relayed. */
class WebSocketIT {
    private static FakeUpstream translated;
    private static FakeUpstream relayed;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        translated = new FakeUpstream(new FakeOpenAi());
        relayed = new FakeUpstream(new FakeResponses());
        String table = "[providers.%s]\ntype = \"openai\"\nresponses = %s\nendpoint = \"%s\"\napi_key = \"%s\"\n";
        gateway = Gateway.with(Gateway.ANY_PORT
                        + table.formatted("chat", false, translated.endpoint(), FakeOpenAi.KEY)
                        + table.formatted("own", true, relayed.endpoint(), FakeOpenAi.KEY)
                        + "[providers.echo]\n")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        translated.close();
        relayed.close();
    }

    private static ArrayNode inputAsked(FakeUpstream upstream) throws Exception {
        FakeUpstream.Request last = upstream.take();
        while (upstream.untaken() > 0) {
            last = upstream.take();
        }
        JsonNode asked = Sock.JSON.readTree(last.body());
        assertThat(asked.path("stream").asBoolean()).isTrue();
        assertThat(asked.has("type")).isFalse();
        assertThat(asked.has("previous_response_id")).isFalse();
        return (ArrayNode) asked.get(asked.has("input") ? "input" : "messages");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/m", "own/m"})
    void aTurnBuildsOnTheLastOne(String model) throws Exception {
        FakeUpstream upstream = model.startsWith("own") ? relayed : translated;
        try (Sock sock = new Sock(gateway.port())) {
            List<JsonNode> first = sock.send(Sock.create(model, "one")).response();
            assertThat(first.get(0).path("type").asString()).isEqualTo("response.created");
            assertThat(Sock.last(first).path("type").asString()).isEqualTo("response.completed");
            assertThat(Sock.text(first)).isEqualTo(FakeOpenAi.reply("one"));
            String id = Sock.last(first).at("/response/id").asString();

            List<JsonNode> second = sock.send(Sock.create(model, "two").put("previous_response_id", id))
                    .response();
            assertThat(Sock.text(second)).isEqualTo(FakeOpenAi.reply("two"));
            String input = inputAsked(upstream).toString();
            assertThat(input.indexOf("one")).isBetween(0, input.indexOf(FakeOpenAi.PREFIX));
            assertThat(input.indexOf(FakeOpenAi.PREFIX)).isLessThan(input.indexOf("\"two\""));

            JsonNode gone =
                    Sock.last(sock.send(Sock.create(model, "three").put("previous_response_id", "resp_of_another"))
                            .response());
            assertThat(gone.path("type").asString()).isEqualTo("error");
            assertThat(gone.path("status").asInt()).isEqualTo(400);
            assertThat(gone.at("/error/code").asString()).isEqualTo("previous_response_not_found");
            String latest = Sock.last(second).at("/response/id").asString();
            assertThat(Sock.text(sock.send(Sock.create(model, "four").put("previous_response_id", latest))
                            .response()))
                    .isEqualTo(FakeOpenAi.reply("four"));
            assertThat(inputAsked(upstream).size()).isEqualTo(5);
        }
    }

    @Test
    void aWarmUpIsKeptAndServesNothing() throws Exception {
        int asked = translated.untaken();
        try (Sock sock = new Sock(gateway.port())) {
            List<JsonNode> warm = sock.send(Sock.create("chat/m", "prepared").put("generate", false))
                    .response();
            assertThat(warm).hasSize(2);
            assertThat(Sock.last(warm).at("/response/output").size()).isZero();
            assertThat(translated.untaken()).isEqualTo(asked);
            String id = Sock.last(warm).at("/response/id").asString();
            ObjectNode next = Sock.create("chat/m", "now").put("previous_response_id", id);
            assertThat(Sock.text(sock.send(next).response())).isEqualTo(FakeOpenAi.reply("now"));
            assertThat(inputAsked(translated).toString()).contains("prepared");
            // Codex tells what it has seen; the next answer is to the next request.
            sock.send(Sock.JSON
                    .createObjectNode()
                    .put("type", "response.processed")
                    .put("response_id", id));
            assertThat(Sock.text(sock.send(Sock.create("chat/m", "on")).response()))
                    .isEqualTo(FakeOpenAi.reply("on"));
        }
    }

    @Test
    void failuresAreMessagesInTheDocumentedForm() throws Exception {
        try (Sock sock = new Sock(gateway.port())) {
            JsonNode unknown =
                    Sock.last(sock.send(Sock.create("nobody-has-this", "hi")).response());
            assertThat(unknown.path("status").asInt()).isEqualTo(404);
            assertThat(unknown.at("/error/code").asString()).isEqualTo("model_not_found");
            assertThat(unknown.at("/headers/x-request-id").asString()).startsWith("req_");
            JsonNode type = Sock.last(sock.send(Sock.JSON.createObjectNode().put("type", "response.cancel"))
                    .response());
            assertThat(type.at("/error/param").asString()).isEqualTo("type");
            JsonNode streams = Sock.last(
                    sock.send(Sock.create("chat/m", "hi").put("stream_id", "a")).response());
            assertThat(streams.at("/error/param").asString()).isEqualTo("stream_id");
            assertThat(Sock.text(sock.send(Sock.create("chat/m", "still here")).response()))
                    .isEqualTo(FakeOpenAi.reply("still here"));
        }
    }

    private static double measured() throws Exception {
        String name = "thanos_request_duration_seconds_count{endpoint=\"responses\",method=\"GET\"} ";
        return gateway.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/recorded", "own/recorded"})
    void eachResponseTellsTheIdOfItsRecordAndIsMeasured(String model) throws Exception {
        double before = measured();
        String id;
        try (Sock sock = new Sock(gateway.port())) {
            assertThat(measured()).as("a handshake has no duration").isEqualTo(before);
            List<JsonNode> events = sock.send(Sock.create(model, "hi")).response();
            id = events.get(0).at("/headers/x-request-id").asString();
            assertThat(Sock.text(events)).isEqualTo(FakeOpenAi.reply("hi"));
        }
        assertThat(id).startsWith("req_");
        Eventually.within(
                java.time.Duration.ofSeconds(5),
                "the record is there",
                () -> gateway.get("/v1/decisions").body().contains(id));
        assertThat(measured()).isEqualTo(before + 1);
    }

    @Test
    void aClosedSocketCancelsUpstream() throws Exception {
        java.util.concurrent.CompletableFuture<Boolean> gone = new java.util.concurrent.CompletableFuture<>();
        relayed.script(call -> {
            call.head(200, "text/event-stream", "connection: close");
            call.chunk(
                    "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}\n\n");
            call.chunk("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"delta\":\"a\"}\n\n");
            gone.complete(call.awaitGone(10_000));
        });
        try {
            try (Sock sock = new Sock(gateway.port())) {
                sock.send(Sock.create("own/m", "hi"));
                assertThat(sock.next().path("type").asString()).isEqualTo("response.created");
            }
            assertThat(gone.get(2, TimeUnit.SECONDS)).isTrue();
        } finally {
            relayed.script(new FakeResponses());
        }
    }

    @Test
    void withoutAnUpgradeItIs426() throws Exception {
        HttpResponse<String> answer = gateway.get("/v1/responses");
        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.headers().firstValue("upgrade")).contains("websocket");
        assertThat(Sock.JSON.readTree(answer.body()).at("/error/code").asString())
                .isEqualTo("upgrade_required");
    }

    @TestFactory
    List<DynamicTest> ofOpenAisOwnSdk() throws Exception {
        return NodeSdk.tests("responses-ws.mjs", gateway.v1(), "chat/m");
    }
}
