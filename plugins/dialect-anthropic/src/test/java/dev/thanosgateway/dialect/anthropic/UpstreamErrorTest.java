package dev.thanosgateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamErrorTest {
    private static GatewayException failure(int status, String body, String... headers) {
        return UpstreamError.of(status, Recorder.headers(headers), ByteBuffer.wrap(Recorder.utf8(body)));
    }

    private static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                + "\"},\"request_id\":\"req_1\"}";
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error,max_tokens: Field required,INVALID_REQUEST",
        "400,invalid_request_error,prompt is too long: 210000 tokens > 200000 maximum,CONTEXT_EXCEEDED",
        "400,invalid_request_error,input length and `max_tokens` exceed context limit: 1 + 2 > 2,CONTEXT_EXCEEDED",
        "400,invalid_request_error,Your credit balance is too low to access the API,UPSTREAM_AUTH",
        "400,invalid_request_error,You have reached your specified API usage limits.,UPSTREAM_LIMITED",
        "400,invalid_request_error,Output blocked by content filtering policy,CONTENT_FILTERED",
        "401,authentication_error,invalid x-api-key,UPSTREAM_AUTH",
        "402,billing_error,pay,UPSTREAM_AUTH",
        "403,permission_error,no,UPSTREAM_AUTH",
        "404,not_found_error,model: claude-9,MODEL_NOT_FOUND",
        "409,conflict_error,twice,INVALID_REQUEST",
        "413,request_too_large,too large,TOO_LARGE",
        "429,rate_limit_error,slower,UPSTREAM_LIMITED",
        "500,api_error,Internal server error,UPSTREAM_UNAVAILABLE",
        "504,timeout_error,late,UPSTREAM_TIMEOUT",
        "529,overloaded_error,Overloaded,UPSTREAM_UNAVAILABLE"
    })
    void aStatusAndItsWordsAreTheKindOfTheTable(int status, String type, String message, ErrorKind kind) {
        GatewayException failure = failure(status, error(type, message), "retry-after", "7");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.message()).contains(message);
        assertThat(failure.retryAfter()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error,UPSTREAM_UNAVAILABLE",
        "api_error,UPSTREAM_UNAVAILABLE",
        "rate_limit_error,UPSTREAM_LIMITED",
        "timeout_error,UPSTREAM_TIMEOUT",
        "invalid_request_error,INVALID_REQUEST",
        "authentication_error,UPSTREAM_AUTH",
        "not_found_error,MODEL_NOT_FOUND",
        "brand_new_error,UPSTREAM_UNAVAILABLE"
    })
    void anErrorWithoutAStatusGoesByItsType(String type, ErrorKind kind) throws Exception {
        assertThat(UpstreamError.within(
                                Value.strict(Recorder.utf8(error(type, "x"))).members())
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void otherShapesAreReadAsFarAsTheyGoAndNoKeyIsRepeated() {
        assertThat(failure(502, "<html>Bad Gateway</html>").message())
                .isEqualTo("The upstream failed with status 502.");
        assertThat(failure(400, "").message()).contains("gave no reason");
        assertThat(failure(400, "nope").message()).isEqualTo("nope");
        assertThat(failure(400, "{\"message\":\"m\"}").message()).isEqualTo("m");
        assertThat(failure(400, "{\"error\":\"e\"}").message()).isEqualTo("e");
        assertThat(failure(401, error("authentication_error", "key sk-ant-api03-abcdefgh12345 is wrong"))
                        .message())
                .doesNotContain("abcdefgh")
                .endsWith(" is wrong. Check the key configured for this provider.");
        assertThat(failure(401, error("authentication_error", "no.")).message())
                .endsWith(": no. Check the key configured for this provider.");
        assertThat(failure(429, "", "retry-after-ms", "1500").retryAfter()).isEqualTo("2");
    }
}
