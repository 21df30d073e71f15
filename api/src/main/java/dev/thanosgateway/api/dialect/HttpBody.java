package dev.thanosgateway.api.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A whole HTTP answer but for the host's own headers.
 *
 * @param contentType with its charset where it has one
 * @param bytes from position to limit; owned by the host from now on
 */
public record HttpBody(int status, String contentType, ByteBuffer bytes) {
    public static HttpBody json(int status, String text) {
        return new HttpBody(status, "application/json", ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
