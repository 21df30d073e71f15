package dev.thanosgateway.wire.answer;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * An exchange whose answer is one JSON document with one result: collects it and refuses what is none.
 *
 * @param <T> the result
 */
public abstract class WholeAnswer<T> implements Exchange<T> {
    private final WholeBody body = new WholeBody();

    @Override
    public final void head(int status, Headers headers, Sink<T> out) throws GatewayException {
        // Nothing else that is said of the body is believed: the body tells.
        String said = headers.first("content-type");
        if (said != null && said.toLowerCase(Locale.ROOT).strip().startsWith("text/html")) {
            throw Protocol.html();
        }
    }

    @Override
    public final void body(ByteBuffer slice, Sink<T> out) throws GatewayException {
        body.add(slice);
    }

    @Override
    public final void end(Sink<T> out) throws GatewayException {
        answer(body.bytes(), body.begin(), body.size(), out);
    }

    /**
     * Reads the answer, from {@code from} to before {@code to}: neither empty nor HTML.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is not what was asked for; the error, when it is one
     */
    protected abstract void answer(byte[] bytes, int from, int to, Sink<T> out) throws GatewayException;

    /** The answer's bytes as they came. */
    protected final ByteBuffer raw() {
        return body.raw();
    }
}
