package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of a provider that signals: {@code signals/1.http}, {@code 2.http} and so on, an answer a call, and in {@code
 * events.txt} a line a model: its id and its scores, such as {@code m {overall=0.9}}.
 */
public abstract class SignalsTck {
    /** A provider as a configuration with nothing but a key would make it. */
    protected abstract Signals provider();

    /** The folder of the answers. */
    protected Path cassette() {
        return Path.of("src/test/resources/cassettes/signals");
    }

    private List<RecordedAnswer> answers() {
        List<RecordedAnswer> answers = new ArrayList<>();
        try {
            for (int i = 1; Files.exists(cassette().resolve(i + ".http")); i++) {
                answers.add(RecordedAnswer.parse(Files.readAllBytes(cassette().resolve(i + ".http"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(answers).as("There is no signals/1.http.").isNotEmpty();
        return answers;
    }

    private Outcome<ModelList> play(List<RecordedAnswer> answers, IntUnaryOperator slices) {
        return Replay.play(
                () -> {
                    Exchange<ModelList> exchange = provider().signals();
                    Calls.check(provider().signals().call());
                    return exchange;
                },
                answers,
                slices);
    }

    private static List<String> last(Outcome<ModelList> outcome) {
        List<ModelList> lists = outcome.results();
        return lists.get(lists.size() - 1).models().stream()
                .map(SignalsTck::shown)
                .toList();
    }

    private static String shown(Model model) {
        return model.id() + " " + new TreeMap<>(model.scores());
    }

    @Test
    void g01_theCallsReadAndChangeNothing() throws Exception {
        assertThat(provider().signals().call().method()).isEqualTo("GET");
    }

    @TestFactory
    Stream<DynamicTest> g02_theLastListHasTheModelsAndScoresHoweverTheAnswersAreSliced() {
        return Stream.of(1, 2, 3, 7, Integer.MAX_VALUE)
                .map(bytes -> dynamicTest(bytes + " bytes a slice", () -> {
                    Outcome<ModelList> outcome = play(answers(), Replay.every(bytes));
                    assertThat(outcome.failure()).isNull();
                    assertThat(last(outcome))
                            .isEqualTo(Files.readAllLines(cassette().resolve("events.txt")));
                }));
    }

    @TestFactory
    Stream<DynamicTest> g03_whatWasGivenBeforeACallFailsStands() {
        List<RecordedAnswer> good = answers();
        return IntStream.range(0, good.size()).boxed().flatMap(at -> {
            RecordedAnswer whole = good.get(at);
            RecordedAnswer cut = whole.withBody(Arrays.copyOf(whole.body(), whole.body().length / 2));
            return Stream.concat(
                            Stream.of(cut, RecordedAnswer.of(200, "text/html", "<html></html>")), Faults.statuses())
                    .map(bad -> dynamicTest("call " + (at + 1) + ": " + bad.status() + " " + Faults.shown(bad), () -> {
                        List<RecordedAnswer> answers = new ArrayList<>(good.subList(0, at));
                        answers.add(bad);
                        Outcome<ModelList> outcome = play(answers, Replay.WHOLE);
                        assertThat(outcome.results()).hasSizeLessThanOrEqualTo(at);
                        assertThat(outcome.failure())
                                .extracting("kind")
                                .isEqualTo(
                                        bad.good()
                                                ? ErrorKind.UPSTREAM_PROTOCOL
                                                : ErrorKind.ofUpstreamStatus(bad.status()));
                    }));
        });
    }
}
