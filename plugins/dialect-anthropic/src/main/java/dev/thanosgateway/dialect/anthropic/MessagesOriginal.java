package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a message request, or of one to count its tokens, and what was learned when they were read. */
final class MessagesOriginal implements Original {
    static final String DIALECT = "anthropic";
    static final String CREATE = "messages";
    static final String COUNT = "messages.count_tokens";
    static final String VERSION_HEADER = "anthropic-version";

    private final String operation;
    private final ByteBuffer bytes;
    private final RequestScan scan;
    private final boolean versioned;

    /**
     * @param operation {@link #CREATE} or {@link #COUNT}
     * @param versioned whether the client named the version of the API it speaks
     */
    MessagesOriginal(String operation, ByteBuffer bytes, RequestScan scan, boolean versioned) {
        this.operation = operation;
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
        return operation;
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Whether {@code original} is in this language and of an operation, of whichever version of this bundle. */
    static boolean is(String operation, @Nullable Original original) {
        return original != null
                && original.dialect().equals(DIALECT)
                && original.operation().equals(operation);
    }

    /** What was learned of {@code original}, whichever version of this bundle it is from. */
    private static RequestScan scan(Original original) throws GatewayException {
        return original instanceof MessagesOriginal known ? known.scan : RequestScan.of(copy(original.bytes()));
    }

    /** The model's name as the client wrote it. */
    static String model(Original original) throws GatewayException {
        return scan(original).model();
    }

    /**
     * The call that relays {@code original}: its bytes but for the model's name, the gateway's own fields, and what the
     * model is known to refuse.
     */
    static HttpCall relay(String path, ChatRequest request, Original original, Auth auth) throws GatewayException {
        RequestScan scan = scan(original);
        byte[] body = scan.relay(request.model(), request.traits());
        HttpCall call = HttpCall.postJson(path, ByteBuffer.wrap(body), auth)
                .withDropped(scan.dropped(request.traits()))
                .asRelay();
        // The version the client speaks decides what its fields mean: it goes along with its other headers, if it is
        // said.
        return original instanceof MessagesOriginal known && known.versioned
                ? call
                : call.withHeader(VERSION_HEADER, EventLane.VERSION);
    }

    /** The bytes from position to limit, copied. */
    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
