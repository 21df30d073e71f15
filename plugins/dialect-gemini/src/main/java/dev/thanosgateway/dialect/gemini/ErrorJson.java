package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An error as Google's clients know it: {@code {"error":{code,message,status,details}}}. */
final class ErrorJson {
    private static final String TYPE = "type.googleapis.com/google.rpc.";

    private ErrorJson() {}

    static String write(GatewayException error) {
        ErrorKind kind = error.kind();
        ObjectNode root = Trees.object();
        ObjectNode inner =
                root.putObject("error").put("code", kind.httpStatus()).put("message", error.message());
        inner.put("status", status(kind));
        ArrayNode details = inner.putArray("details");
        details.addObject()
                .put("@type", TYPE + "ErrorInfo")
                .put("reason", kind == ErrorKind.UNAUTHENTICATED ? "API_KEY_INVALID" : kind.name())
                .put("domain", "thanos");
        String parameter = error.parameter();
        if (parameter != null) {
            details.addObject()
                    .put("@type", TYPE + "BadRequest")
                    .putArray("fieldViolations")
                    .addObject()
                    .put("field", parameter)
                    .put("description", error.message());
        }
        String after = error.retryAfter();
        if (after != null && after.matches("\\d+")) {
            details.addObject().put("@type", TYPE + "RetryInfo").put("retryDelay", after + "s");
        }
        return Trees.text(root);
    }

    /** The name of the gRPC status, which is Google's word for the HTTP status. */
    private static String status(ErrorKind kind) {
        return switch (kind.grpcCode()) {
            case 1 -> "CANCELLED";
            case 3 -> "INVALID_ARGUMENT";
            case 4 -> "DEADLINE_EXCEEDED";
            case 5 -> "NOT_FOUND";
            case 7 -> "PERMISSION_DENIED";
            case 8 -> "RESOURCE_EXHAUSTED";
            case 12 -> "UNIMPLEMENTED";
            case 14 -> "UNAVAILABLE";
            case 16 -> "UNAUTHENTICATED";
            default -> "INTERNAL";
        };
    }
}
