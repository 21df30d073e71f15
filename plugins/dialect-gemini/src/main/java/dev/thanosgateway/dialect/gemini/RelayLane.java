package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import java.nio.ByteBuffer;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A chat whose caller and upstream speak this language both: bytes go through, changed only where they must be. */
final class RelayLane implements Lane {
    private final Original original;
    private final Operation operation;
    private final Framing framing;
    private final boolean signed;
    private final Progress progress = new Progress();
    private int asked = 1;

    /** @param signed whether the model insists on a signature with the calls of earlier steps */
    RelayLane(Original original, Operation operation, boolean signed) {
        this.original = original;
        this.signed = signed;
        this.operation = operation;
        this.framing = new Framing(operation == Operation.ARRAY);
    }

    @Override
    public byte[] request() throws GatewayException {
        RequestScan scan = GeminiOriginal.scan(operation, original);
        asked = scan.candidates();
        byte[] body = scan.relay();
        return signed ? CallSignatures.complete(body) : body;
    }

    @Override
    public Set<String> dropped() {
        return Set.of();
    }

    @Override
    public boolean complete() {
        return progress.complete();
    }

    @Override
    public void piece(JsonNode piece, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException {
        Meaning meaning = progress.read(piece, asked);
        byte[] bytes = Trees.copy(raw);
        for (int i = 0; i < bytes.length; i++) {
            // Outside strings, and only there can they be, line ends are white space; in a frame they would end it.
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                bytes[i] = ' ';
            }
        }
        out.frame(ByteBuffer.wrap(framing.frame(bytes)), meaning);
    }

    @Override
    public void whole(JsonNode answer, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException {
        Meaning meaning = progress.read(answer, 1);
        if (!progress.complete()) {
            throw answer.path("candidates").isEmpty() ? NoAnswer.noCandidates() : Protocol.cut();
        }
        out.frame(raw, meaning);
    }

    @Override
    public void finish(Sink<ChatEvent> out) throws GatewayException {
        if (!progress.complete()) {
            throw Protocol.cut();
        }
        if (!progress.told()) {
            out.frame(ByteBuffer.allocate(0), Meaning.FINISH);
        }
    }
}
