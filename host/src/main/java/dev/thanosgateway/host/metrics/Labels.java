package dev.thanosgateway.host.metrics;

import dev.thanosgateway.api.ErrorKind;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the values of labels that a caller chooses few. */
final class Labels {
    static final String OTHER = "other";

    private static final int MAX_MODELS = 200;
    private static final int MAX_MODEL_LENGTH = 128;
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GRPC");
    private static final String[] GRPC = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };
    private static final int GRPC_BASE = 1000;

    private final Set<String> models = ConcurrentHashMap.newKeySet();
    private final AtomicInteger room = new AtomicInteger(MAX_MODELS);

    /** The model itself while fewer than 200 are known, then {@value #OTHER} for any further one. */
    String model(String model) {
        if (models.contains(model)) {
            return model;
        }
        if (model.length() > MAX_MODEL_LENGTH || room.get() <= 0) {
            return OTHER;
        }
        if (room.getAndDecrement() <= 0) {
            room.incrementAndGet();
            return models.contains(model) ? model : OTHER;
        }
        if (!models.add(model)) {
            room.incrementAndGet();
        }
        return model;
    }

    /** A name that a target just said it does not know takes no room from those that are served. */
    String unknownModel(String model) {
        return models.contains(model) ? model : OTHER;
    }

    static String method(String method) {
        return METHODS.contains(method) ? method : OTHER;
    }

    /** The number of an HTTP status, the name of a gRPC code. */
    static String status(int status) {
        int code = status - GRPC_BASE;
        return code >= 0 && code < GRPC.length ? GRPC[code] : status < 100 || status > 599 ? OTHER : "" + status;
    }

    static String kind(ErrorKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
