package dev.thanosgateway.host.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.thanosgateway.api.GatewayException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A failure as a gRPC status with {@code google.rpc} details. */
final class Failures {
    static final String DOMAIN = "thanosgateway.dev";

    /**
     * A status travels twice in the trailers, percent-encoded and in base64, and clients refuse trailers over 8 KiB:
     * three bytes for one and four for three come to 4.4 KiB at most.
     */
    private static final int MAX_MESSAGE_BYTES = 1_024;

    private static final int MAX_DETAIL_CHARS = 128;
    /** Nine digits hold 31 years. */
    private static final int MAX_SECONDS_DIGITS = 9;

    private Failures() {}

    /**
     * @param provider who served when it failed; null = nobody yet
     * @param attempts how many targets were asked
     */
    static StatusRuntimeException of(GatewayException failure, @Nullable String provider, int attempts) {
        ErrorInfo.Builder detail = ErrorInfo.newBuilder()
                .setReason(failure.kind().name())
                .setDomain(DOMAIN)
                .putMetadata("attempts", Integer.toString(attempts));
        put(detail, "provider", provider);
        put(detail, "parameter", failure.parameter());
        put(detail, "code", failure.code());
        put(detail, "should_retry", failure.retryMayHelp() ? null : "false");
        Status.Builder status = Status.newBuilder()
                .setCode(failure.kind().grpcCode())
                .setMessage(bounded(failure.message()))
                .addDetails(Any.pack(detail.build()));
        long seconds = seconds(failure.retryAfter());
        if (seconds >= 0) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(seconds))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** What a {@code retry-after} says, as seconds from now: it may be a date. @return -1 = nothing that can be read */
    private static long seconds(@Nullable String retry) {
        if (retry == null) {
            return -1;
        }
        if (retry.length() <= MAX_SECONDS_DIGITS && retry.matches("[0-9]+")) {
            return Long.parseLong(retry);
        }
        try {
            Instant then = ZonedDateTime.parse(retry, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.max(0, Instant.now().until(then, ChronoUnit.SECONDS));
        } catch (DateTimeParseException e) {
            return -1;
        }
    }

    private static void put(ErrorInfo.Builder detail, String name, @Nullable String value) {
        if (value != null) {
            detail.putMetadata(name, value.length() > MAX_DETAIL_CHARS ? value.substring(0, MAX_DETAIL_CHARS) : value);
        }
    }

    private static String bounded(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_MESSAGE_BYTES) {
            return message;
        }
        int end = MAX_MESSAGE_BYTES;
        // Not within a character: bytes after a character's first are 10xxxxxx.
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + "…";
    }
}
