package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * The rules of a provider that makes embeddings over HTTP: those of one result, O01 to O09, and E01 to E04. Its
 * cassettes have an {@code embeddings.json}, see the package.
 */
public abstract class EmbeddingsTck extends OneAnswerTck<EmbeddingsResponse> {
    private static final Pattern FIRST_NUMBER = Pattern.compile("\\[\\s*(-?\\d[\\d.eE+-]*)");

    protected EmbeddingsTck() {
        super("embeddings.json");
    }

    /** A provider as a configuration with nothing but a key would make it. */
    protected abstract Embeddings provider();

    @Override
    final Exchange<EmbeddingsResponse> exchange(Cassette cassette, @Nullable String model) throws GatewayException {
        EmbeddingsRequest request = request(cassette).build();
        return provider().embed(model == null ? request : request.withModel(model));
    }

    @Override
    final List<String> shown(EmbeddingsResponse result) {
        List<String> lines = new ArrayList<>();
        result.vectors().forEach(vector -> lines.add("vector " + Arrays.toString(vector)));
        lines.add("model " + result.model());
        lines.add(String.valueOf(result.usage()));
        return lines;
    }

    private static EmbeddingsRequest.Builder request(Cassette cassette) {
        JsonNode json = cassette.json("embeddings.json");
        String model = json.path("model").asString();
        return EmbeddingsRequest.builder(model)
                .inputs(inputs(json.path("input")))
                .dimensions(json.path("dimensions").asInt(0))
                .base64(json.path("encoding_format").asString("").equals("base64"))
                .user(json.path("user").stringValue(null))
                .task(json.path("task").stringValue(null))
                .title(json.path("title").stringValue(null))
                .truncate(json.has("truncate") ? json.path("truncate").asBoolean() : null);
    }

    private static List<EmbeddingInput> inputs(JsonNode json) {
        List<EmbeddingInput> inputs = new ArrayList<>();
        json.forEach(one -> {
            List<Integer> tokens = new ArrayList<>();
            one.forEach(token -> tokens.add(token.asInt()));
            inputs.add(one.isString() ? new EmbeddingInput.Text(one.asString()) : new EmbeddingInput.Tokens(tokens));
        });
        return inputs;
    }

    private Cassette longest() {
        return good().max(Comparator.comparingInt(
                        one -> one.json("embeddings.json").path("input").size()))
                .orElseThrow(() -> new AssertionError("No cassette has an answer."));
    }

    @Test
    void e01_thereIsAVectorForEachInputOrTheAnswerIsAProtocolError() {
        Cassette cassette = longest();
        List<EmbeddingInput> inputs = request(cassette).build().inputs();
        assertThat(inputs.size()).as("a cassette with two inputs or more").isGreaterThan(1);
        List<EmbeddingInput> more = new ArrayList<>(inputs);
        more.add(inputs.get(0));
        for (List<EmbeddingInput> other : List.of(more, inputs.subList(1, inputs.size()))) {
            Replay.Beginning<EmbeddingsResponse> asking =
                    () -> provider().embed(request(cassette).inputs(other).build());
            assertThat(failure(asking, cassette.answer(), Replay.WHOLE).kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
        }
    }

    @TestFactory
    Stream<DynamicTest> e02_aVectorIsOfNumbersOrTheAnswerIsAProtocolError() {
        Cassette cassette = good().filter(one -> FIRST_NUMBER.matcher(text(one)).find())
                .findFirst()
                .orElseThrow(() -> new AssertionError("No cassette has vectors of numbers."));
        String body = text(cassette);
        Matcher number = FIRST_NUMBER.matcher(body);
        assertThat(number.find()).isTrue();
        return Stream.of("null", "true", "\"0.5\"", "NaN", "Infinity", "1e999", "{}", "[0.5]", "")
                .map(wrong -> dynamicTest("<" + wrong + ">", () -> {
                    String changed = body.substring(0, number.start(1)) + wrong + body.substring(number.end(1));
                    RecordedAnswer answer = cassette.answer().withBody(changed.getBytes(StandardCharsets.UTF_8));
                    assertThat(failure(asking(cassette), answer, Replay.WHOLE).kind())
                            .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
                }));
    }

    private static String text(Cassette cassette) {
        return new String(cassette.answer().body(), StandardCharsets.UTF_8);
    }

    @TestFactory
    Stream<DynamicTest> e03_whatARequestNeedsIsInItsCallOrItIsRefused() {
        List<EmbeddingInput> texts = List.of(
                new EmbeddingInput.Text("one " + Needs.MARK),
                new EmbeddingInput.Text("two\n" + Needs.MARK),
                new EmbeddingInput.Text("three é " + Needs.MARK));
        Map<String, UnaryOperator<EmbeddingsRequest.Builder>> needs = Map.of(
                "one .*two.*three é", request -> request.inputs(texts),
                "123456.*654321",
                        request -> request.inputs(List.of(new EmbeddingInput.Tokens(List.of(123456, 654321)))),
                "\\b4711\\b", request -> request.dimensions(4711),
                "never", request -> request.inputs(List.of(new EmbeddingInput.Other("never"))));
        return needs.entrySet().stream()
                .map(need -> dynamicTest(need.getKey(), () -> {
                    String sent;
                    try {
                        sent = body(provider()
                                .embed(need.getValue().apply(request(first())).build())
                                .call());
                    } catch (GatewayException e) {
                        assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                        assertThat(e.parameter()).isNotBlank();
                        assertThat(need.getKey())
                                .as("text is what every provider takes")
                                .doesNotContain("three");
                        return;
                    }
                    assertThat(Pattern.compile(need.getKey(), Pattern.DOTALL)
                                    .matcher(sent)
                                    .find())
                            .as(sent)
                            .isTrue();
                }));
    }

    @TestFactory
    Stream<DynamicTest> e04_aHintIsInTheCallOrToldToBeLeftOut() {
        Map<String, UnaryOperator<EmbeddingsRequest.Builder>> hints = Map.of(
                "user",
                request -> request.user(Needs.MARK),
                "taskType",
                request -> request.task(Needs.MARK),
                "title",
                request -> request.title(Needs.MARK),
                Needs.MARK,
                request -> request.hints(List.of(Needs.MARK)));
        return hints.entrySet().stream()
                .map(hint -> dynamicTest(hint.getKey(), () -> {
                    HttpCall call = provider()
                            .embed(hint.getValue().apply(request(first())).build())
                            .call();
                    assertThat(body(call).contains(Needs.MARK) || call.dropped().contains(hint.getKey()))
                            .as("dropped are only %s", call.dropped())
                            .isTrue();
                }));
    }
}
