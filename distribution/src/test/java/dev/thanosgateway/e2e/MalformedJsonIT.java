package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ten thousand bodies that are wrong somewhere, at a provider that answers by itself and at one behind HTTP: each is
 * answered, in the path's shape, and what goes upstream is JSON all the same.
 */
class MalformedJsonIT {
    private static final int CASES = Integer.getInteger("thanos.malformed", 10_000);
    private static final List<String> PATHS = List.of(Chats.PATH, "/v1/chat");
    private static final List<String> MODELS = List.of("echo/echo", "openai/fake-large", "fake-small", "auto");
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(call -> {
            // Whoever reads this strictly must find nothing wrong.
            if (call.request().line().startsWith("POST")) {
                STRICT.readTree(call.request().text());
            }
            new Lenient().answer(call);
        });
        gateway = Gateway.with(Configurations.openai(upstream)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    /** Answers whatever is asked for. */
    private static final class Lenient implements FakeUpstream.Script {
        private static final String CHUNK =
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}";
        private static final String WHOLE =
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}";

        @Override
        public void answer(FakeUpstream.Call call) throws Exception {
            if (call.request().line().startsWith("GET")) {
                new FakeOpenAi().answer(call);
            } else if ("text/event-stream".equals(call.request().header("accept"))) {
                call.sse();
                call.frame(CHUNK);
                call.frame("[DONE]");
                call.endChunks();
            } else {
                call.json(200, WHOLE);
            }
        }
    }

    private static byte[] request(Random chance) {
        String model = MODELS.get(chance.nextInt(MODELS.size()));
        byte[] body = JsonMutations.next(chance, model);
        String path = PATHS.get(chance.nextInt(PATHS.size()));
        return chance.nextInt(4) == 0 ? RawHttp.post(path, body) : RawHttp.post(path, body, "Connection: close");
    }

    @Test
    void lineEndsInNamesReachNoHeaderAndNoFrame() throws Exception {
        String evil = "a\r\nx-injected: 1\r\n\r\ndata: {\"evil\":1}\n\nevent: x";
        for (boolean stream : new boolean[] {true, false}) {
            for (String model : List.of("openai/" + evil, "echo/" + evil, evil)) {
                answered(Chats.request(model, "hi").put("stream", stream));
            }
            for (String model : List.of("openai/fake-large", "echo/echo")) {
                ObjectNode request = Chats.request(model, evil).put("stream", stream);
                request.put("user", evil).putObject("metadata").put(evil, evil);
                answered(request);
            }
        }
        // Of an id that is no word nothing comes back.
        RawHttp.Response answer = RawHttp.exchange(
                gateway.port(), RawHttp.get("/health", "X-Request-Id: a b<script>", "traceparent: \tx"));
        assertThat(answer.header("x-request-id")).startsWith("req_");
    }

    private static void answered(ObjectNode request) throws Exception {
        byte[] bytes = RawHttp.post(Chats.PATH, request.toString(), "Connection: close");
        try (Answers answers = new Answers(gateway.port())) {
            answers.send(bytes);
            answers.read(10_000);
            assertThat(answers.check(bytes)).hasSize(1);
            assertThat(answers.lines())
                    .noneMatch(line -> line.startsWith("x-injected") || line.startsWith("event:"))
                    .noneMatch(line -> line.startsWith("data: {\"evil"));
        }
    }

    @Test
    void malformedJsonIsAnsweredInThePathsShapeAndNothingIsHeld() throws Exception {
        Seed seed = Seed.of("malformed JSON");
        Corpus corpus = new Corpus(gateway);
        corpus.run(CASES, number -> request(seed.of(number)));

        assertThat(corpus.statuses()).containsKeys(200, 400);
        Corpus.assertUnharmed(gateway);
    }
}
