package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request's bytes, what was learned when they were read, and when that was. */
final class OllamaOriginal implements Original {
    static final String DIALECT = "ollama";

    private final Operation operation;
    private final ByteBuffer bytes;
    private final RequestScan scan;
    private final long readNanos = System.nanoTime();

    OllamaOriginal(Operation operation, ByteBuffer bytes, RequestScan scan) {
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

    /** {@code System.nanoTime()} when the request was read. */
    long readNanos() {
        return readNanos;
    }

    /** What {@code original} asks for in place of an answer; null = it asks for an answer. */
    static @Nullable WarmUp warmUp(@Nullable Original original) {
        return original instanceof OllamaOriginal known ? known.scan.warmUp() : null;
    }

    /** Which operation of this language {@code original} is, of whichever version of this bundle; null = none. */
    static @Nullable Operation operation(@Nullable Original original) {
        return original == null || !original.dialect().equals(DIALECT) ? null : Operation.of(original.operation());
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    static RequestScan scan(Operation operation, Original original) throws GatewayException {
        return original instanceof OllamaOriginal known
                ? known.scan
                : RequestScan.of(operation, Requests.copy(original.bytes()));
    }
}
