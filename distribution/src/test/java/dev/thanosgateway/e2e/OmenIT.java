package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The README's configuration of the original gateway: Omen first, the chain when it is down, slow or wrong. */
class OmenIT {
    private static final String FILE = """
            [server]
            bind = "127.0.0.1:0"
            grpc = "127.0.0.1:0"
            [providers.anthropic]
            enabled = true
            api_key = "${ANTHROPIC_API_KEY}"
            endpoint = "ANTHROPIC"
            model = "claude-3-7-sonnet-20250219"
            [providers.ollama]
            enabled = true
            endpoint = "OLLAMA"
            model = "codellama:latest"
            [providers.omen]
            enabled = true
            endpoint = "OMEN"
            timeouts = { first_event_ms = 500 }
            [routing]
            strategy = "omen"  # or "preferred", "round-robin", "fallback"
            fallback_chain = ["anthropic", "openai", "ollama"]
            """;
    private static final String ROLE =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":null},"
                    + "\"finish_reason\":null}]}";

    private static FakeUpstream anthropic;
    private static FakeUpstream ollama;

    @BeforeAll
    static void start() throws Exception {
        anthropic = new FakeUpstream(new FakeAnthropic());
        ollama = new FakeUpstream(new FakeOllama());
    }

    @AfterAll
    static void stop() throws Exception {
        anthropic.close();
        ollama.close();
    }

    private static String root(FakeUpstream upstream) {
        return "http://127.0.0.1:" + upstream.port();
    }

    private static Gateway gateway(FakeUpstream omen) throws Exception {
        return Gateway.with(FILE.replace("ANTHROPIC\"", root(anthropic) + "\"")
                                .replace("OLLAMA", root(ollama))
                                .replace("OMEN", root(omen))
                        // Asked again and again, whatever it does.
                        + "[circuit_breaker]\nfailure_threshold = 100\n")
                .environment("ANTHROPIC_API_KEY", FakeAnthropic.KEY)
                .start();
    }

    private static void assertServed(HttpResponse<String> answer, String provider, String model) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains(provider);
        assertThat(answer.headers().firstValue("x-thanos-model")).contains(model);
    }

    private static JsonNode record(Gateway gateway, HttpResponse<String> answer) throws Exception {
        return gateway.json(
                "/v1/decisions/" + answer.headers().firstValue("x-request-id").orElse(""));
    }

    /** That Omen was first by its scores, and what became of it, or why it was passed over. */
    private static void assertRecorded(Gateway gateway, HttpResponse<String> answer) throws Exception {
        JsonNode record = record(gateway, answer);
        String omen = "omen/" + FakeOmen.BEST;
        JsonNode choice = record.at("/names/0");
        assertThat(choice.path("strategy").asString()).isEqualTo("omen");
        assertThat(choice.path("in_this_order_because").asString()).contains("Omen", "scores");
        assertThat(choice.path("scores").path(omen).path("overall").asDouble()).isEqualTo(0.83);
        assertThat(record.path("order").get(0).asString()).isEqualTo(omen);
        assertThat(record.at("/attempts/0/target").asString()).isEqualTo(omen);
        assertThat(record.at("/attempts/0/outcome").asString()).startsWith("UPSTREAM_");
        assertThat(record.at("/attempts/1/outcome").asString()).isEqualTo("served");
    }

    private static Map<String, FakeUpstream.Script> faults() {
        Map<String, FakeUpstream.Script> faults = new LinkedHashMap<>();
        faults.put("failed", call -> FakeOmen.error(call, 500, "Internal server error"));
        faults.put("hanging", call -> call.awaitGone(20_000));
        faults.put("reset", FakeUpstream.Call::reset);
        faults.put("an empty stream", call -> {
            call.sse();
            call.endChunks();
        });
        faults.put("a stream cut before its first event", call -> {
            call.sse();
            call.frame(ROLE);
            call.endChunks();
        });
        faults.put("a key that is missing", call -> call.whole(401, "text/plain", ""));
        return faults;
    }

    @Test
    void omenServesWithAModelOfItsScoresAndTheChainWhenItDoesNot() throws Exception {
        FakeOmen script = new FakeOmen();
        try (FakeUpstream omen = new FakeUpstream(script);
                Gateway gateway = gateway(omen)) {
            HttpResponse<String> streamed = gateway.post(Chats.PATH, Chats.stream("auto", "hi"));
            assertServed(streamed, "omen", FakeOmen.BEST);
            assertThat(streamed.body())
                    .contains("\"content\":\"You\"", "\"finish_reason\":\"stop\"")
                    .endsWith("data: [DONE]\n\n")
                    .doesNotContain("message_start");

            ObjectNode request =
                    Chats.request("omen/auto", "hi").put("stop", "END").put("max_completion_tokens", 5);
            request.put("tool_choice", "auto").putObject("tags").put("priority", 1);
            assertServed(gateway.post(Chats.PATH, request.toString()), "omen", FakeOmen.BEST);
            assertServed(gateway.post(Chats.PATH, Chats.whole("omen/gpt-4o", "hi")), "omen", "gpt-4o");

            for (Map.Entry<String, FakeUpstream.Script> fault : faults().entrySet()) {
                script.chat = fault.getValue();
                for (String body : new String[] {Chats.stream("auto", "hi"), Chats.whole("auto", "hi")}) {
                    HttpResponse<String> answer = gateway.post(Chats.PATH, body);
                    assertThat(answer.headers().firstValue("x-thanos-attempts"))
                            .as(fault.getKey())
                            .contains("2");
                    assertServed(answer, "anthropic", "claude-3-7-sonnet-20250219");
                    assertRecorded(gateway, answer);
                }
            }
            HttpResponse<String> refused = gateway.post(Chats.PATH, Chats.whole("omen/gpt-4o", "hi"));
            assertThat(Chats.error(refused).path("message").asString()).contains("refused", "api_key");
            assertThat(script.billed).hasValue(2);
        }
    }

    @Test
    void theChainServesWhileOmenIsDown() throws Exception {
        FakeUpstream omen = new FakeUpstream(new FakeOmen());
        omen.close();
        try (Gateway gateway = gateway(omen)) {
            for (String body : new String[] {Chats.stream("auto", "hi"), Chats.whole("auto", "hi")}) {
                HttpResponse<String> answer = gateway.post(Chats.PATH, body);
                assertServed(answer, "anthropic", "claude-3-7-sonnet-20250219");
                JsonNode record = record(gateway, answer);
                assertThat(record.at("/left_out/omen").asString()).startsWith("it does not say which models it has");
                assertThat(record.path("order").toString()).startsWith("[\"anthropic/");
            }
            gateway.awaitOutput("What 'omen' signals cannot be had");
        }
    }
}
