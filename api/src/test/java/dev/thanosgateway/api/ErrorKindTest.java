package dev.thanosgateway.api;

import static dev.thanosgateway.api.ErrorKind.Fault.CALLER;
import static dev.thanosgateway.api.ErrorKind.Fault.GATEWAY;
import static dev.thanosgateway.api.ErrorKind.Fault.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.thanosgateway.api.ErrorKind.Fault;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The published table of errors, spelled out: whoever changes a row changes what clients see. */
class ErrorKindTest {
    private static final int CANCELLED = 1;
    private static final int INVALID_ARGUMENT = 3;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int NOT_FOUND = 5;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    static Stream<Arguments> table() {
        return Stream.of(
                arguments("INVALID_REQUEST", CALLER, 400, INVALID_ARGUMENT),
                arguments("UNAUTHENTICATED", CALLER, 401, UNAUTHENTICATED),
                arguments("FORBIDDEN", CALLER, 403, PERMISSION_DENIED),
                arguments("NOT_FOUND", CALLER, 404, NOT_FOUND),
                arguments("METHOD_NOT_ALLOWED", CALLER, 405, UNIMPLEMENTED),
                arguments("UPGRADE_REQUIRED", CALLER, 426, UNIMPLEMENTED),
                arguments("TOO_LARGE", CALLER, 413, RESOURCE_EXHAUSTED),
                arguments("UNSUPPORTED_CODING", CALLER, 415, INVALID_ARGUMENT),
                arguments("RATE_LIMITED", CALLER, 429, RESOURCE_EXHAUSTED),
                arguments("BUDGET_EXCEEDED", CALLER, 429, RESOURCE_EXHAUSTED),
                arguments("CONTENT_FILTERED", CALLER, 400, INVALID_ARGUMENT),
                arguments("CANCELLED", CALLER, 499, CANCELLED),
                arguments("MODEL_NOT_FOUND", TARGET, 404, NOT_FOUND),
                arguments("CONTEXT_EXCEEDED", TARGET, 400, INVALID_ARGUMENT),
                arguments("UNSUPPORTED", TARGET, 400, UNIMPLEMENTED),
                arguments("UPSTREAM_AUTH", TARGET, 502, INTERNAL),
                arguments("UPSTREAM_LIMITED", TARGET, 429, RESOURCE_EXHAUSTED),
                arguments("UPSTREAM_TIMEOUT", TARGET, 504, DEADLINE_EXCEEDED),
                arguments("UPSTREAM_UNAVAILABLE", TARGET, 503, UNAVAILABLE),
                arguments("UPSTREAM_PROTOCOL", TARGET, 502, INTERNAL),
                arguments("NO_ROUTE", GATEWAY, 503, UNAVAILABLE),
                arguments("OVERLOADED", GATEWAY, 503, UNAVAILABLE),
                arguments("DRAINING", GATEWAY, 503, UNAVAILABLE),
                arguments("DEADLINE", GATEWAY, 504, DEADLINE_EXCEEDED),
                arguments("INTERNAL", GATEWAY, 500, INTERNAL));
    }

    @ParameterizedTest
    @MethodSource("table")
    void aKindHasItsRow(String name, Fault fault, int httpStatus, int grpcCode) {
        ErrorKind kind = ErrorKind.valueOf(name);
        assertThat(kind.fault()).isEqualTo(fault);
        assertThat(kind.httpStatus()).isEqualTo(httpStatus);
        assertThat(kind.grpcCode()).isEqualTo(grpcCode);
        assertThat(kind.mayTryNextTarget()).isEqualTo(fault == TARGET);
    }

    @Test
    void noKindIsMissingFromTheTable() {
        assertThat(table().map(row -> ErrorKind.valueOf((String) row.get()[0])))
                .containsExactlyInAnyOrder(ErrorKind.values());
    }

    @ParameterizedTest
    @CsvSource({
        "204, UPSTREAM_PROTOCOL",
        "302, UPSTREAM_PROTOCOL",
        "400, INVALID_REQUEST",
        "401, UPSTREAM_AUTH",
        "402, UPSTREAM_AUTH",
        "403, UPSTREAM_AUTH",
        "404, MODEL_NOT_FOUND",
        "408, UPSTREAM_TIMEOUT",
        "410, MODEL_NOT_FOUND",
        "413, TOO_LARGE",
        "422, INVALID_REQUEST",
        "429, UPSTREAM_LIMITED",
        "500, UPSTREAM_UNAVAILABLE",
        "503, UPSTREAM_UNAVAILABLE",
        "529, UPSTREAM_UNAVAILABLE",
    })
    void anUpstreamsStatusHasItsKind(int status, ErrorKind kind) {
        assertThat(ErrorKind.ofUpstreamStatus(status)).isEqualTo(kind);
    }
}
