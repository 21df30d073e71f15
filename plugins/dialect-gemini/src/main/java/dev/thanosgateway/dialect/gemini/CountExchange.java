package dev.thanosgateway.dialect.gemini;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.wire.answer.Protocol;
import dev.thanosgateway.wire.answer.WholeAnswer;
import dev.thanosgateway.wire.request.ModelFit;
import java.nio.ByteBuffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Has an upstream count the tokens of a chat. */
final class CountExchange extends WholeAnswer<TokenCount> {
    private final ChatRequest request;
    private final Auth auth;
    private final boolean relayed;

    CountExchange(ChatRequest request, Auth auth) {
        this.request = request;
        this.auth = auth;
        this.relayed = GeminiOriginal.operation(request.original()) == Operation.COUNT;
    }

    @Override
    public HttpCall call() throws GatewayException {
        Original original = request.original();
        byte[] body = relayed && original != null
                ? NestedModels.renamed(
                        GeminiOriginal.scan(Operation.COUNT, original).relay(), resource())
                : written();
        HttpCall call = HttpCall.postJson(ModelPath.of(request.model()) + ":countTokens", ByteBuffer.wrap(body), auth)
                .withHeader("accept", "application/json");
        return relayed ? call.asRelay() : call;
    }

    private String resource() {
        return ModelPath.resource(request.model());
    }

    /** As a whole request: only in it may system instructions and tools stand. */
    private byte[] written() throws GatewayException {
        ObjectNode root = Trees.object();
        ObjectNode whole = root.putObject("generateContentRequest").put("model", resource());
        whole.setAll(new RequestWriter(request, ModelFit.of(request)).tree());
        return Trees.bytes(root);
    }

    @Override
    protected void answer(byte[] bytes, int from, int to, Sink<TokenCount> out) throws GatewayException {
        JsonNode answer = Trees.answered(bytes, from, to);
        if (answer.has("error")) {
            throw UpstreamError.within(answer);
        }
        JsonNode total = answer.path("totalTokens");
        if (!total.isIntegralNumber() || !total.canConvertToLong() || total.longValue() < 0) {
            throw Protocol.noCount();
        }
        JsonNode cached = answer.path("cachedContentTokenCount");
        if (relayed) {
            out.frame(raw(), Meaning.FINISH);
        } else {
            TokenCount count = TokenCount.of(total.longValue());
            out.event(cached.canConvertToLong() ? count.withCached(cached.longValue()) : count);
        }
    }

    @Override
    public GatewayException failure(int status, Headers headers, ByteBuffer body) {
        return UpstreamError.of(status, headers, body);
    }
}
