package dev.thanosgateway.provider.echo;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The request's {@code echo} extension: {@code {"delay_ms": 50}} waits that long between two words. */
final class Pace {
    private static final long MAX_DELAY_MS = 60_000;

    private Pace() {}

    /**
     * @return milliseconds between two words; 0 = none
     * @throws GatewayException INVALID_REQUEST naming the field
     */
    static long of(@Nullable Json extension) throws GatewayException {
        if (extension == null) {
            return 0;
        }
        Object tree;
        try {
            tree = JsonTree.read(extension.text());
        } catch (JacksonException e) {
            throw invalid("echo", "must be a JSON object such as {\"delay_ms\": 50}");
        }
        if (!(tree instanceof Map<?, ?> fields)) {
            throw invalid("echo", "must be an object such as {\"delay_ms\": 50}");
        }
        for (Object name : fields.keySet()) {
            if (!"delay_ms".equals(name)) {
                throw invalid("echo." + name, "is unknown; the only field is delay_ms");
            }
        }
        Object delay = fields.get("delay_ms");
        if (delay == null) {
            return 0;
        }
        double millis = delay instanceof JsonTree.Num number ? number.value() : -1;
        if (!(millis >= 0 && millis <= MAX_DELAY_MS) || millis != Math.rint(millis)) {
            throw invalid("echo.delay_ms", "must be a whole number of milliseconds from 0 to " + MAX_DELAY_MS);
        }
        return (long) millis;
    }

    private static GatewayException invalid(String field, String why) {
        return new GatewayException(ErrorKind.INVALID_REQUEST, "The field " + field + " " + why + ".")
                .withParameter(field);
    }
}
