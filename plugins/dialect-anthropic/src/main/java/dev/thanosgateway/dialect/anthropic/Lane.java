package dev.thanosgateway.dialect.anthropic;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.Map;

/** One of the two ways of a chat: relayed, or translated. For one call, used by one thread at a time. */
interface Lane {
    /** The call but for what both ways share. */
    HttpCall call() throws GatewayException;

    /**
     * One event of a stream.
     *
     * @param type of the event
     * @param members of its data
     * @param name that the stream gives it; empty = none
     * @param data the bytes of the data, valid during the call
     */
    void event(String type, Map<String, Value> members, String name, ByteBuffer data, Sink<ChatEvent> out)
            throws GatewayException, JsonException;

    /** An answer in one piece, to a request for a stream too. */
    void whole(Map<String, Value> members, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException, JsonException;

    /** Whether the answer has told why it ended. */
    boolean complete();

    /**
     * The stream has ended.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is not complete
     */
    void finish(Sink<ChatEvent> out) throws GatewayException;
}
