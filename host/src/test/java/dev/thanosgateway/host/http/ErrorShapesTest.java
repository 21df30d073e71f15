package dev.thanosgateway.host.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ErrorShapesTest {
    @Test
    void whatNoDialectServesIsRefusedWithTheNamesClientsKnow() {
        String wrongMethod = ownShape(ErrorKind.METHOD_NOT_ALLOWED);
        assertThat(wrongMethod).contains("\"type\":\"invalid_request_error\"", "\"code\":\"method_not_allowed\"");
        assertThat(ownShape(ErrorKind.NOT_FOUND)).contains("\"type\":\"not_found_error\"", "\"code\":\"not_found\"");
        assertThat(ownShape(ErrorKind.DRAINING)).contains("\"type\":\"server_error\"");
    }

    private static String ownShape(ErrorKind kind) {
        return StandardCharsets.UTF_8
                .decode(ErrorShapes.of(null, new GatewayException(kind, "why"), "req_1")
                        .bytes())
                .toString();
    }
}
