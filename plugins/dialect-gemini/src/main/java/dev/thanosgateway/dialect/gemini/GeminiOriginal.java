package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request's bytes, and what was learned when they were read. */
final class GeminiOriginal implements Original {
    static final String DIALECT = "gemini";

    private final Operation operation;
    private final ByteBuffer bytes;
    private final RequestScan scan;

    GeminiOriginal(Operation operation, ByteBuffer bytes, RequestScan scan) {
        this.operation = operation;
        this.bytes = bytes.asReadOnlyBuffer();
        this.scan = scan;
    }

    @Override
    public String dialect() {
        return DIALECT;
    }

    @Override
    public String operation() {
        return operation.word();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Which operation of this language {@code original} is, of whichever version of this bundle; null = none. */
    static @Nullable Operation operation(@Nullable Original original) {
        return original == null || !original.dialect().equals(DIALECT) ? null : Operation.of(original.operation());
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    static RequestScan scan(Operation operation, Original original) throws GatewayException {
        return original instanceof GeminiOriginal known
                ? known.scan
                : RequestScan.of(operation, Trees.copy(original.bytes()));
    }
}
