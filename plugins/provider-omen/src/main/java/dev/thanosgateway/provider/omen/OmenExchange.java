package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/** One conversation in OpenAI's language, which names what Omen has no word for and is refused as Omen refuses. */
final class OmenExchange<T> implements Exchange<T> {
    private final Exchange<T> openAi;
    private final Set<String> dropped;

    /** @param dropped names of hints that were left out of what {@code openAi} asks */
    OmenExchange(Exchange<T> openAi, Set<String> dropped) {
        this.openAi = openAi;
        this.dropped = dropped;
    }

    @Override
    public HttpCall call() throws GatewayException {
        HttpCall call = openAi.call();
        Set<String> all = new TreeSet<>(call.dropped());
        all.addAll(dropped);
        return call.withDropped(all);
    }

    @Override
    public void head(int status, Headers headers, Sink<T> out) throws GatewayException {
        openAi.head(status, headers, out);
    }

    @Override
    public void body(ByteBuffer slice, Sink<T> out) throws GatewayException {
        openAi.body(slice, out);
    }

    @Override
    public void end(Sink<T> out) throws GatewayException {
        openAi.end(out);
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return OmenProvider.failure(status, headers, body);
    }
}
