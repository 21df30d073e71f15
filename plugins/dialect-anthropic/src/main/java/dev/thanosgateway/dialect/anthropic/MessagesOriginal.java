package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message request's bytes, and what was learned when they were read. */
final class MessagesOriginal implements Original {
    static final String DIALECT = "anthropic";
    static final String OPERATION = "messages";
    static final String VERSION_HEADER = "anthropic-version";

    private final ByteBuffer bytes;
    private final RequestScan scan;
    private final boolean versioned;

    /** @param versioned whether the client named the version of the API it speaks */
    MessagesOriginal(ByteBuffer bytes, RequestScan scan, boolean versioned) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.scan = scan;
        this.versioned = versioned;
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

    /** Whether {@code original} is a message request in this language, of whichever version of this bundle. */
    static boolean same(@Nullable Original original) {
        return original != null
                && original.dialect().equals(DIALECT)
                && original.operation().equals(OPERATION);
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    static RequestScan scan(Original original) throws GatewayException {
        return original instanceof MessagesOriginal known ? known.scan : RequestScan.of(copy(original.bytes()));
    }

    /** Whether the version the client speaks goes along with its other headers. */
    static boolean versioned(Original original) {
        return original instanceof MessagesOriginal known && known.versioned;
    }

    /** The bytes from position to limit, copied. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
