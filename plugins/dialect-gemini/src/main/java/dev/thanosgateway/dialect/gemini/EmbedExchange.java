package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.ErrorKind;
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

/** One request for embeddings at an upstream, in as many calls as its batches need. */
final class EmbedExchange extends WholeAnswer<EmbeddingsResponse> {
    /** What one call may ask for. */
    private static final int BATCH = 100;
    /** As many calls in a row as the host makes. */
    private static final int CALLS = 4;

    private final EmbeddingsRequest request;
    private final Auth auth;
    private final @Nullable Operation relayed;
    private final List<float[]> vectors;
    private final long tokens;

    EmbedExchange(EmbeddingsRequest request, Auth auth) {
        this(request, auth, List.of(), 0);
    }

    /**
     * @param before the vectors of the inputs that need no further call
     * @param tokens counted for them; -1 = unknown
     */
    private EmbedExchange(EmbeddingsRequest request, Auth auth, List<float[]> before, long tokens) {
        this.request = request;
        this.auth = auth;
        this.vectors = new ArrayList<>(before);
        this.tokens = tokens;
        Operation operation = GeminiOriginal.operation(request.original());
        this.relayed = operation == Operation.EMBED || operation == Operation.EMBED_BATCH ? operation : null;
    }

    private List<EmbeddingInput> inputs() {
        List<EmbeddingInput> all = request.inputs();
        return relayed != null ? all : all.subList(vectors.size(), Math.min(all.size(), vectors.size() + BATCH));
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        Operation operation =
                relayed != null ? relayed : request.inputs().size() == 1 ? Operation.EMBED : Operation.EMBED_BATCH;
        byte[] body;
        if (relayed == null || original == null) {
            body = written(operation);
        } else {
            body = GeminiOriginal.scan(relayed, original).relay();
            body = relayed == Operation.EMBED ? body : NestedModels.renamed(body, resource());
        }
        HttpCall call = HttpCall.postJson(
                        ModelPath.of(request.model()) + ":" + operation.word(), ByteBuffer.wrap(body), auth)
                .withHeader("accept", "application/json");
        return relayed != null ? call.asRelay() : call.withDropped(dropped());
    }

    private String resource() {
        return ModelPath.resource(request.model());
    }

    private byte[] written(Operation operation) throws GatewayException {
        if (request.inputs().size() > BATCH * CALLS) {
            throw new GatewayException(
                            ErrorKind.UNSUPPORTED,
                            "Gemini makes embeddings of at most " + BATCH * CALLS + " inputs a request, not of "
                                    + request.inputs().size() + ". Send fewer at once.")
                    .withParameter("input");
        }
        JsonOut out = new JsonOut();
        if (operation == Operation.EMBED) {
            member(out.beginObject(), request.inputs().get(0));
            return out.toBytes();
        }
        out.beginObject().name("requests").beginArray();
        for (EmbeddingInput input : inputs()) {
            member(out.beginObject().name("model").value(resource()), input);
        }
        return out.endArray().endObject().toBytes();
    }

    private void member(JsonOut out, EmbeddingInput input) throws GatewayException {
        out.name("content").beginObject().name("parts").beginArray();
        out.beginObject().name("text").value(text(input)).endObject().endArray().endObject();
        out.member("taskType", request.task()).member("title", request.title());
        out.member("outputDimensionality", request.dimensions() == 0 ? null : request.dimensions());
        out.endObject();
    }

    private static String text(EmbeddingInput input) throws GatewayException {
        return switch (input) {
            case EmbeddingInput.Text text -> text.text();
            case EmbeddingInput.Other other -> throw RequestWriter.unsupported(other.field());
            default -> throw RequestWriter.unsupported("input");
        };
    }

    /** Too long an input is cut here, whoever asks: only to have it refused is a wish that is left out. */
    private List<String> dropped() {
        List<String> dropped = new ArrayList<>(request.hints());
        if (request.user() != null) {
            dropped.add("user");
        }
        if (Boolean.FALSE.equals(request.truncate())) {
            dropped.add("truncate");
        }
        return dropped;
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<EmbeddingsResponse> out) throws GatewayException {
        int asked = inputs().size();
        int before = vectors.size();
        long counted;
        try {
            Map<String, Value> members = Value.answered(bytes, from, to).members();
            if (members.containsKey("error")) {
                throw UpstreamError.within(Trees.answered(bytes, from, to));
            }
            list(members);
            counted = counted(members.get("usageMetadata"));
        } catch (JsonException e) {
            throw Protocol.bad(e.clause());
        }
        if (vectors.size() - before != asked) {
            throw Protocol.vectors(vectors.size() - before, asked);
        }
        long all = tokens < 0 || counted < 0 ? -1 : tokens + counted;
        Usage usage = all < 0 ? null : Usage.of(all, -1);
        if (relayed != null) {
            out.frame(raw(), Meaning.FINISH.withUsage(usage));
        } else if (vectors.size() < request.inputs().size()) {
            out.then(new EmbedExchange(request, auth, vectors, all));
        } else {
            out.event(EmbeddingsResponse.of(vectors).withUsage(usage));
        }
    }

    private void list(Map<String, Value> members) throws JsonException, GatewayException {
        Value one = members.get("embedding");
        Value several = members.get("embeddings");
        for (Value vector : several != null ? several.elements() : one != null ? List.of(one) : List.<Value>of()) {
            Value values = vector.members().get("values");
            float[] numbers = values == null ? new float[0] : values.floats();
            if (numbers.length == 0) {
                throw Protocol.noVectors();
            }
            vectors.add(numbers);
        }
        if (one == null && several == null) {
            throw Protocol.noVectors();
        }
    }

    private static long counted(@Nullable Value usage) throws JsonException {
        Value input = usage == null ? null : usage.members().get("promptTokenCount");
        return input == null ? -1 : Math.max(0, input.integer());
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
