package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules X17 to X19: a stream in another form is the same answer. */
final class StreamRules {
    /** A line of events with a text in which nothing is escaped. */
    private static final Pattern TEXT = Pattern.compile("(TextDelta\\[choice=\\d+, text=)([^\\\\\"]+)]");

    private static final List<IntUnaryOperator> SMALL = List.of(Replay.WHOLE, Replay.every(1));
    private static final List<IntUnaryOperator> LARGE = List.of(Replay.every(4099));

    private StreamRules() {}

    static void unknown(Cassette cassette, Replay.Beginning<ChatEvent> asking) {
        Streams.decorated(cassette.answer()).forEach((how, other) -> same(cassette, asking, other, how, SMALL));
    }

    static void withoutLastLineEnd(Cassette cassette, Replay.Beginning<ChatEvent> asking) {
        same(cassette, asking, Streams.withoutLastLineEnd(cassette.answer()), "no last line end", SMALL);
    }

    static void large(Cassette cassette, Replay.Beginning<ChatEvent> asking) {
        Streams.large(cassette.answer()).forEach((how, other) -> same(cassette, asking, other, how, LARGE));
        longText(cassette, asking);
    }

    /** One of the answer's texts is 1 MiB longer, if there is one that is written once. */
    private static void longText(Cassette cassette, Replay.Beginning<ChatEvent> asking) {
        List<String> events = new ArrayList<>(cassette.events());
        for (int i = 0; i < events.size(); i++) {
            Matcher text = TEXT.matcher(events.get(i));
            if (text.matches() && Streams.mentions(cassette.answer(), text.group(2)) == 1) {
                String longer = text.group(2) + "y".repeat(Streams.MEBIBYTE);
                events.set(i, text.group(1) + longer + ']');
                RecordedAnswer other = Streams.withText(cassette.answer(), text.group(2), longer);
                for (IntUnaryOperator slices : LARGE) {
                    // Not shown when they differ: nobody reads a mebibyte.
                    assertThat(Replay.play(asking, other, slices).lines().equals(events))
                            .as("a long text comes whole")
                            .isTrue();
                }
                return;
            }
        }
    }

    private static void same(
            Cassette cassette,
            Replay.Beginning<ChatEvent> asking,
            RecordedAnswer other,
            String how,
            List<IntUnaryOperator> slicings) {
        Object expected = Replay.play(asking, cassette.answer(), Replay.WHOLE).meaning();
        for (IntUnaryOperator slices : slicings) {
            assertThat(Replay.play(asking, other, slices).meaning()).as(how).isEqualTo(expected);
        }
    }
}
