package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each client's language, while a model thinks for longer than proxies wait. */
class EarlyKeepAliveIT {
    private static final String CHAT = "{\"model\":\"openai/m\",\"stream\":true,\"max_tokens\":9,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final String INPUT = "{\"model\":\"openai/m\",\"stream\":true,\"input\":\"hello\"}";
    private static final String PROMPT = "{\"model\":\"openai/m\",\"stream\":true,\"prompt\":\"hello\"}";
    private static final String CONTENTS = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]}";
    private static final String GEMINI = "/v1beta/models/openai%2Fm:streamGenerateContent";

    private final Semaphore thinking = new Semaphore(0);
    private FakeUpstream upstream;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        upstream = new FakeUpstream(this::answer);
        gateway = Gateway.with(Gateway.ANY_PORT + "early_keepalive_ms = 300\n[providers.openai]\nendpoint = \""
                        + upstream.endpoint() + "\"\ncompletions = false\napi_key = \"a-key-of-the-test-1\"\n")
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private void answer(FakeUpstream.Call call) throws Exception {
        thinking.acquire();
        call.sse();
        call.frame("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"served\"},\"finish_reason\":null}]}");
        call.frame("{\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        call.frame("[DONE]");
        call.endChunks();
    }

    private void fails() {
        upstream.script(call -> {
            thinking.acquire();
            call.json(500, "{\"error\":{\"message\":\"it broke\",\"type\":\"server_error\"}}");
        });
    }

    private static String body(String path) {
        return switch (path) {
            case "/v1/responses" -> INPUT;
            case "/v1/completions", "/api/generate" -> PROMPT;
            default -> path.startsWith("/v1beta") ? CONTENTS : CHAT;
        };
    }

    /** Sends it and reads the early head with its comment. */
    private RawHttp early(String path) throws Exception {
        RawHttp client = new RawHttp(gateway.port());
        client.send(RawHttp.post(path, body(path)));
        String head = client.until("\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200 ").containsIgnoringCase("x-request-id: ");
        assertThat(head).doesNotContainIgnoringCase("x-thanos-");
        assertThat(client.until("\n\n")).contains("\r\n:");
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,data: [DONE]",
        "/v1/responses,event: response.completed",
        "/v1/completions,data: [DONE]",
        "/v1/messages,event: message_stop"
    })
    void aCommentComesAndThenTheEvents(String path, String end) throws Exception {
        try (RawHttp client = early(path)) {
            thinking.release();
            assertThat(client.until(end)).contains("served");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,'data: {\"error\":{',[DONE]",
        "/v1/responses,event: error,response.completed",
        "/v1/completions,'data: {\"error\":{',[DONE]",
        "/v1/messages,event: error,message_stop"
    })
    void aFailureIsToldInTheStream(String path, String error, String complete) throws Exception {
        fails();
        try (RawHttp client = early(path)) {
            thinking.release();
            assertThat(client.until("\r\n0\r\n\r\n"))
                    .contains(error, "it broke")
                    .doesNotContain(complete);
        }
    }

    @ParameterizedTest
    @CsvSource({GEMINI, GEMINI + "?alt=sse", "/api/chat", "/api/generate"})
    void geminisAndOllamasStreamsWaitForTheirFirstEvent(String path) throws Exception {
        fails();
        try (RawHttp client = new RawHttp(gateway.port())) {
            client.send(RawHttp.post(path, body(path)));
            upstream.take();
            // A stream of another language, sent later, is early by now: so would this one be.
            try (RawHttp other = early(Chats.PATH)) {
                thinking.release(2);
                other.until("it broke");
            }
            assertThat(client.head().status()).isBetween(500, 503);
        }
    }

    @Test
    void aClientThatLeavesAfterTheEarlyHeadCancelsUpstream() throws Exception {
        upstream.script(call -> call.awaitGone(10_000));
        early(Chats.PATH).close();
        assertThat(upstream.clientGoneWithin(1_000)).isTrue();
    }
}
