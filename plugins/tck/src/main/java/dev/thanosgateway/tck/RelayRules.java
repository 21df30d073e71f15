package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/** The rules R09 to R12: what a relay makes of a stream in another form, which nobody promised to be the plain one. */
final class RelayRules {
    private static final List<IntUnaryOperator> SMALL = List.of(Replay.WHOLE, Replay.every(1));
    private static final List<IntUnaryOperator> LARGE = List.of(Replay.every(4099));

    private RelayRules() {}

    /**
     * One case.
     *
     * @param play the frames an answer gives, their line ends as line feeds, a line each and the failure if there is one
     */
    record Relay(RecordedAnswer answer, BiFunction<RecordedAnswer, IntUnaryOperator, List<String>> play) {
        List<String> expected() {
            return play.apply(answer, Replay.WHOLE);
        }
    }

    /** What nobody knows goes along where it stands in a message, or as a message of its own, or is left out whole. */
    static void unknown(Relay relay) {
        List<String> expected = relay.expected();
        Streams.decorated(relay.answer).forEach((how, other) -> {
            for (IntUnaryOperator slices : SMALL) {
                List<String> frames = relay.play.apply(other, slices);
                if (how.equals(Streams.MEMBERS)) {
                    assertThat(frames.stream().filter(frame -> frame.contains("{\"")))
                            .as(how + " go along")
                            .allMatch(frame -> frame.contains(Streams.FIELD));
                }
                assertThat(without(frames, Streams.FIELD)).as(how).isEqualTo(expected);
            }
        });
    }

    static void withoutLastLineEnd(Relay relay) {
        RecordedAnswer other = Streams.withoutLastLineEnd(relay.answer);
        for (IntUnaryOperator slices : SMALL) {
            assertThat(ended(relay.play.apply(other, slices))).isEqualTo(ended(relay.expected()));
        }
    }

    static void large(Relay relay) {
        List<String> expected = relay.expected();
        Streams.large(relay.answer).forEach((how, other) -> {
            for (IntUnaryOperator slices : LARGE) {
                List<String> frames = relay.play.apply(other, slices);
                // Not shown when they differ: nobody reads a mebibyte.
                assertThat(without(frames, Streams.LARGE_FIELD).equals(expected))
                        .as(how)
                        .isTrue();
                assertThat(!how.equals(Streams.LARGE_MEMBER)
                                || frames.stream().anyMatch(frame -> frame.contains(Streams.LARGE_FIELD)))
                        .as(how + " goes along whole")
                        .isTrue();
            }
        });
    }

    /** Words nobody knows are the caller's to read. */
    static void words(Relay relay) {
        List<String> expected = relay.expected();
        Words.unknown(relay.answer).forEach((which, other) -> {
            for (IntUnaryOperator slices : SMALL) {
                List<String> frames = relay.play.apply(other, slices);
                assertThat(failure(frames)).as(which).isEqualTo(failure(expected));
                assertThat(frames).as(which + " go along").anyMatch(frame -> frame.contains(Words.NEW));
            }
        });
    }

    /** The frames without those of a message nobody knows, and each without {@code member}. */
    private static List<String> without(List<String> frames, String member) {
        return frames.stream()
                .filter(frame -> !frame.contains(Streams.STRANGE_MARK) && !frame.contains(Streams.LARGE_MARK))
                .map(frame -> frame.replace(member + ',', ""))
                .toList();
    }

    /** But for the line end of the last. */
    private static List<String> ended(List<String> frames) {
        return frames.stream().map(frame -> frame.replaceFirst("(\\\\n)+$", "")).toList();
    }

    private static String failure(List<String> frames) {
        String last = frames.isEmpty() ? "" : frames.get(frames.size() - 1);
        return last.startsWith(Outcome.FAILURE) ? last : "";
    }
}
