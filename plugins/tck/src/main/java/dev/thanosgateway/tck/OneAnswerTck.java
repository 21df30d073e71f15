package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules of an exchange with one result, O01 to O09, each a test. */
abstract class OneAnswerTck<T> {
    /** Cuts tried of an answer that is not the first. */
    private static final int FEW_CUTS = 40;

    private final String file;

    /** @param file the cassette's file with the request */
    OneAnswerTck(String file) {
        this.file = file;
    }

    /** The folder of the cassettes. */
    protected Path cassettes() {
        return Path.of("src/test/resources/cassettes");
    }

    /** @param model in place of the cassette's; null = as the cassette says */
    abstract Exchange<T> exchange(Cassette cassette, @Nullable String model) throws GatewayException;

    /** A result as it stands in {@code events.txt}. */
    abstract List<String> shown(T result);

    final Stream<Cassette> all() {
        return Cassette.in(cassettes(), file).stream();
    }

    final Stream<Cassette> good() {
        return all().filter(cassette -> cassette.answer().good() && !cassette.fails());
    }

    final Cassette first() {
        return good().findFirst().orElseThrow(() -> new AssertionError("No cassette has an answer."));
    }

    final Replay.Beginning<T> asking(Cassette cassette) {
        return () -> exchange(cassette, null);
    }

    private List<String> lines(Outcome<T> outcome) {
        List<String> lines = new ArrayList<>();
        outcome.results().forEach(result -> lines.addAll(shown(result)));
        GatewayException failure = outcome.failure();
        if (failure != null) {
            lines.add(Outcome.FAILURE + failure.kind());
        }
        return lines;
    }

    /** What is no answer must say so, and give none. */
    final GatewayException failure(Replay.Beginning<T> beginning, RecordedAnswer answer, IntUnaryOperator slices) {
        Outcome<T> outcome = Replay.play(beginning, answer, slices);
        GatewayException failure = outcome.failure();
        if (failure == null || !outcome.results().isEmpty()) {
            throw new AssertionError("It was taken for an answer: " + lines(outcome));
        }
        assertThat(failure.message()).isNotBlank().doesNotContain("<");
        return failure;
    }

    private static List<DynamicTest> each(Stream<Cassette> cassettes, Consumer<Cassette> rule) {
        return cassettes
                .map(one -> dynamicTest(one.name(), () -> rule.accept(one)))
                .toList();
    }

    static String body(HttpCall call) {
        return StandardCharsets.UTF_8.decode(call.body().duplicate()).toString();
    }

    @TestFactory
    List<DynamicTest> o01_theCallIsBelowTheEndpointAndItsBodyWhatTheCassetteSays() {
        return each(all(), cassette -> {
            HttpCall call;
            try {
                call = exchange(cassette, null).call();
            } catch (GatewayException e) {
                throw new AssertionError("The provider refuses the cassette's request.", e);
            }
            Calls.check(call);
            JsonNode sent = JsonMapper.shared().readTree(body(call));
            JsonNode expected = cassette.call();
            if (expected != null) {
                assertThat(sent).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    List<DynamicTest> o02_theAnswerGivesOneResultAsTheCassetteSays() {
        return each(all(), cassette -> {
            Outcome<T> outcome = Replay.play(asking(cassette), cassette.answer(), Replay.WHOLE);
            cassette.compare(lines(outcome));
            assertThat(outcome.results()).hasSize(outcome.failure() == null ? 1 : 0);
        });
    }

    @TestFactory
    List<DynamicTest> o03_anySlicingOfTheBodyGivesTheSameResult() {
        return each(all(), cassette -> {
            List<IntUnaryOperator> slicings =
                    new ArrayList<>(List.of(Replay.every(1), Replay.every(2), Replay.every(3), Replay.every(7)));
            cuts(cassette).forEach(cut -> slicings.add(Replay.cutAt(cut)));
            for (IntUnaryOperator slices : slicings) {
                assertThat(lines(Replay.play(asking(cassette), cassette.answer(), slices)))
                        .isEqualTo(cassette.events());
            }
        });
    }

    /** Every place in the first answer, some in the others. */
    private IntStream cuts(Cassette cassette) {
        int length = cassette.answer().body().length;
        boolean every = cassette.name().equals(first().name());
        int step = every ? 1 : Math.max(1, length / FEW_CUTS);
        return IntStream.range(0, (length + step - 1) / step).map(i -> i * step);
    }

    @TestFactory
    List<DynamicTest> o04_aBodyThatEndsEarlyIsAProtocolErrorNotAnAnswer() {
        return each(good(), cassette -> {
            byte[] body = cassette.answer().body();
            int needed = new String(body, StandardCharsets.ISO_8859_1)
                    .stripTrailing()
                    .length();
            cuts(cassette).filter(cut -> cut < needed).forEach(cut -> {
                RecordedAnswer shorter = cassette.answer().withBody(Arrays.copyOf(body, cut));
                assertThat(failure(asking(cassette), shorter, Replay.WHOLE).kind())
                        .as("ended after %d bytes", cut)
                        .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> o05_anErrorStatusIsTheKindOfTheTableAndKeepsItsRetryAfter() {
        return Faults.statuses()
                .map(answer -> dynamicTest(answer.status() + " " + Faults.shown(answer), () -> {
                    GatewayException failure = failure(asking(first()), answer, Replay.WHOLE);
                    assertThat(failure.kind()).isEqualTo(ErrorKind.ofUpstreamStatus(answer.status()));
                    assertThat(failure.retryAfter()).isEqualTo("7");
                }));
    }

    @TestFactory
    Stream<DynamicTest> o06_a200ThatIsNoAnswerIsAProtocolError() {
        return Faults.noAnswers()
                .map(answer -> dynamicTest(Faults.shown(answer), () -> {
                    for (IntUnaryOperator slices : List.of(Replay.WHOLE, Replay.every(1))) {
                        assertThat(failure(asking(first()), answer, slices).kind())
                                .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
                    }
                }));
    }

    @TestFactory
    List<DynamicTest> o07_brokenBytesNeverThrowAnythingButAGatewayException() {
        return each(good(), cassette -> {
            for (RecordedAnswer broken : Faults.broken(cassette.answer(), cassette.name())) {
                Outcome<T> outcome = Replay.play(asking(cassette), broken, Replay.every(13));
                assertThat(outcome.results())
                        .as(() -> new String(broken.body(), StandardCharsets.UTF_8))
                        .hasSize(outcome.failure() == null ? 1 : 0);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> o08_theModelIsSentAsItIsNamed() {
        return Stream.of("m", "a/b/c", "a b", "quote\"d", "模型")
                .map(name -> dynamicTest(name, () -> {
                    HttpCall call = exchange(first(), name).call();
                    Calls.check(call);
                    assertThat(Calls.says(call, name))
                            .as("%s names %s", call.path(), name)
                            .isTrue();
                }));
    }

    @Test
    void o09_thereAreCassettesOfAnAnswerAndAnErrorStatus() {
        assertThat(good()).isNotEmpty();
        assertThat(all().filter(one -> !one.answer().good())).isNotEmpty();
    }
}
