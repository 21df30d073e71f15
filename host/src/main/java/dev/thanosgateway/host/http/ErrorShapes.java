package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.host.plugins.LiveDialect;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** An error as the family of its path writes one; a plain shape of our own where there is no dialect to ask. */
final class ErrorShapes {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorShapes.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private ErrorShapes() {}

    /** @param dialect leased by the caller; null = there is none */
    static HttpBody of(@Nullable LiveDialect dialect, GatewayException error, String requestId) {
        if (dialect != null) {
            try {
                return dialect.service().error(error, requestId);
            } catch (Exception | Error e) {
                LOG.error("The dialect of {} cannot write an error.", dialect.bundle(), e);
            }
        }
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("message", error.message());
        inner.put("type", type(error.kind()));
        inner.put("param", error.parameter());
        inner.put("code", error.kind().name().toLowerCase(Locale.ROOT));
        return HttpBody.json(error.kind().httpStatus(), JSON.writeValueAsString(Map.of("error", inner)));
    }

    /** The names that most clients know from chat completions. */
    private static String type(ErrorKind kind) {
        return switch (kind) {
            case NOT_FOUND -> "not_found_error";
            case FORBIDDEN -> "permission_error";
            default -> kind.fault() == ErrorKind.Fault.CALLER ? "invalid_request_error" : "server_error";
        };
    }
}
