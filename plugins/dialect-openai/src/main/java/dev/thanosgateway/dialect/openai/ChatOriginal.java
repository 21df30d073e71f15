package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A chat request's bytes, and what was learned when they were read. */
final class ChatOriginal implements Original {
    static final String DIALECT = "openai";
    static final String OPERATION = "chat.completions";

    private final ByteBuffer bytes;
    private final RequestScan scan;

    ChatOriginal(ByteBuffer bytes, RequestScan scan) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.scan = scan;
    }

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** The names of the custom tools that a chat in this language offers. */
    static Set<String> customs(@Nullable Original original) {
        return original instanceof ChatOriginal known ? known.scan.facts().customs() : Set.of();
    }

    /** Whether {@code original} is a chat request in this language, of whichever version of this bundle. */
    static boolean same(Original original) {
        return original.dialect().equals(DIALECT) && original.operation().equals(OPERATION);
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    static RequestScan scan(Original original) throws GatewayException {
        if (original instanceof ChatOriginal known) {
            return known.scan;
        }
        byte[] bytes = copy(original.bytes());
        return RequestScan.of(bytes, bodyStart(bytes));
    }

    /** The bytes from position to limit, copied. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** Where the JSON begins: behind a byte order mark, which some clients send. */
    static int bodyStart(byte[] bytes) {
        boolean mark =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return mark ? 3 : 0;
    }
}
