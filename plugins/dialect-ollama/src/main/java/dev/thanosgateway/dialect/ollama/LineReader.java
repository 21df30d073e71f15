package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.wire.answer.Protocol;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Takes a stream apart into lines, whichever way it is sliced. For one answer, used by one caller at a time. */
final class LineReader {
    private static final int LIMIT = 16 << 20;

    private final Target target;
    private byte[] line = new byte[512];
    private int length;

    /** Takes a line that is more than white space. */
    interface Target {
        /** @param to behind its line feed; without one it is the last and was cut, or ends without */
        void line(byte[] bytes, int to) throws GatewayException;
    }

    LineReader(Target target) {
        this.target = target;
    }

    /** @throws GatewayException UPSTREAM_PROTOCOL when a line is over 16 MiB */
    void feed(ByteBuffer slice) throws GatewayException {
        int at = slice.position();
        while (at < slice.limit()) {
            int end = at;
            while (end < slice.limit() && slice.get(end) != '\n') {
                end++;
            }
            boolean whole = end < slice.limit();
            end += whole ? 1 : 0;
            add(slice, at, end - at);
            if (whole) {
                give();
            }
            at = end;
        }
    }

    private void add(ByteBuffer slice, int at, int more) throws GatewayException {
        if (more > LIMIT - length) {
            throw Protocol.failure("The upstream sent a line longer than 16 MiB.");
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, Math.min(LIMIT, line.length * 2)));
        }
        slice.get(at, line, length, more);
        length += more;
    }

    /** The stream has ended; what came behind its last line feed is a line too. */
    void end() throws GatewayException {
        give();
    }

    private void give() throws GatewayException {
        int end = length;
        length = 0;
        for (int i = 0; i < end; i++) {
            if (line[i] > ' ' || line[i] < 0) {
                target.line(line, end);
                return;
            }
        }
    }
}
