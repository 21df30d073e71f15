package dev.thanosgateway.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamErrorTest {
    private static GatewayException failure(int status, String body, String... headers) {
        return OpenAi.models(Auth.BEARER)
                .failure(
                        status,
                        Recorder.headers(headers),
                        ByteBuffer.wrap(Recorder.utf8(body)).asReadOnlyBuffer());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400|{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"param\":\"n\",\"code\":null}}|INVALID_REQUEST|bad",
                "400|{\"error\":\"bad\"}|INVALID_REQUEST|bad",
                "400|{\"code\":\"Client specified an invalid argument\",\"error\":\"bad\"}|INVALID_REQUEST|bad",
                "422|{\"detail\":\"bad\"}|INVALID_REQUEST|bad",
                "422|{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"bad\",\"type\":\"missing\"}]}|INVALID_REQUEST|bad",
                "400|{\"object\":\"error\",\"message\":\"bad\",\"code\":400}|INVALID_REQUEST|bad",
                "400|[{\"error\":{\"code\":400,\"message\":\"bad\",\"status\":\"INVALID_ARGUMENT\"}}]|INVALID_REQUEST|bad",
                "400|{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}|CONTEXT_EXCEEDED|x",
                "400|{\"message\":\"This model's maximum context length is 4096 tokens\"}|CONTEXT_EXCEEDED|4096",
                "400|{\"error\":{\"message\":\"x\",\"code\":\"content_policy_violation\"}}|CONTENT_FILTERED|x",
                "400|{\"error\":{\"message\":\"x\",\"code\":\"content_filter\"}}|CONTENT_FILTERED|x",
                "404|{\"error\":{\"message\":\"x\",\"code\":\"model_not_found\"}}|MODEL_NOT_FOUND|x",
                "403|{\"error\":{\"message\":\"x\",\"code\":\"model_not_found\"}}|MODEL_NOT_FOUND|x",
                "404|{\"error\":{\"message\":\"This model is only supported in v1/responses and not in v1/chat/completions.\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":null}}|MODEL_NOT_FOUND|completions. Name the model in responses_only",
                "404|<html>nothing</html>|MODEL_NOT_FOUND|endpoint",
                "401|{\"error\":{\"message\":\"x\",\"code\":\"invalid_api_key\"}}|UPSTREAM_AUTH|key",
                "400|{\"error\":{\"message\":\"API key not valid. Please\"}}|UPSTREAM_AUTH|key",
                "402|{\"error\":{\"message\":\"Insufficient Balance\"}}|UPSTREAM_AUTH|Balance",
                "429|{\"error\":{\"message\":\"x\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}|UPSTREAM_LIMITED|x",
                "429|Too Many Requests|UPSTREAM_LIMITED|Too Many Requests",
                "500|{\"error\":{\"message\":\"x\",\"type\":\"invalid_request_error\"}}|UPSTREAM_UNAVAILABLE|x",
                "503|<!DOCTYPE html><p>down</p>|UPSTREAM_UNAVAILABLE|503",
                "529|{}|UPSTREAM_UNAVAILABLE|529",
                "408|null|UPSTREAM_TIMEOUT|408",
                "504|{\"error\":{\"message\":\"x\",\"code\":\"timeout\"}}|UPSTREAM_TIMEOUT|x",
                "429|{\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}|UPSTREAM_LIMITED|x",
                "401|{\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}|UPSTREAM_AUTH|x",
                "400|{\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}|INVALID_REQUEST|x",
                "400|{\"error\":{\"message\":\"x\",\"type\":\"rate_limit_error\"}}|INVALID_REQUEST|x",
                "400|{\"error\":{\"message\":\"x\",\"code\":\"timeout\"}}|INVALID_REQUEST|x",
                "404|{\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}|MODEL_NOT_FOUND|x",
                "400|{\"error\":{\"message\":\"x\",\"code\":\"billing_hard_limit_reached\"}}|UPSTREAM_LIMITED|x",
                "503|{\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}}|UPSTREAM_UNAVAILABLE|x",
                "413|too big|TOO_LARGE|too big",
                "302|moved|UPSTREAM_PROTOCOL|302"
            })
    void everyShapeTellsItsKindAndMessage(int status, String body, ErrorKind kind, String words) {
        GatewayException e = failure(status, body);

        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.message()).contains(words).doesNotContain("<");
    }

    @Test
    void whatTheCallerCanMendKeepsTheUpstreamsWordsFieldAndCode() {
        GatewayException e = failure(
                400,
                "{\"error\":{\"message\":\"No é\",\"type\":\"invalid_request_error\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}");

        assertThat(e.message()).isEqualTo("No é");
        assertThat(e.parameter()).isEqualTo("temperature");
        assertThat(e.code()).isEqualTo("unsupported_value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Incorrect API key provided: sk-proj-abcDEF123_456-xyz. Find",
                "Incorrect API key provided: sk-abcd****************wxyz. Find",
                "header Authorization: Bearer abc.def-123 refused",
                "key xai-0123456789abcdef is off",
                "key gsk_0123456789abcdef is off",
                "key AIzaSyA0123456789abcdefghij is off"
            })
    void whatLooksLikeAKeyIsMasked(String message) {
        assertThat(failure(401, "{\"error\":{\"message\":\"" + message + "\"}}").message())
                .contains("***")
                .doesNotContain("abc", "0123", "wxyz");
    }

    @Test
    void aMessageIsBoundedAndOnOneLine() {
        String message = failure(400, "{\"error\":\"a\\n\\tb\\u0000" + "x".repeat(100_000) + "\"}")
                .message();

        assertThat(message).startsWith("a b xx").hasSize(2000);
    }

    @Test
    void retryAfterIsKeptInSeconds() {
        assertThat(failure(429, "{}", "retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")
                        .retryAfter())
                .isEqualTo("Wed, 21 Oct 2026 07:28:00 GMT");
        assertThat(failure(429, "{}", "retry-after-ms", "1200").retryAfter()).isEqualTo("2");
        assertThat(failure(429, "{}", "retry-after", "7", "retry-after-ms", "6500")
                        .retryAfter())
                .isEqualTo("7");
        assertThat(failure(429, "{}", "retry-after-ms", "soon").retryAfter()).isNull();
    }

    @Test
    void modelsAreRead() throws GatewayException {
        ModelList list = models(
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"object\":\"model\",\"created\":5,\"owned_by\":\"me\"},"
                        + "{\"id\":\"b\",\"created\":1.5e9,\"max_model_len\":4096,\"owned_by\":null,\"extra\":{\"id\":\"no\"}},{\"id\":\"\"}]}");

        assertThat(list.models()).extracting(Model::id).containsExactly("a", "b");
        assertThat(list.models().get(0).created()).isEqualTo(5);
        assertThat(list.models().get(0).ownedBy()).isEqualTo("me");
        assertThat(list.models().get(1).contextLength()).isEqualTo(4096);
        assertThat(models("[{\"id\":\"c\"}]").models()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "{\"data\":5}", "{\"data\":[", "ok"})
    void aListThatIsNoneIsAProtocolError(String body) {
        assertThatThrownBy(() -> models(body)).extracting("kind").isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
    }

    private static ModelList models(String body) throws GatewayException {
        Exchange<ModelList> exchange = OpenAi.models(Auth.BEARER);
        assertThat(exchange.call().path()).isEqualTo("/v1/models");
        Recorder<ModelList> out = new Recorder<>();
        exchange.head(200, Recorder.JSON, out);
        exchange.body(ByteBuffer.wrap(Recorder.utf8(body)), out);
        exchange.end(out);
        assertThat(out.events).hasSize(1);
        return out.events.get(0);
    }
}
