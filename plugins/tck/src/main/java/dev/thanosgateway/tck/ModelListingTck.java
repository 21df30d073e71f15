package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of a provider that lists its models over HTTP: {@code models/answer.http} and its ids in {@code events.txt}. */
public abstract class ModelListingTck {
    /** A provider as a configuration with nothing but a key would make it. */
    protected abstract ModelListing provider();

    /** The folder of the cassettes. */
    protected Path cassettes() {
        return Path.of("src/test/resources/cassettes");
    }

    private Cassette cassette() {
        return Cassette.in(cassettes(), Cassette.ANSWER).stream()
                .filter(one -> one.name().equals("models"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no models/answer.http."));
    }

    @Test
    void m01_theListIsAskedForWithACallThatCostsNothing() throws Exception {
        assertThat(provider().models().call().method()).isEqualTo("GET");
        Calls.check(provider().models().call());
    }

    @Test
    void m02_theAnswerGivesOneListHoweverItIsSliced() {
        RecordedAnswer answer = cassette().answer();
        for (int cut = 0; cut <= answer.body().length; cut++) {
            Outcome<ModelList> outcome = Replay.play(() -> provider().models(), answer, Replay.cutAt(cut));
            assertThat(outcome.failure()).isNull();
            assertThat(outcome.results()).hasSize(1);
            List<String> ids =
                    outcome.results().get(0).models().stream().map(Model::id).toList();
            assertThat(ids).as("cut at %d", cut).isEqualTo(cassette().events());
        }
    }

    @TestFactory
    Stream<DynamicTest> m03_whatIsNoListFails() {
        RecordedAnswer answer = cassette().answer();
        RecordedAnswer cut = answer.withBody(Arrays.copyOf(answer.body(), answer.body().length / 2));
        return Stream.concat(
                        Stream.of(
                                cut,
                                RecordedAnswer.of(200, "text/html", "<html></html>"),
                                RecordedAnswer.of(200, "application/json", ""),
                                RecordedAnswer.of(200, "application/json", "{}")),
                        Faults.statuses())
                .map(bad -> dynamicTest(bad.status() + " " + Faults.shown(bad), () -> {
                    Outcome<ModelList> outcome = Replay.play(() -> provider().models(), bad, Replay.WHOLE);
                    assertThat(outcome.results()).isEmpty();
                    assertThat(outcome.failure())
                            .extracting("kind")
                            .isEqualTo(
                                    bad.good()
                                            ? ErrorKind.UPSTREAM_PROTOCOL
                                            : ErrorKind.ofUpstreamStatus(bad.status()));
                }));
    }
}
