package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.SocketEndpoint;
import dev.thanosgateway.api.dialect.SocketTurn;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /v1/responses} as a WebSocket: OpenAI's WebSocket mode
 * (developers.openai.com/api/docs/guides/websocket-mode), as Codex speaks it (openai/codex, codex-rs/codex-api,
 * responses_websocket.rs). Each {@code response.create} is a Responses request; the events of its stream are messages.
 *
 * <p>{@code previous_response_id} may name the last response of the socket: its input and output are kept and put before
 * the new input, whoever serves it. With {@code generate: false} nothing is served, only kept. {@code
 * response.processed}, which tells that a client has seen a response, needs no answer. Several responses at once on one
 * socket ({@code stream_id}) are not offered.
 */
final class ResponsesSocket implements SocketEndpoint {
    private static final int EXPIRED_STATUS = 400;

    private final ResponsesEndpoint responses;

    ResponsesSocket(ResponsesEndpoint responses) {
        this.responses = responses;
    }

    @Override
    public boolean continues(Incoming message) {
        byte[] body = ChatOriginal.copy(message.body());
        try {
            // A note that a response was seen leaves what is remembered as it is.
            return SocketRequest.text(JsonReader.lenient(body, 0, body.length), "previous_response_id") != null
                    || "response.processed"
                            .equals(SocketRequest.text(JsonReader.lenient(body, 0, body.length), "type"));
        } catch (dev.thanosgateway.dialect.openai.wire.JsonException e) {
            // What is wrong with it, its reader says.
            return false;
        }
    }

    @Override
    public SocketTurn read(Incoming message, ByteBuffer memory) throws GatewayException {
        RequestBody said = RequestBody.of(message.body());
        try {
            Value type = said.member("type");
            if (type == null) {
                throw new JsonException("type", "is required: \"response.create\"");
            }
            return switch (type.text()) {
                case "response.create" -> create(said, SocketPast.read(memory));
                case "response.processed" -> new ResponsesTurn(memory);
                default ->
                    throw new JsonException(
                            "type", "must be \"response.create\"; to cancel a response, close its socket");
            };
        } catch (JsonException e) {
            throw RequestBody.invalid(e);
        }
    }

    private ResponsesTurn create(RequestBody said, SocketPast past) throws GatewayException, JsonException {
        if (said.member("stream_id") != null) {
            throw RequestBody.unsupported(
                    "stream_id", "is not served: one socket has one response at a time. Open a socket for each.");
        }
        Value previous = said.member("previous_response_id");
        SocketPast before = past;
        if (previous == null) {
            before = SocketPast.NONE;
        } else if (!past.is(previous.text())) {
            throw new GatewayException(
                            ErrorKind.INVALID_REQUEST,
                            "Previous response with id '" + previous.text() + "' not found. Only the last response of"
                                    + " this socket is kept; send the whole conversation in \"input\".")
                    .withParameter("previous_response_id")
                    .withCode("previous_response_not_found");
        }
        SocketRequest asked = SocketRequest.of(said, before);
        Value generate = said.member("generate");
        boolean generates = generate == null || generate.bool();
        RequestBody body = RequestBody.of(asked.body());
        body.builtOn(previous == null ? null : previous.text());
        if (!generates) {
            WarmUp.check(body);
        }
        return new ResponsesTurn(responses, body, asked.items(), generates);
    }

    @Override
    public ByteBuffer error(GatewayException error, List<Map.Entry<String, String>> headers) {
        JsonWriter json = new JsonWriter(256);
        json.beginObject().name("type").value("error");
        json.name("status").value(error.kind().httpStatus()).name("error").beginObject();
        ErrorJson.members(json, error, true);
        json.endObject().name("headers").beginObject();
        headers.forEach(header -> json.name(header.getKey()).value(header.getValue()));
        return json.endObject().endObject().toBuffer();
    }

    @Override
    public ByteBuffer expired(long minutes) {
        JsonWriter json = new JsonWriter(256);
        json.beginObject().name("type").value("error");
        json.name("status").value(EXPIRED_STATUS).name("error").beginObject();
        json.name("type").value("invalid_request_error").name("code").value("websocket_connection_limit_reached");
        json.name("message")
                .value("The WebSocket has been open for " + minutes + " minutes, as long as it may. Open a new one.");
        json.name("param").nullValue();
        return json.endObject().endObject().toBuffer();
    }
}
