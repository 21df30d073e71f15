package dev.thanosgateway.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamErrorTest {
    private static GatewayException of(int status, String body) {
        return UpstreamError.of(status, Played.headers(), ByteBuffer.wrap(Played.utf8(body)));
    }

    private static String body(int code, String status, String message, String details) {
        return "{\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\",\"status\":\"" + status
                + "\",\"details\":[" + details + "]}}";
    }

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_ARGUMENT,Bad field.,INVALID_REQUEST",
        "400,INVALID_ARGUMENT,API key not valid. Please pass a valid API key.,UPSTREAM_AUTH",
        "400,INVALID_ARGUMENT,The input token count (9) exceeds the maximum number of tokens allowed (8).,CONTEXT_EXCEEDED",
        "400,FAILED_PRECONDITION,User location is not supported for the API use.,UPSTREAM_AUTH",
        "401,UNAUTHENTICATED,x,UPSTREAM_AUTH",
        "403,PERMISSION_DENIED,x,UPSTREAM_AUTH",
        "404,NOT_FOUND,models/x is not found,MODEL_NOT_FOUND",
        "429,RESOURCE_EXHAUSTED,x,UPSTREAM_LIMITED",
        "499,CANCELLED,x,UPSTREAM_UNAVAILABLE",
        "500,INTERNAL,x,UPSTREAM_UNAVAILABLE",
        "503,UNAVAILABLE,x,UPSTREAM_UNAVAILABLE",
        "504,DEADLINE_EXCEEDED,x,UPSTREAM_TIMEOUT",
    })
    void googlesStatusDecides(int code, String status, String message, ErrorKind kind) {
        String body = body(code, status, message, "");
        for (String form : new String[] {body, "[" + body + "]"}) {
            assertThat(of(code, form).kind()).isEqualTo(kind);
            assertThat(of(code, form).message()).contains(message);
        }
        assertThat(UpstreamError.within(Trees.read(body)).kind()).isEqualTo(kind);
    }

    @Test
    void detailsTellWhenToTryAgainWhichFieldAndWhetherItIsTheKey() {
        String type = "{\"@type\":\"type.googleapis.com/google.rpc.";
        GatewayException limited =
                of(429, body(429, "RESOURCE_EXHAUSTED", "x", type + "RetryInfo\",\"retryDelay\":\"6.2s\"}"));
        GatewayException field = of(
                400,
                body(
                        400,
                        "INVALID_ARGUMENT",
                        "x",
                        type + "BadRequest\",\"fieldViolations\":[{\"field\":\"contents\"}]}"));
        GatewayException key =
                of(400, body(400, "INVALID_ARGUMENT", "x", type + "ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}"));
        GatewayException header =
                UpstreamError.of(429, Played.headers("retry-after", "9"), ByteBuffer.wrap(Played.utf8("slow")));

        assertThat(limited.retryAfter()).isEqualTo("7");
        assertThat(header.retryAfter()).isEqualTo("9");
        assertThat(header.message()).contains("slow");
        assertThat(field.parameter()).isEqualTo("contents");
        assertThat(key.kind()).isEqualTo(ErrorKind.UPSTREAM_AUTH);
        assertThat(key.message()).endsWith(": x. Check the key configured for this provider.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "502|<html>Bad gateway</html>|UPSTREAM_UNAVAILABLE",
                "404|''|MODEL_NOT_FOUND",
                "429|{|UPSTREAM_LIMITED",
                "403|[]|UPSTREAM_AUTH",
                "400|{\"error\":\"plain\"}|INVALID_REQUEST"
            })
    void anythingElseGoesByItsStatus(int status, String body, ErrorKind kind) {
        assertThat(of(status, body).kind()).isEqualTo(kind);
        assertThat(of(status, body).message()).doesNotContain("<").isNotBlank();
    }

    @Test
    void aKeyThatIsRepeatedIsNotPassedOn() {
        String said = of(400, body(400, "INVALID_ARGUMENT", "key AIzaSyA-1234567890123456 in ?key=abcdefgh1", ""))
                .message();

        assertThat(said).doesNotContain("AIza").doesNotContain("abcdefgh1");
    }
}
