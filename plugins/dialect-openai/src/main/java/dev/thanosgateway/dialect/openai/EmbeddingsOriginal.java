package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a request for embeddings, and what was learned when they were read. */
final class EmbeddingsOriginal implements Original {
    private static final String OPERATION = "embeddings";

    private final ByteBuffer bytes;
    private final EmbeddingsScan scan;

    EmbeddingsOriginal(ByteBuffer bytes, EmbeddingsScan scan) {
        this.bytes = bytes.asReadOnlyBuffer();
        this.scan = scan;
    }

    @Override
    public String dialect() {
        return ChatOriginal.DIALECT;
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** The request as it goes to an upstream of this language; null = it came in another. */
    static byte @Nullable [] relay(@Nullable Original original, String renamed) throws GatewayException {
        if (original == null
                || !original.dialect().equals(ChatOriginal.DIALECT)
                || !original.operation().equals(OPERATION)) {
            return null;
        }
        byte[] body = ChatOriginal.copy(original.bytes());
        int begin = ChatOriginal.bodyStart(body);
        // Another version of this bundle may have read it.
        EmbeddingsScan scan =
                original instanceof EmbeddingsOriginal known ? known.scan : EmbeddingsScan.of(body, begin);
        return scan.relay(body, begin, renamed);
    }
}
