package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ten thousand requests that are wrong somewhere: each is answered in HTTP or closed, and nothing of them stays. */
class MalformedHttpIT {
    private static final int CASES = Integer.getInteger("thanos.malformed", 10_000);

    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @Test
    void whatIsTooLargeForAHeadIsToldSoAndClosed() throws Exception {
        assertRefused("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n", 431);
        assertRefused("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n" + "X: 1\r\n".repeat(10_000) + "\r\n", 431);
        assertRefused("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
        Corpus.assertUnharmed(gateway);
    }

    private static void assertRefused(String request, int status) throws Exception {
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        try (Answers answers = new Answers(gateway.port())) {
            answers.send(bytes);
            assertThat(answers.read(10_000)).as("closed").isTrue();
            // The answer may be lost with the reset when not all of the request was read.
            assertThat(answers.none() ? List.of(status) : answers.check(bytes)).containsExactly(status);
        }
    }

    @Test
    void malformedHttpIsAnsweredOrClosedAndNothingIsHeld() throws Exception {
        Seed seed = Seed.of("malformed HTTP");
        Corpus corpus = new Corpus(gateway);
        corpus.run(CASES, number -> HttpMutations.next(seed.of(number)));

        assertThat(corpus.statuses()).containsKeys(200, 400);
        Corpus.assertUnharmed(gateway);
    }
}
