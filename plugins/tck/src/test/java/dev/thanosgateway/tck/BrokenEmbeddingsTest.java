package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of embeddings find what they are there to find: a provider of a made-up language, sound or with one fault. */
class BrokenEmbeddingsTest {
    private static Set<String> broken(String fault) {
        return Rules.broken(new EmbeddingsTck() {
            @Override
            protected Embeddings provider() {
                return request -> new Reading(request, fault);
            }
        });
    }

    @Test
    void aSoundProviderKeepsEveryRule() {
        assertThat(broken("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "carries a credential, O01",
        "one vector, O02",
        "keeps the slice, O03",
        "takes an early end, O04",
        "forgets retry-after, O05",
        "takes silence for vectors, O06",
        "throws unchecked, O07",
        "names its own model, O08",
        "counts nothing, E01",
        "takes anything for a number, E02",
        "forgets dimensions, E03",
        "hides what it drops, E04",
    })
    void aFaultIsFoundByItsRule(String fault, String rule) {
        assertThat(broken(fault)).contains(rule);
    }

    private static final class Reading extends FaultyExchange<EmbeddingsResponse> {
        private final EmbeddingsRequest request;

        Reading(EmbeddingsRequest request, String fault) {
            super(fault);
            this.request = request;
        }

        @Override
        public HttpCall call() throws GatewayException {
            ObjectNode json = naming(request.model());
            ArrayNode inputs = json.putArray("input");
            for (EmbeddingInput input : request.inputs()) {
                if (!(input instanceof EmbeddingInput.Text text)) {
                    throw new GatewayException(ErrorKind.UNSUPPORTED, "Send text.").withParameter("input");
                }
                inputs.add(text.text());
            }
            if (request.dimensions() > 0 && !has("forgets dim")) {
                json.put("size", request.dimensions());
            }
            List<String> dropped = new ArrayList<>(List.of("user", "taskType", "title"));
            dropped.addAll(request.hints());
            return post("/v1/vectors", json).withDropped(has("hides") ? List.of() : dropped);
        }

        @Override
        public void end(Sink<EmbeddingsResponse> out) throws GatewayException {
            List<float[]> vectors = new ArrayList<>();
            JsonNode answer = answer();
            for (JsonNode one : answer.path("vectors")) {
                vectors.add(vector(one));
            }
            boolean silent = answer.path("vectors").isMissingNode();
            if (silent && has(answer.isMissingNode() ? "takes an early" : "takes silence")) {
                request.inputs().forEach(input -> vectors.add(new float[] {1}));
            }
            if (vectors.size() != request.inputs().size() && (vectors.isEmpty() || !has("counts"))) {
                throw wrong();
            }
            out.event(EmbeddingsResponse.of(has("one") ? vectors.subList(0, 1) : vectors));
        }

        private float[] vector(@Nullable JsonNode json) throws GatewayException {
            if (json == null || !json.isArray() || json.isEmpty()) {
                throw wrong();
            }
            float[] vector = new float[json.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) json.get(i).asDouble(0);
                boolean finite = json.get(i).isNumber() && Float.isFinite(vector[i]);
                if (!finite && !has("takes anything")) {
                    throw wrong();
                }
            }
            return vector;
        }
    }
}
