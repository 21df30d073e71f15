package dev.thanosgateway.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.ModelList;
import java.nio.ByteBuffer;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an upstream's refusal is, by its status and its words; and its list of models. */
class UpstreamErrorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "404 | {\"error\":\"model 'x' not found\"} | MODEL_NOT_FOUND | model | model 'x' not found",
                "404 | {\"error\":\"model \\\"x\\\" not found, try pulling it first\"} | MODEL_NOT_FOUND | model | try pulling it",
                "404 | 404 page not found | UPSTREAM_PROTOCOL | - | Check the provider's endpoint",
                "404 | <html>nothing</html> | MODEL_NOT_FOUND | model | status 404 and gave no reason",
                "400 | {\"error\":\"\\\"x\\\" does not support thinking\"} | UNSUPPORTED | reasoning_effort | does not support thinking",
                "400 | {\"error\":\"registry.ollama.ai/library/x does not support tools\"} | UNSUPPORTED | tools | does not support tools",
                "400 | {\"error\":\"the input length exceeds the context length\"} | CONTEXT_EXCEEDED | - | exceeds",
                "400 | {\"error\":\"invalid options: temperature\"} | INVALID_REQUEST | - | invalid options",
                "400 | {\"error\":{\"message\":\"wrapped\"}} | INVALID_REQUEST | - | wrapped",
                "400 | '' | INVALID_REQUEST | - | gave no reason",
                "401 | {\"error\":\"unauthorized\",\"signin_url\":\"https://x\"} | UPSTREAM_AUTH | - | Check the key",
                "403 | plain words | UPSTREAM_AUTH | - | plain words",
                "429 | {\"error\":\"slow down\"} | UPSTREAM_LIMITED | - | slow down",
                "500 | {\"error\":\"model runner has unexpectedly stopped\"} | UPSTREAM_UNAVAILABLE | - | runner",
                "503 | {\"error\":\"server busy, please try again. maximum pending requests exceeded\"} | UPSTREAM_UNAVAILABLE | - | busy",
                "502 | <html>bad gateway</html> | UPSTREAM_UNAVAILABLE | - | status 502.",
            })
    void statusAndWordsDecideTheKind(int status, String body, ErrorKind kind, String field, String said)
            throws GatewayException {
        GatewayException error = Ollama.chat(Recorder.chat("{\"model\":\"m\"}"), Auth.NONE)
                .failure(status, Recorder.headers("Retry-After", "7"), ByteBuffer.wrap(Recorder.utf8(body)));

        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.parameter()).isEqualTo(field);
        assertThat(error.message()).contains(said);
        assertThat(error.retryAfter()).isEqualTo("7");
    }

    @Test
    void whatLooksLikeAKeyIsNotRepeated() throws GatewayException {
        GatewayException error = Ollama.chat(Recorder.chat("{\"model\":\"m\"}"), Auth.NONE)
                .failure(
                        400,
                        Recorder.headers(),
                        ByteBuffer.wrap(Recorder.utf8("{\"error\":\"bad\\nkey sk-abcdefgh12345\"}")));

        assertThat(error.message()).isEqualTo("bad key ***");
    }

    @Test
    void theModelsAreThoseOfTheTags() throws GatewayException {
        ModelList list = models(
                "{\"models\":[{\"name\":\"a:latest\",\"model\":\"a:latest\",\"modified_at\":"
                        + "\"2026-01-01T01:00:00.5+01:00\",\"size\":5,\"details\":{\"context_length\":4096},"
                        + "\"capabilities\":[\"completion\",\"tools\",\"vision\",\"thinking\"]},{\"name\":\"b\"},{},{\"name\":\"c\",\"capabilities\":[\"completion\",\"tools\"]}]}");

        assertThat(list.models()).extracting(m -> m.id()).containsExactly("a:latest", "b", "c");
        assertThat(list.models())
                .extracting(m -> m.lacking())
                .containsExactly(Set.of(), Set.of(), Set.of("vision", "reasoning"));
        assertThat(list.models().get(0).contextLength()).isEqualTo(4096);
        assertThat(list.models().get(0).created()).isEqualTo(1_767_225_600);
        assertThat(list.models().get(0).capabilities())
                .isEqualTo(Set.of("streaming", "functions", "vision", "reasoning"));
        for (String bad : new String[] {"", "{}", "[]", "<html>", "{\"models\":7}"}) {
            Assertions.assertThatThrownBy(() -> models(bad))
                    .as(bad)
                    .extracting("kind")
                    .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    private static ModelList models(String body) throws GatewayException {
        Recorder<ModelList> out = new Recorder<>();
        Exchange<ModelList> exchange = Ollama.models(Auth.NONE);
        assertThat(exchange.call().path()).isEqualTo("/api/tags");
        exchange.head(200, Recorder.headers(), out);
        exchange.body(ByteBuffer.wrap(Recorder.utf8(body)), out);
        exchange.end(out);
        return out.events.get(0);
    }
}
