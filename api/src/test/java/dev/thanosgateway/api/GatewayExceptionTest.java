package dev.thanosgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class GatewayExceptionTest {
    private final IOException cause = new IOException("reset");
    private final GatewayException full = new GatewayException(ErrorKind.UPSTREAM_LIMITED, "Try later.", cause)
            .withParameter("model")
            .withCode("quota")
            .withRetryAfter("30");

    @Test
    void eachWordAddedKeepsTheOthers() {
        assertThat(full.kind()).isEqualTo(ErrorKind.UPSTREAM_LIMITED);
        assertThat(full.message()).isEqualTo("Try later.");
        assertThat(full.parameter()).isEqualTo("model");
        assertThat(full.code()).isEqualTo("quota");
        assertThat(full.retryAfter()).isEqualTo("30");
        assertThat(full).hasCause(cause);
    }

    @Test
    void otherWordsAreTheSameFailure() {
        GatewayException said = full.withMessage("Both said: try later.");
        assertThat(said.message()).isEqualTo("Both said: try later.");
        assertThat(said)
                .extracting("kind", "parameter", "code", "retryAfter", "cause")
                .containsExactly(ErrorKind.UPSTREAM_LIMITED, "model", "quota", "30", cause);
    }

    @Test
    void theOriginalStaysAsItWas() {
        GatewayException plain = new GatewayException(ErrorKind.INVALID_REQUEST, "No.");
        assertThat(plain.withParameter("n").parameter()).isEqualTo("n");
        assertThat(plain.parameter()).isNull();
        assertThat(plain.code()).isNull();
        assertThat(plain.retryAfter()).isNull();
        assertThat(plain).hasNoCause();
    }

    @Test
    void aWordCanBeTakenBack() {
        assertThat(full.withParameter(null).parameter()).isNull();
        assertThat(full.withCode(null).code()).isNull();
        assertThat(full.withRetryAfter(null).retryAfter()).isNull();
    }

    @Test
    void onlyADefectHasAStackTrace() {
        assertThat(full.getStackTrace()).isEmpty();
        assertThat(new GatewayException(ErrorKind.INTERNAL, "Oh.").getStackTrace())
                .isNotEmpty();
    }
}
