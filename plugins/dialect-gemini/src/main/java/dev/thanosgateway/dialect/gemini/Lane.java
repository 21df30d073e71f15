package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** One of the two ways of a chat: relayed as bytes, or translated. For one call, used by one caller at a time. */
interface Lane {
    /** The request's body as it goes upstream. */
    byte[] request() throws GatewayException;

    /** Hints of the request that do not go along; known after {@link #request}. */
    Set<String> dropped();

    /**
     * A piece of a stream.
     *
     * @param raw its bytes as they came, valid during the call
     */
    void piece(JsonNode piece, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException;

    /** The answer in one piece, not for a stream. */
    void whole(JsonNode answer, ByteBuffer raw, Sink<ChatEvent> out) throws GatewayException;

    /** Whether every candidate that began is finished, and at least one was; or the prompt was refused. */
    boolean complete();

    /** The stream has ended, all of it was given. Asked once; not after {@link #whole}. */
    void finish(Sink<ChatEvent> out) throws GatewayException;
}
