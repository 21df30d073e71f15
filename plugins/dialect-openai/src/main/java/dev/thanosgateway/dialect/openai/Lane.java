package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;

/** One of the ways of a chat: relayed as bytes, or translated. For one call, used by one caller at a time. */
interface Lane {
    /** Where the request goes. */
    String path();

    /** The request's body as it goes upstream. Asked once. */
    byte[] request() throws GatewayException;

    /** {@code call} with what is to be said of it: that it is relayed, or what of the caller's it leaves out. */
    HttpCall marked(HttpCall call) throws GatewayException;

    /**
     * The data of the next event of a stream.
     *
     * @param frame where its frame begins if it came in plain form, else -1; see {@code SseReader.Target}
     */
    void payload(byte[] bytes, int from, int to, int frame, Sink<ChatEvent> out) throws GatewayException;

    /** The answer in one piece, for a request that may have asked for a stream. */
    void whole(byte[] bytes, int from, int to, Sink<ChatEvent> out) throws GatewayException;

    /** Whether every choice that began is finished, and at least one was. */
    boolean complete();

    /**
     * The answer has ended, all of it was given. Asked once; not after {@link #whole}.
     *
     * @param marked whether the upstream sent the end mark: choices that it did not finish are complete then
     */
    void finish(boolean marked, Sink<ChatEvent> out) throws GatewayException;
}
