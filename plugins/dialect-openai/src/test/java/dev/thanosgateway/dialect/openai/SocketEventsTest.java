package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SocketEventsTest {
    private static List<String> of(String frames) {
        return new SocketEvents()
                .of(frames.getBytes(StandardCharsets.UTF_8)).stream()
                        .map(one -> new String(one, StandardCharsets.UTF_8))
                        .toList();
    }

    @Test
    void eachEventIsAMessageWhateverItsLineEndsAre() {
        assertThat(of("event: a\ndata: {\"x\":1}\n\nevent: b\ndata:{\"x\":2}\n\n"))
                .containsExactly("{\"x\":1}", "{\"x\":2}");
        assertThat(of("event: a\r\ndata: {\"x\":1}\r\n\r\ndata: {\"x\":2}\r\n\r\n"))
                .containsExactly("{\"x\":1}", "{\"x\":2}");
        assertThat(of("data: {\"x\":1}\r\rdata: {\"x\":2}\r\r")).containsExactly("{\"x\":1}", "{\"x\":2}");
        assertThat(of("data: {\"x\":\ndata: 1}\n\n")).containsExactly("{\"x\":\n1}");
    }

    private static List<String> answers(String... events) {
        SocketEvents all = new SocketEvents();
        all.answers("req_1");
        return all.of(("data: " + String.join("\n\ndata: ", events) + "\n\n").getBytes(StandardCharsets.UTF_8)).stream()
                .map(one -> new String(one, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void theFirstEventOfAResponseHasTheIdOfItsRequest() {
        String created = "{\"type\":\"response.created\",\"response\":{\"id\":\"a\"}}";
        String named = "{\"type\":\"response.created\",\"response\":{\"id\":\"a\"}"
                + ",\"headers\":{\"x-request-id\":\"req_1\"}}";
        String other = "{\"type\":\"codex.rate_limits\"}";
        assertThat(answers(other, created, created)).containsExactly(other, named, created);
        String own = "{\"headers\":{\"x-request-id\":\"theirs\"},\"type\":\"response.created\"}";
        assertThat(answers(own)).containsExactly(own);
        assertThat(answers("{\"type\":\"response.created\",")).containsExactly("{\"type\":\"response.created\",");
    }

    @Test
    void commentsAndEndMarksAreNone() {
        assertThat(of(": keep-alive\n\ndata: [DONE]\n\n")).isEmpty();
        assertThat(of("")).isEmpty();
    }
}
