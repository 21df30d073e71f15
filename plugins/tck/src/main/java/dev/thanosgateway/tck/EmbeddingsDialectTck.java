package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of a dialect's embeddings in both directions, R01 to R03, each tried with requests and answers made at
 * random, whose seed a failure tells: what faces upstreams writes what faces clients reads, and the other way round.
 */
public abstract class EmbeddingsDialectTck {
    private static final int ROUNDS = 400;

    private final long seed = Long.getLong("thanos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** A dialect as it is when its bundle has started. */
    protected abstract Dialect dialect();

    /** What a provider that speaks this language does with a request. */
    protected abstract Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) throws GatewayException;

    /** A request as it was sent, and as it was read. */
    private record Told(EmbeddingsEndpoint endpoint, HttpCall call, EmbeddingsRequest read) {
        byte[] body() {
            return bytes(call.body());
        }
    }

    private interface Rule {
        void check(Told told) throws GatewayException;
    }

    private void rounds(Rule rule) throws GatewayException {
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            HttpCall call;
            try {
                call = embed(request()).call();
            } catch (GatewayException e) {
                assertThat(e.kind()).as("seed %d round %d", seed, round).isEqualTo(ErrorKind.UNSUPPORTED);
                continue;
            }
            Told one = told(call);
            try {
                rule.check(one);
            } catch (AssertionError e) {
                String said = new String(one.body(), StandardCharsets.UTF_8);
                throw new AssertionError("seed " + seed + " round " + round + ": " + said, e);
            }
            told++;
        }
        assertThat(told)
                .as("seed %d: requests this language has words for", seed)
                .isGreaterThan(ROUNDS / 4);
    }

    private Told told(HttpCall call) throws GatewayException {
        byte[] body = bytes(call.body());
        String path = URLDecoder.decode(call.path().replace("+", "%2B"), StandardCharsets.UTF_8);
        for (Route route : dialect().routes()) {
            String pattern = Pattern.quote(route.path()).replace("{model*}", "\\E(?<model>.+)\\Q");
            Matcher matcher = Pattern.compile(pattern).matcher(path);
            if (route.endpoint() instanceof EmbeddingsEndpoint endpoint && matcher.matches()) {
                String model = pattern.contains("?<model>") ? matcher.group("model") : "m";
                return new Told(
                        endpoint, call, endpoint.read(Exchanged.incoming(body, Map.of("model", model), Map.of())));
            }
        }
        throw new AssertionError("No route for embeddings is at " + path + ".");
    }

    /** A request as it is for an upstream of another language. */
    private static EmbeddingsRequest bare(EmbeddingsRequest read) {
        return EmbeddingsRequest.builder(read.model())
                .inputs(read.inputs())
                .dimensions(read.dimensions())
                .base64(read.base64())
                .user(read.user())
                .task(read.task())
                .title(read.title())
                .truncate(read.truncate())
                .build();
    }

    private EmbeddingsRequest request() {
        List<EmbeddingInput> inputs = new ArrayList<>();
        boolean tokens = random.nextInt(8) == 0;
        for (int i = random.nextInt(4); i >= 0; i--) {
            inputs.add(
                    tokens
                            ? new EmbeddingInput.Tokens(List.of(random.nextInt(100_000), random.nextInt(10)))
                            : new EmbeddingInput.Text(text()));
        }
        return EmbeddingsRequest.builder(oneOf("m", "a/b", "text-embedding-3:latest", "a.b_c@d"))
                .inputs(inputs)
                .dimensions(random.nextBoolean() ? 1 + random.nextInt(4096) : 0)
                .base64(random.nextBoolean())
                .user(random.nextBoolean() ? text() : null)
                .task(random.nextBoolean() ? oneOf("RETRIEVAL_QUERY", "CLUSTERING") : null)
                .title(random.nextBoolean() ? text() : null)
                .truncate(random.nextBoolean() ? random.nextBoolean() : null)
                .build();
    }

    private String text() {
        return oneOf(
                "a", "é 😀 \u00e9 世界", "\"\\\n\u0001/", " ", "{\"model\":\"x\"}", "x".repeat(random.nextInt(300) + 1));
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private EmbeddingsResponse response(int vectors) {
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < vectors; i++) {
            float[] vector = new float[1 + random.nextInt(20)];
            for (int j = 0; j < vector.length; j++) {
                float any = Float.intBitsToFloat(random.nextInt());
                vector[j] = switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(3) - 1;
                    case 1 -> Float.isFinite(any) ? any : Float.MIN_VALUE;
                    default -> random.nextFloat() * 2 - 1;
                };
            }
            all.add(vector);
        }
        Usage usage = random.nextBoolean() ? Usage.of(random.nextInt(10_000), -1) : null;
        return EmbeddingsResponse.of(all)
                .withModel(random.nextBoolean() ? "served" : null)
                .withUsage(usage);
    }

    @Test
    void r01_whatWasReadIsWrittenAsItWas() throws GatewayException {
        rounds(told -> {
            HttpCall again = embed(bare(told.read())).call();
            assertThat(again.path()).isEqualTo(told.call().path());
            assertThat(bytes(again.body())).isEqualTo(told.body());
        });
    }

    @Test
    void r02_whatIsRelayedGoesOnByteForByteAndOnlyTheModelIsRenamed() throws GatewayException {
        rounds(told -> {
            assertThat(bytes(embed(told.read()).call().body())).isEqualTo(told.body());
            HttpCall renamed = embed(told.read().withModel("other/name")).call();
            HttpCall expected = embed(bare(told.read()).withModel("other/name")).call();
            assertThat(renamed.path()).isEqualTo(expected.path());
            assertThat(bytes(renamed.body())).isEqualTo(bytes(expected.body()));
        });
    }

    @Test
    void r03_anAnswerIsReadAsItWasWrittenAndRelayedAsItCame() throws GatewayException {
        rounds(told -> {
            EmbeddingsResponse made = response(told.read().inputs().size());
            byte[] written = whole(told, made);
            Got read = got(bare(told.read()), written);
            assertThat(read.frames).isEmpty();
            assertThat(read.events).hasSize(1);
            List<float[]> vectors = read.events.get(0).vectors();
            assertThat(vectors.stream().map(Arrays::toString))
                    .isEqualTo(made.vectors().stream().map(Arrays::toString).toList());
            assertThat(timeless(whole(told, read.events.get(0)))).isEqualTo(timeless(written));

            Got relayed = got(told.read(), written);
            assertThat(relayed.events).isEmpty();
            assertThat(relayed.frames).hasSize(1);
            assertThat(bytes(told.endpoint()
                            .whole(told.read(), Exchanged.served("r03"), ByteBuffer.wrap(relayed.frames.get(0)))
                            .bytes()))
                    .isEqualTo(written);
            assertThat(relayed.finished).isTrue();
        });
    }

    private static byte[] whole(Told told, EmbeddingsResponse response) {
        HttpBody body = told.endpoint().whole(told.read(), Exchanged.served("r03"), response);
        assertThat(body.status()).isEqualTo(200);
        return bytes(body.bytes());
    }

    /** How long it took is another answer's business every time. */
    private static JsonNode timeless(byte[] json) {
        ObjectNode object = (ObjectNode) JsonMapper.shared().readTree(json);
        object.remove(object.propertyNames().stream()
                .filter(name -> name.endsWith("_duration"))
                .toList());
        return object;
    }

    private Got got(EmbeddingsRequest request, byte[] answer) throws GatewayException {
        Got got = new Got();
        Exchange<EmbeddingsResponse> exchange = embed(request);
        exchange.call();
        exchange.head(200, RecordedAnswer.of(200, "application/json", "").headers(), got);
        exchange.body(ByteBuffer.wrap(answer).asReadOnlyBuffer(), got);
        exchange.end(got);
        return got;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** Plays the host for both lanes. */
    private static final class Got implements Sink<EmbeddingsResponse> {
        private final List<EmbeddingsResponse> events = new ArrayList<>();
        private final List<byte[]> frames = new ArrayList<>();
        private boolean finished;

        @Override
        public void event(EmbeddingsResponse event) {
            events.add(event);
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) {
            frames.add(EmbeddingsDialectTck.bytes(bytes));
            finished |= meaning.finish();
        }

        @Override
        public void then(Exchange<EmbeddingsResponse> next) {
            throw new AssertionError("A few inputs are one call; this exchange wants another.");
        }
    }
}
