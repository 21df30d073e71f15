package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules of embeddings find what they are there to find: a provider of a made-up language, sound or with one fault. */
class BrokenEmbeddingsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Runs the rules; the names of those that fail. */
    private static List<String> failing(String fault) {
        EmbeddingsTck tck = new EmbeddingsTck() {
            @Override
            protected Embeddings provider() {
                return request -> new Reading(request, fault);
            }
        };
        List<String> failing = new ArrayList<>();
        rule(failing, "O01", tck.o01_theCallIsBelowTheEndpointAndItsBodyWhatTheCassetteSays());
        rule(failing, "O02", tck.o02_theAnswerGivesOneResultAsTheCassetteSays());
        rule(failing, "O03", tck.o03_anySlicingOfTheBodyGivesTheSameResult());
        rule(failing, "O04", tck.o04_aBodyThatEndsEarlyIsAProtocolErrorNotAnAnswer());
        rule(
                failing,
                "O05",
                tck.o05_anErrorStatusIsTheKindOfTheTableAndKeepsItsRetryAfter().toList());
        rule(failing, "O06", tck.o06_a200ThatIsNoAnswerIsAProtocolError().toList());
        rule(failing, "O07", tck.o07_brokenBytesNeverThrowAnythingButAGatewayException());
        rule(failing, "O08", tck.o08_theModelIsSentAsItIsNamed().toList());
        rule(
                failing,
                "E01",
                List.of(DynamicTest.dynamicTest(
                        "all", tck::e01_thereIsAVectorForEachInputOrTheAnswerIsAProtocolError)));
        rule(
                failing,
                "E02",
                tck.e02_aVectorIsOfNumbersOrTheAnswerIsAProtocolError().toList());
        rule(failing, "E03", tck.e03_whatARequestNeedsIsInItsCallOrItIsRefused().toList());
        rule(failing, "E04", tck.e04_aHintIsInTheCallOrToldToBeLeftOut().toList());
        return failing;
    }

    private static void rule(List<String> failing, String name, List<DynamicTest> tests) {
        assertThat(tests).as(name).isNotEmpty();
        for (DynamicTest test : tests) {
            try {
                test.getExecutable().execute();
            } catch (Throwable e) {
                failing.add(name);
                return;
            }
        }
    }

    @Test
    void aSoundProviderKeepsEveryRule() {
        assertThat(failing("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "carries a credential, O01",
        "one vector, O02",
        "keeps the slice, O03",
        "takes an early end, O04",
        "forgets retry-after, O05",
        "throws unchecked, O07",
        "names its own model, O08",
        "counts nothing, E01",
        "takes anything for a number, E02",
        "forgets dimensions, E03",
        "hides what it drops, E04",
    })
    void aFaultIsFoundByItsRule(String fault, String rule) {
        assertThat(failing(fault)).contains(rule);
    }

    private static final class Reading implements Exchange<EmbeddingsResponse> {
        private final EmbeddingsRequest request;
        private final String fault;
        private final List<ByteBuffer> slices = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Reading(EmbeddingsRequest request, String fault) {
            this.request = request;
            this.fault = fault;
        }

        @Override
        public HttpCall call() throws GatewayException {
            ObjectNode json =
                    JSON.createObjectNode().put("model", fault.startsWith("names") ? "mine" : request.model());
            ArrayNode inputs = json.putArray("input");
            for (EmbeddingInput input : request.inputs()) {
                if (!(input instanceof EmbeddingInput.Text text)) {
                    throw new GatewayException(ErrorKind.UNSUPPORTED, "Send text.").withParameter("input");
                }
                inputs.add(text.text());
            }
            if (request.dimensions() > 0 && !fault.startsWith("forgets dim")) {
                json.put("size", request.dimensions());
            }
            HttpCall call = HttpCall.postJson(
                    "/v1/vectors", StandardCharsets.UTF_8.encode(JSON.writeValueAsString(json)), Auth.BEARER);
            List<String> dropped = new ArrayList<>(List.of("user", "taskType", "title"));
            dropped.addAll(request.hints());
            call = call.withDropped(fault.startsWith("hides") ? List.of() : dropped);
            return fault.startsWith("carries") ? call.withHeader("x-api-key", "x") : call;
        }

        @Override
        public void head(int status, Headers headers, Sink<EmbeddingsResponse> out) {
            // The body tells.
        }

        @Override
        public void body(ByteBuffer slice, Sink<EmbeddingsResponse> out) {
            slices.add(slice);
            byte[] bytes = new byte[slice.remaining()];
            slice.get(slice.position(), bytes);
            body.writeBytes(bytes);
        }

        private byte[] bytes() {
            if (!fault.startsWith("keeps")) {
                return body.toByteArray();
            }
            ByteBuffer all = ByteBuffer.allocate(body.size());
            slices.forEach(all::put);
            return all.array();
        }

        @Override
        public void end(Sink<EmbeddingsResponse> out) throws GatewayException {
            List<float[]> vectors = new ArrayList<>();
            JsonNode answer;
            try {
                answer = JSON.readTree(bytes());
            } catch (JacksonException e) {
                if (fault.startsWith("throws")) {
                    throw e;
                }
                answer = null;
            }
            if (answer != null) {
                for (JsonNode one : answer.path("vectors")) {
                    vectors.add(vector(one));
                }
            } else if (fault.startsWith("takes an early")) {
                request.inputs().forEach(input -> vectors.add(new float[] {1}));
            }
            if (vectors.size() != request.inputs().size() && (vectors.isEmpty() || !fault.startsWith("counts"))) {
                throw wrong();
            }
            out.event(EmbeddingsResponse.of(fault.startsWith("one") ? vectors.subList(0, 1) : vectors));
        }

        private float[] vector(@Nullable JsonNode json) throws GatewayException {
            if (json == null || !json.isArray() || json.isEmpty()) {
                throw wrong();
            }
            float[] vector = new float[json.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = (float) json.get(i).asDouble(0);
                boolean finite = json.get(i).isNumber() && Float.isFinite(vector[i]);
                if (!finite && !fault.startsWith("takes anything")) {
                    throw wrong();
                }
            }
            return vector;
        }

        private static GatewayException wrong() {
            return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no answer with vectors.");
        }

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer said) {
            return new GatewayException(ErrorKind.ofUpstreamStatus(status), "It answered " + status + ".")
                    .withRetryAfter(fault.startsWith("forgets retry") ? null : headers.first("retry-after"));
        }
    }
}
