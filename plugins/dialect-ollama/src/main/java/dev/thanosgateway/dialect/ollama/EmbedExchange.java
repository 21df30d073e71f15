package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.json.JsonException;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request for embeddings at an upstream: relayed where it came in this language, else {@code POST /api/embed}. */
final class EmbedExchange extends WholeAnswer<EmbeddingsResponse> {
    private final EmbeddingsRequest request;
    private final Auth auth;
    private final @Nullable Operation relayed;

    EmbedExchange(EmbeddingsRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        Operation operation = OllamaOriginal.operation(request.original());
        this.relayed = operation == null || operation.isChat() ? null : operation;
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        HttpCall call;
        if (relayed != null && original != null) {
            byte[] body = OllamaOriginal.scan(relayed, original).relay(request.model());
            call = HttpCall.postJson(relayed.path(), ByteBuffer.wrap(body), auth)
                    .asRelay();
        } else {
            call = HttpCall.postJson(Operation.EMBED.path(), ByteBuffer.wrap(written()), auth)
                    .withDropped(dropped());
        }
        return call.withHeader("accept", "application/json");
    }

    private byte[] written() throws GatewayException {
        JsonOut out = new JsonOut().beginObject().name("model").value(request.model());
        out.name("input").beginArray();
        for (EmbeddingInput input : request.inputs()) {
            out.value(text(input));
        }
        out.endArray();
        Boolean truncate = request.truncate();
        if (truncate != null) {
            out.name("truncate").value(truncate.booleanValue());
        }
        out.member("dimensions", request.dimensions() == 0 ? null : request.dimensions());
        return out.endObject().toBytes();
    }

    private static String text(EmbeddingInput input) throws GatewayException {
        return switch (input) {
            case EmbeddingInput.Text text -> text.text();
            case EmbeddingInput.Other other -> throw unsupported(other.field());
            default -> throw unsupported("input");
        };
    }

    private static GatewayException unsupported(String field) {
        return Requests.unsupported(
                field, "has no counterpart in Ollama's API, which makes embeddings of text only. Send text.");
    }

    private List<String> dropped() {
        List<String> dropped = new ArrayList<>(request.hints());
        if (request.user() != null) {
            dropped.add("user");
        }
        if (request.task() != null) {
            dropped.add("taskType");
        }
        if (request.title() != null) {
            dropped.add("title");
        }
        return dropped;
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<EmbeddingsResponse> out) throws GatewayException {
        List<float[]> vectors = new ArrayList<>();
        Usage usage;
        String model;
        try {
            Map<String, Value> members = Answers.members(Value.answered(bytes, from, to));
            Value several = members.get("embeddings");
            Value one = members.get("embedding");
            if (several == null && one == null) {
                throw Protocol.noVectors();
            }
            for (Value vector : several != null ? several.elements() : List.of(one)) {
                vectors.add(vector.floats());
            }
            usage = Answers.usage(members);
            Value named = members.get("model");
            model = named == null ? null : named.text();
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
        if (vectors.size() != request.inputs().size()) {
            throw Protocol.vectors(vectors.size(), request.inputs().size());
        }
        if (vectors.stream().anyMatch(vector -> vector.length == 0)) {
            throw Protocol.noVectors();
        }
        if (relayed != null) {
            out.frame(raw(), Meaning.FINISH.withUsage(usage));
        } else {
            out.event(EmbeddingsResponse.of(vectors).withModel(model).withUsage(usage));
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
