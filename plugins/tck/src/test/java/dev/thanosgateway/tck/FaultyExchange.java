package dev.thanosgateway.tck;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** An exchange with one result in a made-up language of JSON, sound or with one fault. */
abstract class FaultyExchange<T> implements Exchange<T> {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String fault;
    private final List<ByteBuffer> slices = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** @param fault a few words; empty = it is sound */
    FaultyExchange(String fault) {
        this.fault = fault;
    }

    /** @param beginning of the fault's words */
    final boolean has(String beginning) {
        return fault.startsWith(beginning);
    }

    final ObjectNode naming(String model) {
        return JSON.createObjectNode().put("model", has("names its own") ? "mine" : model);
    }

    /** Texts are all that the made-up languages have a word for. */
    static String said(ChatContent content, boolean dropping) throws GatewayException {
        StringBuilder said = new StringBuilder();
        boolean only = content.tools().isEmpty() && content.stop().isEmpty();
        for (Message message : content.messages()) {
            only &= message.parts().stream().allMatch(part -> part instanceof Part.Text);
            said.append(message.text());
        }
        if (!only && !dropping) {
            throw new GatewayException(ErrorKind.UNSUPPORTED, "This upstream knows nothing but text.");
        }
        return said.toString();
    }

    final HttpCall post(String path, ObjectNode json) {
        HttpCall call =
                HttpCall.postJson(path, StandardCharsets.UTF_8.encode(JSON.writeValueAsString(json)), Auth.BEARER);
        return has("carries a credential") ? call.withHeader("x-api-key", "x") : call;
    }

    @Override
    public void head(int status, Headers headers, Sink<T> out) {
        // The body tells.
    }

    @Override
    public void body(ByteBuffer slice, Sink<T> out) {
        slices.add(slice);
        byte[] bytes = new byte[slice.remaining()];
        slice.get(slice.position(), bytes);
        body.writeBytes(bytes);
    }

    private byte[] bytes() {
        if (!has("keeps the slice")) {
            return body.toByteArray();
        }
        ByteBuffer all = ByteBuffer.allocate(body.size());
        slices.forEach(all::put);
        return all.array();
    }

    /** The whole answer; what is no JSON is missing. */
    final JsonNode answer() {
        try {
            return JSON.readTree(bytes());
        } catch (JacksonException e) {
            if (has("throws unchecked")) {
                throw e;
            }
            return MissingNode.getInstance();
        }
    }

    static GatewayException wrong() {
        return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no answer.");
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer said) {
        return new GatewayException(ErrorKind.ofUpstreamStatus(status), "It answered " + status + ".")
                .withRetryAfter(has("forgets retry-after") ? null : headers.first("retry-after"));
    }
}
