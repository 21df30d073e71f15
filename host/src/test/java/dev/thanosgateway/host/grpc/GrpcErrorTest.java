package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.proto.ChatResponse;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcErrorTest {
    private Served served;
    private final List<ChatResponse> seen = new ArrayList<>();

    @BeforeEach
    void serve() throws Exception {
        served = Served.open();
    }

    @AfterEach
    void close() {
        served.close();
    }

    private StatusRuntimeException failure() {
        try {
            Iterator<ChatResponse> answer = served.client().chatCompletion(Served.chat("hi", true));
            answer.forEachRemaining(seen::add);
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    private static <T extends com.google.protobuf.Message> List<T> details(StatusRuntimeException e, Class<T> type)
            throws Exception {
        Status status = StatusProto.fromThrowable(e);
        List<T> found = new ArrayList<>();
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                found.add(detail.unpack(type));
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void everyKindHasItsCodeAndSaysItsName(ErrorKind kind) throws Exception {
        served.dispatcher.script = call -> call.answer().fail(new GatewayException(kind, "Do this: é."), 3);
        StatusRuntimeException e = failure();
        assertThat(e.getStatus().getCode().value()).isEqualTo(kind.grpcCode());
        assertThat(e.getStatus().getDescription()).isEqualTo("Do this: é.");
        ErrorInfo detail = details(e, ErrorInfo.class).get(0);
        assertThat(detail.getReason()).isEqualTo(kind.name());
        assertThat(detail.getDomain()).isEqualTo("thanosgateway.dev");
        boolean retry = new GatewayException(kind, "").retryMayHelp();
        assertThat(detail.getMetadataMap())
                .isEqualTo(retry ? Map.of("attempts", "3") : Map.of("attempts", "3", "should_retry", "false"));
        assertThat(details(e, RetryInfo.class)).isEmpty();
        assertThat(e.getTrailers().get(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo(served.dispatcher.next().info().requestId());
    }

    @Test
    void parameterCodeAndSecondsToWaitAreInTheDetails() throws Exception {
        served.dispatcher.script = call -> call.answer()
                .fail(
                        new GatewayException(ErrorKind.UPSTREAM_LIMITED, "Wait.")
                                .withParameter("tools[0]")
                                .withCode("quota")
                                .withRetryAfter("17"),
                        1);
        StatusRuntimeException e = failure();
        assertThat(details(e, ErrorInfo.class).get(0).getMetadataMap())
                .containsEntry("parameter", "tools[0]")
                .containsEntry("code", "quota");
        assertThat(details(e, RetryInfo.class).get(0).getRetryDelay().getSeconds())
                .isEqualTo(17);
    }

    @Test
    void aDateToWaitForIsTheTimeUntilThen() throws Exception {
        String inAMinute = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(1));
        served.dispatcher.script = call -> call.answer()
                .fail(new GatewayException(ErrorKind.UPSTREAM_LIMITED, "Wait.").withRetryAfter(inAMinute), 1);
        assertThat(details(failure(), RetryInfo.class))
                .singleElement()
                .satisfies(
                        retry -> assertThat(retry.getRetryDelay().getSeconds()).isBetween(30L, 60L));
    }

    @Test
    void aCutStreamEndsInAStatusNamingTheProviderAndNeverSaysDone() throws Exception {
        served.dispatcher.script = call -> {
            call.begin();
            call.text("half");
            call.answer().fail(new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "acme cut its answer."), 1);
        };
        StatusRuntimeException e = failure();
        assertThat(e.getStatus().getCode().value()).isEqualTo(13);
        assertThat(details(e, ErrorInfo.class).get(0).getMetadataMap()).containsEntry("provider", "acme");
        assertThat(seen).extracting(ChatResponse::getContent).containsExactly("half");
        assertThat(seen).noneMatch(ChatResponse::getDone);
    }

    @Test
    void aVeryLongMessageStillArrivesAsItsOwnStatus() throws Exception {
        served.dispatcher.script =
                call -> call.answer().fail(new GatewayException(ErrorKind.NO_ROUTE, "路".repeat(20_000)), 0);
        StatusRuntimeException e = failure();
        assertThat(e.getStatus().getCode().value()).isEqualTo(14);
        assertThat(e.getStatus().getDescription()).matches("路{300,}…");
        assertThat(details(e, ErrorInfo.class).get(0).getReason()).isEqualTo("NO_ROUTE");
    }
}
