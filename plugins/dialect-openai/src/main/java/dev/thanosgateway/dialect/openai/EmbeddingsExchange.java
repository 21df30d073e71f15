package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import dev.thanosgateway.wire.answer.WholeAnswer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One request for embeddings at an upstream: relayed where it came in this language, else translated. */
final class EmbeddingsExchange extends WholeAnswer<EmbeddingsResponse> {
    private final EmbeddingsRequest request;
    private final Auth auth;
    private boolean relayed;

    EmbeddingsExchange(EmbeddingsRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
    }

    @Override
    public HttpCall call() throws GatewayException {
        byte[] same = EmbeddingsOriginal.relay(request.original(), request.model());
        relayed = same != null;
        byte[] body = same == null ? written() : same;
        HttpCall call = HttpCall.postJson(EmbeddingsPath.PATH, ByteBuffer.wrap(body), auth)
                .withHeader("accept", "application/json");
        return relayed ? call.asRelay() : call.withDropped(dropped());
    }

    private byte[] written() throws GatewayException {
        JsonWriter json = new JsonWriter(1024).beginObject().name("model").value(request.model());
        json.name("input").beginArray();
        for (EmbeddingInput input : request.inputs()) {
            switch (input) {
                case EmbeddingInput.Text text -> json.value(text.text());
                case EmbeddingInput.Tokens tokens -> {
                    json.beginArray();
                    tokens.tokens().forEach(json::value);
                    json.endArray();
                }
                case EmbeddingInput.Other other -> throw unsupported(other.field());
                default -> throw unsupported("input");
            }
        }
        json.endArray();
        if (request.dimensions() > 0) {
            json.name("dimensions").value(request.dimensions());
        }
        if (request.base64()) {
            json.name("encoding_format").value("base64");
        }
        String user = request.user();
        if (user != null) {
            json.name("user").value(user);
        }
        return json.endObject().toBytes();
    }

    private static GatewayException unsupported(String field) {
        return new GatewayException(
                        ErrorKind.UNSUPPORTED,
                        "\"" + field + "\" has no counterpart in OpenAI's API, which makes embeddings of text and of "
                                + "tokens. Send text, or name another provider's model.")
                .withParameter(field);
    }

    /** Too long an input is refused here, whoever asks: only to have it cut is a wish that is left out. */
    private List<String> dropped() {
        List<String> dropped = new ArrayList<>(request.hints());
        if (request.task() != null) {
            dropped.add("taskType");
        }
        if (request.title() != null) {
            dropped.add("title");
        }
        if (Boolean.TRUE.equals(request.truncate())) {
            dropped.add("truncate");
        }
        return dropped;
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<EmbeddingsResponse> out) throws GatewayException {
        VectorsJson answer;
        try {
            answer = VectorsJson.read(
                    JsonReader.lenient(bytes, from, to), request.inputs().size());
        } catch (JsonException e) {
            throw NoAnswer.badAnswer(e);
        }
        // An upstream that knows no base64 gives floats, and some give vectors as they get done.
        if (relayed && answer.inOrder() && answer.isAll(request.base64())) {
            Edits edits = answer.edits();
            ByteBuffer frame = edits.isEmpty() ? raw() : ByteBuffer.wrap(edits.apply(bytes, from, to));
            out.frame(frame, Meaning.FINISH.withUsage(answer.usage()));
        } else {
            out.event(EmbeddingsResponse.of(answer.vectors())
                    .withModel(answer.model())
                    .withUsage(answer.usage()));
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
