package dev.thanosgateway.host.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.host.decision.Decision;
import dev.thanosgateway.host.decision.Reader;
import dev.thanosgateway.proto.ChatRequest;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept of calls that were refused before anything was decided about them. */
final class GrpcRefusedRecordTest {
    private static final String KEY = "good";

    private static void refused(Served served, String id, String name, String value, ChatRequest request) {
        Metadata sent = new Metadata();
        sent.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        sent.put(CallHead.REQUEST_ID, id);
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> served.client()
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent))
                        .chatCompletion(request)
                        .forEachRemaining(message -> {}));
        assertThat(e).as("it was refused").isNotNull();
    }

    /** What gRPC itself refuses is noted when the call has ended, a moment after the client knows. */
    private static @Nullable Decision awaited(Served served, String id, Reader reader) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        Decision found = served.dispatcher.decisions.find(id, reader);
        while (found == null && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
            found = served.dispatcher.decisions.find(id, reader);
        }
        return found;
    }

    @Test
    void eachSaysWhyAndIsReadByWhoeverItBelongsTo() throws Exception {
        try (Served served = Served.keyed("127.0.0.1", KEY)) {
            ChatRequest hi = Served.chat("hi", false);
            refused(served, "wrong", "x-api-key", "bad", hi);
            refused(served, "page", "origin", "https://evil.example", hi);
            refused(served, "empty", "x-api-key", KEY, ChatRequest.getDefaultInstance());
            refused(served, "large", "x-api-key", KEY, Served.chat("x".repeat(33 << 20), false));
            assertThat(served.dispatcher.calls).isEmpty();
            assertRecord(awaited(served, "wrong", Reader.OPERATOR), "UNAUTHENTICATED");
            assertRecord(awaited(served, "page", Reader.OPERATOR), "FORBIDDEN");
            assertRecord(awaited(served, "empty", Reader.caller(null)), "INVALID_REQUEST");
            assertRecord(awaited(served, "large", Reader.caller(null)), "TOO_LARGE");
            assertThat(served.dispatcher.decisions.find("wrong", Reader.caller(null)))
                    .isNull();
            assertThat(served.dispatcher.decisions.find("empty", Reader.caller("somebody else")))
                    .isNull();
        }
    }

    private static void assertRecord(@Nullable Decision record, String error) {
        assertThat(record).isNotNull();
        assertThat(record.told())
                .containsEntry("outcome", "refused")
                .containsEntry("front_end", "grpc")
                .containsEntry("error", error);
    }

    @Test
    void whatIsDispatchedIsTheDispatchersToNote() throws Exception {
        try (Served served = Served.open()) {
            served.client().chatCompletion(Served.chat("hi", true)).forEachRemaining(message -> {});
            assertThat(served.metrics.ended.poll(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(served.dispatcher.decisions.newest(10, Reader.OPERATOR)).isEmpty();
        }
    }
}
