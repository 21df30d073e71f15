package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.catalog.TraitTable;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of a provider that relays a dialect's own requests, R01 to R12, each a test. A plugin's test extends this
 * class, names both, and keeps its cassettes, see the package.
 */
public abstract class RelayTck {
    private static final String FRAMES = "frames.txt";

    /** Where every cut is tried; a longer answer is cut at this many places. */
    private static final int CUTS = 1_000;

    /** A provider as a configuration would make it that says what its endpoint has. */
    protected abstract Chat provider();

    /** The profile of its endpoint, by which its requests say what their models take, as the host has it do. */
    protected String profile() {
        return TraitTable.EVERYWHERE;
    }

    /** The dialect clients speak. */
    protected abstract Dialect dialect();

    /** The folder of the cassettes. */
    protected Path cassettes() {
        return Path.of("src/test/resources/relays");
    }

    /** Plays the host where frames may come. */
    private static final class Frames extends Outcome<ChatEvent> {
        private boolean finish;
        /** The same lines with every line end of the stream as a line feed. */
        private final List<String> withLineFeeds = new ArrayList<>();

        @Override
        public void event(ChatEvent event) {
            throw new AssertionError("A relayed answer is frames, not events: " + event);
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) {
            finish |= meaning.finish();
            String kind = meaning.finish() ? "FINISH" : meaning.content() ? "CONTENT" : "PRELUDE";
            String usage = meaning.usage() == null ? "" : " " + meaning.usage();
            String text = StandardCharsets.UTF_8.decode(bytes).toString();
            line(kind + usage + ": " + text);
            withLineFeeds.add(
                    oneLine(kind + usage + ": " + text.replace("\r\n", "\n").replace('\r', '\n')));
        }

        @Override
        void failed(GatewayException why) {
            super.failed(why);
            withLineFeeds.add(lines().get(lines().size() - 1));
        }
    }

    /** One case: a folder. */
    private final class Case {
        private final Path folder;

        Case(Path folder) {
            this.folder = folder;
        }

