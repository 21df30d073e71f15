package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a request of an operation beside chat, and what was learned when they were read. */
final class BodyOriginal implements Original {
    /** The operation at {@code /v1/responses}. */
    static final String RESPONSES = "responses";
    /** The operation at {@code /v1/responses/input_tokens}. */
    static final String INPUT_TOKENS = "responses.input_tokens";
    /** The operation at {@code /v1/responses/compact}. */
    static final String COMPACT = "responses.compact";
    /** The operation at {@code /v1/completions}. */
    static final String COMPLETIONS = "completions";

    private final String operation;
    private final RequestBody body;

    BodyOriginal(String operation, RequestBody body) {
        this.operation = operation;
        this.body = body;
    }

    @Override
    public String dialect() {
        return ChatOriginal.DIALECT;
    }

    @Override
    public String operation() {
        return operation;
    }

    @Override
    public ByteBuffer bytes() {
        return body.bytes();
    }

    /** Whether {@code original} is a request of this operation, of whichever version of this bundle. */
    static boolean is(@Nullable Original original, String operation) {
        return original != null
                && original.dialect().equals(ChatOriginal.DIALECT)
                && original.operation().equals(operation);
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    static RequestBody body(Original original) throws GatewayException {
        return original instanceof BodyOriginal known ? known.body : RequestBody.of(original.bytes());
    }
}