        private byte[] bytes(String file) {
            try {
                return Files.readAllBytes(folder.resolve(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String text(String file) {
            return new String(bytes(file), StandardCharsets.UTF_8);
        }

        RecordedAnswer answer() {
            return RecordedAnswer.parse(bytes("answer.http"));
        }

        ChatRequest request() throws GatewayException {
            String target = text("path.txt").strip();
            String path = target.replaceFirst("\\?.*", "");
            ChatEndpoint endpoint = dialect().routes().stream()
                    .filter(route -> route.path().equals(path))
                    .map(route -> (ChatEndpoint) route.endpoint())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("The dialect has no route " + path + "."));
            Map<String, String> query = target.equals(path)
                    ? Map.of()
                    : Stream.of(target.substring(path.length() + 1).split("&"))
                            .map(one -> one.split("=", 2))
                            .collect(Collectors.toMap(one -> one[0], one -> one[1]));
            return endpoint.read(Exchanged.incoming(bytes("request.json"), Map.of("model", "m"), query));
        }

        HttpCall call() throws GatewayException {
            return provider().chat(Traits.on(profile(), request())).call();
        }

        Frames play(RecordedAnswer answer, IntUnaryOperator slices) {
            return Replay.play(() -> provider().chat(Traits.on(profile(), request())), answer, slices, new Frames());
        }

        RelayRules.Relay relay() {
            return new RelayRules.Relay(answer(), (answer, slices) -> play(answer, slices).withLineFeeds);
        }

        IntStream cuts() {
            int length = answer().body().length;
            int step = Math.max(1, length / CUTS);
            return IntStream.range(0, (length + step - 1) / step).map(i -> i * step);
        }

        List<String> frames() {
            return text(FRAMES).lines().filter(line -> !line.isEmpty()).toList();
        }
    }

    private interface Rule {
        void check(Case one) throws Exception;
    }

    private Stream<Case> cases() {
        try (Stream<Path> folders = Files.list(cassettes())) {
            return folders.filter(Files::isDirectory).sorted().map(Case::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<DynamicTest> each(Rule rule) {
        return cases().map(one -> dynamicTest(String.valueOf(one.folder.getFileName()), () -> rule.check(one)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> r01_theRequestGoesOnAsItCameWithoutACredential() {
        return each(one -> {
            Calls.check(one.call());
            assertThat(one.call().relay())
                    .as("the client's headers of its language go along")
                    .isTrue();
            assertThat(StandardCharsets.UTF_8.decode(one.call().body()).toString())
                    .isEqualTo(one.text("request.json"));
        });
    }

    @TestFactory
    List<DynamicTest> r02_theAnswerGivesTheFramesOfTheCassette() {
        return each(one -> {
            Frames out = one.play(one.answer(), Replay.WHOLE);
            if (System.getProperty("tck.keep") != null && !Files.exists(one.folder.resolve(FRAMES))) {
                Files.write(one.folder.resolve(FRAMES), out.lines());
            }
            assertThat(out.lines()).isEqualTo(one.frames());
            assertThat(out.finish).isEqualTo(out.failure() == null);
        });
    }

    @TestFactory
    List<DynamicTest> r03_anySlicingGivesTheSameFrames() {
        return each(one -> {
            for (int bytes : List.of(1, 2, 3, 7)) {
                assertThat(one.play(one.answer(), Replay.every(bytes)).lines()).isEqualTo(one.frames());
            }
            one.cuts()
                    .forEach(cut -> assertThat(
                                    one.play(one.answer(), Replay.cutAt(cut)).lines())
                            .as("cut at %d", cut)
                            .isEqualTo(one.frames()));
        });
    }

    @TestFactory
    List<DynamicTest> r04_aBodyThatEndsEarlyFailsOrHasSaidEverything() {
        return each(one -> one.cuts().forEach(cut -> {
            RecordedAnswer answer = one.answer();
            Frames out = one.play(answer.withBody(Arrays.copyOf(answer.body(), cut)), Replay.WHOLE);
            assertThat(out.finish).as("ended after %d bytes", cut).isEqualTo(out.failure() == null);
        }));
    }

    @TestFactory
    List<DynamicTest> r05_anErrorStatusIsTheKindOfTheTable() {
        return each(one -> Faults.statuses().forEach(answer -> {
            GatewayException failure = failure(one, answer);
            assertThat(failure.kind()).isEqualTo(ErrorKind.ofUpstreamStatus(answer.status()));
            assertThat(failure.retryAfter()).isEqualTo("7");
        }));
    }

    @TestFactory
    List<DynamicTest> r06_a200ThatIsNoAnswerIsAProtocolError() {
        return each(one -> Faults.noAnswers()
                .forEach(answer -> assertThat(failure(one, answer).kind())
                        .as(Faults.shown(answer))
                        .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL)));
    }

    private static GatewayException failure(Case one, RecordedAnswer answer) {
        Frames out = one.play(answer, Replay.WHOLE);
        GatewayException failure = out.failure();
        if (failure == null) {
            throw new AssertionError("It was taken for an answer: " + out.lines());
        }
        return failure;
    }

    @TestFactory
    List<DynamicTest> r07_brokenBytesNeverThrowAnythingButAGatewayException() {
        return each(one -> {
            for (RecordedAnswer broken : Faults.broken(one.answer(), String.valueOf(one.folder.getFileName()))) {
                Frames out = one.play(broken, Replay.every(13));
                assertThat(out.finish || out.failure() != null)
                        .as(() -> new String(broken.body(), StandardCharsets.UTF_8))
                        .isTrue();
            }
        });
    }

    /** Line ends of the stream may come as they were sent or as line feeds; what stands between them is the same. */
    @TestFactory
    List<DynamicTest> r08_anyLineEndGivesTheSameFrames() {
        return cases().filter(one -> one.answer().lines())
                .map(one -> dynamicTest(String.valueOf(one.folder.getFileName()), () -> {
                    List<String> expected = one.play(one.answer(), Replay.WHOLE).withLineFeeds;
                    String body = new String(one.answer().body(), StandardCharsets.UTF_8).replace("\r\n", "\n");
                    for (String end : one.answer().sse() ? List.of("\n", "\r\n", "\r") : List.of("\n", "\r\n")) {
                        RecordedAnswer other =
                                one.answer().withBody(body.replace("\n", end).getBytes(StandardCharsets.UTF_8));
                        for (IntUnaryOperator slices : List.of(Replay.WHOLE, Replay.every(1))) {
                            Frames out = one.play(other, slices);
                            assertThat(out.withLineFeeds)
                                    .as(end.replace("\r", "CR").replace("\n", "LF"))
                                    .isEqualTo(expected);
                        }
                    }
                }))
                .toList();
    }

    /** As X17 says of answers that are translated. */
    @TestFactory
    List<DynamicTest> r09_whatNobodyKnowsInAStreamChangesNothingElse() {
        return streams(RelayRules::unknown);
    }

    @TestFactory
    List<DynamicTest> r10_aStreamNeedsNoLastLineEnd() {
        return streams(RelayRules::withoutLastLineEnd);
    }

    @TestFactory
    List<DynamicTest> r11_aLineOfAMebibyteIsPassedOn() {
        return streams(RelayRules::large);
    }

    @TestFactory
    List<DynamicTest> r12_wordsNobodyKnowsArePassedOn() {
        return relays(one -> true, RelayRules::words);
    }

    private List<DynamicTest> streams(Consumer<RelayRules.Relay> rule) {
        return relays(one -> one.answer().lines(), rule);
    }

    private List<DynamicTest> relays(Predicate<Case> which, Consumer<RelayRules.Relay> rule) {
        return cases().filter(which)
                .map(one -> dynamicTest(String.valueOf(one.folder.getFileName()), () -> rule.accept(one.relay())))
                .toList();
    }
}
