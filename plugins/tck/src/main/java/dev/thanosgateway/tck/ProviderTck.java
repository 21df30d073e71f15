package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.HttpCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of a provider that chats over HTTP, X01 to X23, each a test; M01 to M03 are those of {@link
 * ModelListingTck}. A plugin's test extends this class, names its provider and keeps its cassettes, see the package.
 */
public abstract class ProviderTck {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Where every cut is tried; a longer answer is cut at this many places. */
    private static final int CUTS = 4_000;

    private static final int AT_ONCE = 64;

    /** A provider as a configuration with nothing but a key would make it. */
    protected abstract Chat provider();

    /**
     * The profile of its endpoint: requests then say what their models take, as the host has it do. Null = nothing is known
     * of any model.
     */
    protected @Nullable String profile() {
        return null;
    }

    /** The provider as the host asks it: with what the model takes. */
    private Chat hosted() {
        Chat provider = provider();
        String profile = profile();
        return profile == null ? provider : request -> provider.chat(Traits.on(profile, request));
    }

    /** The folder of the cassettes. */
    protected Path cassettes() {
        return Path.of("src/test/resources/cassettes");
    }

    /** Two requests the provider can serve, the second streamed; those of the first good cassettes unless overridden. */
    protected List<ChatRequest> requests() {
        return List.of(first(false), first(true));
    }

    private ChatRequest first(boolean stream) {
        return good().map(Cassette::request)
                .filter(request -> request.stream() == stream)
                .findFirst()
                .orElseThrow(() -> new AssertionError("No cassette has a whole answer and another one a stream."));
    }

    private Stream<Cassette> all() {
        return Cassette.in(cassettes(), Cassette.REQUEST).stream();
    }

    private Stream<Cassette> good() {
        return all().filter(cassette -> cassette.answer().good() && !cassette.fails());
    }

    /** One cassette of each answer: what several share is cut and broken in many ways only once. */
    private Stream<Cassette> answers() {
        Set<Object> seen = new HashSet<>();
        return all().filter(one -> seen.add(
                List.of(one.request().stream(), ByteBuffer.wrap(one.answer().body()))));
    }

    private Stream<Cassette> streams() {
        return all().filter(cassette -> cassette.answer().lines());
    }

    private Replay.Beginning<ChatEvent> asking(Cassette cassette) {
        return () -> hosted().chat(cassette.request());
    }

    private static List<DynamicTest> each(Stream<Cassette> cassettes, Consumer<Cassette> rule) {
        return cassettes
                .map(one -> dynamicTest(one.name(), () -> rule.accept(one)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> x01_theCallIsAPathBelowTheEndpointWithoutACredential() {
        return each(all(), cassette -> Calls.check(call(cassette)));
    }

    private HttpCall call(Cassette cassette) {
        try {
            return asking(cassette).exchange().call();
        } catch (GatewayException e) {
            throw new AssertionError("The provider refuses the cassette's request.", e);
        }
    }

    @TestFactory
    List<DynamicTest> x02_theBodyIsJsonAndWhatTheCassetteSays() {
        return each(all(), cassette -> {
            byte[] bytes = new byte[call(cassette).body().remaining()];
            call(cassette).body().get(bytes);
            JsonNode sent = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
            JsonNode expected = cassette.call();
            if (expected != null) {
                assertThat(sent).isEqualTo(expected);
            }
        });
    }

    @TestFactory
    List<DynamicTest> x03_theAnswerGivesTheEventsOfTheCassetteInTheOrderOfTheGrammar() {
        return each(all(), cassette -> {
            Outcome<ChatEvent> outcome = Replay.play(asking(cassette), cassette.answer(), Replay.WHOLE);
            cassette.compare(outcome.lines());
            assertThat(outcome.finished()).isEqualTo(outcome.failure() == null);
        });
    }

    @TestFactory
    List<DynamicTest> x04_anySlicingOfTheBodyGivesTheSameEvents() {
        Set<String> cut = answers().map(Cassette::name).collect(Collectors.toSet());
        return each(all(), cassette -> {
            for (int bytes : List.of(1, 2, 3, 7)) {
                assertSame(cassette, cassette.answer(), Replay.every(bytes), bytes + " bytes a slice");
            }
            if (cut.contains(cassette.name())) {
                cuts(cassette).forEach(at -> assertSame(cassette, cassette.answer(), Replay.cutAt(at), "cut at " + at));
            }
        });
    }

    private static IntStream cuts(Cassette cassette) {
        int length = cassette.answer().body().length;
        int step = Math.max(1, length / CUTS);
        return IntStream.range(0, (length + step - 1) / step).map(i -> i * step);
    }

    private void assertSame(Cassette cassette, RecordedAnswer answer, IntUnaryOperator slices, String how) {
        assertThat(Replay.play(asking(cassette), answer, slices).lines())
                .as(how)
                .isEqualTo(cassette.events());
    }

    @TestFactory
    List<DynamicTest> x05_anyLineEndOfAStreamGivesTheSameEvents() {
        return each(streams(), cassette -> {
            RecordedAnswer answer = cassette.answer();
            String body = new String(answer.body(), StandardCharsets.UTF_8).replace("\r\n", "\n");
            for (String end : answer.sse() ? List.of("\n", "\r\n", "\r") : List.of("\n", "\r\n")) {
                RecordedAnswer other = answer.withBody(body.replace("\n", end).getBytes(StandardCharsets.UTF_8));
                String how = end.replace("\r", "CR").replace("\n", "LF");
                assertSame(cassette, other, Replay.WHOLE, how);
                assertSame(cassette, other, Replay.every(1), how + ", byte by byte");
            }
        });
    }

    @TestFactory
    List<DynamicTest> x06_aBodyThatEndsEarlyFailsOrHasSaidEverything() {
        return each(answers().filter(one -> one.answer().good()), cassette -> {
            ChatResponse all = cassette.fails()
                    ? null
                    : Replay.play(asking(cassette), cassette.answer(), Replay.WHOLE)
                            .response();
            cuts(cassette).forEach(cut -> {
                RecordedAnswer shorter = cassette.answer()
                        .withBody(Arrays.copyOf(cassette.answer().body(), cut));
                Outcome<ChatEvent> outcome = Replay.play(asking(cassette), shorter, Replay.WHOLE);
                if (outcome.failure() == null) {
                    assertThat(all).as("ended after %d bytes", cut).isNotNull();
                    assertThat(outcome.response().choices())
                            .as("taken for whole after %d bytes", cut)
                            .isEqualTo(Objects.requireNonNull(all).choices());
                } else {
                    assertThat(outcome.finished())
                            .as("finished after %d bytes", cut)
                            .isFalse();
                    assertThat(outcome.lines().get(outcome.lines().size() - 1))
                            .as("ended after %d bytes", cut)
                            .isIn(Outcome.FAILURE + ErrorKind.UPSTREAM_PROTOCOL, last(cassette));
                }
            });
        });
    }

    private static String last(Cassette cassette) {
        List<String> events = cassette.events();
        return events.isEmpty() ? "" : events.get(events.size() - 1);
    }

    /** Pairs are cassettes whose names differ in {@code -stream} and {@code -whole} only. */
    @TestFactory
    List<DynamicTest> x07_aStreamAndAWholeAnswerThatSayTheSameFoldToTheSame() {
        return each(good().filter(one -> one.name().endsWith("-stream")), stream -> {
            String name = stream.name().replaceFirst("-stream$", "-whole");
            Cassette whole = good().filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("There is no " + name + "."));
            ChatResponse one =
                    Replay.play(asking(stream), stream.answer(), Replay.WHOLE).response();
            ChatResponse other =
                    Replay.play(asking(whole), whole.answer(), Replay.WHOLE).response();
            assertThat(one.choices()).isEqualTo(other.choices());
            assertThat(one.usage()).isEqualTo(other.usage());
        });
    }

    @TestFactory
    Stream<DynamicTest> x08_anErrorStatusIsTheKindOfTheTableAndKeepsItsRetryAfter() {
        return Faults.statuses()
                .map(answer -> dynamicTest(answer.status() + " " + Faults.shown(answer), () -> {
                    for (ChatRequest request : requests()) {
                        GatewayException failure = failure(request, answer, Replay.WHOLE);
                        assertThat(failure.kind()).isEqualTo(ErrorKind.ofUpstreamStatus(answer.status()));
                        assertThat(failure.retryAfter()).isEqualTo("7");
                        assertThat(failure.message()).isNotBlank().doesNotContain("<");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> x09_a200ThatIsNoAnswerIsAProtocolError() {
        return Faults.noAnswers()
                .map(answer -> dynamicTest(Faults.shown(answer), () -> {
                    for (ChatRequest request : requests()) {
                        for (IntUnaryOperator slices : List.of(Replay.WHOLE, Replay.every(1))) {
                            GatewayException failure = failure(request, answer, slices);
                            assertThat(failure.kind()).isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
                            assertThat(failure.message()).isNotBlank().doesNotContain("<");
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> x22_anErrorWithAGoodStatusIsAFailureOfTheTarget() {
        return Faults.errors()
                .map(answer -> dynamicTest(Faults.shown(answer), () -> {
                    for (ChatRequest request : requests()) {
                        GatewayException failure = failure(request, answer, Replay.WHOLE);
                        assertThat(failure.kind().mayTryNextTarget())
                                .as(failure.message())
                                .isTrue();
                    }
                }));
    }

    /** Of cassettes whose request offers a custom tool; where there are none of these upstream, it is called as a function. */
    @Test
    void x23_aCallOfACustomToolHasItsTextWhereverItsAnswerIsCut() {
        answers().filter(ProviderTck::offersCustomTool).forEach(cassette -> {
            String text = called(cassette, Replay.WHOLE);
            assertThat(text).as(cassette.name()).isNotEmpty();
            cuts(cassette)
                    .forEach(at -> assertThat(called(cassette, Replay.cutAt(at)))
                            .as("%s cut at %d", cassette.name(), at)
                            .isEqualTo(text));
        });
    }

    private static boolean offersCustomTool(Cassette cassette) {
        try {
            return cassette.request().content().tools().stream().anyMatch(Tool::isCustom);
        } catch (GatewayException e) {
            throw new AssertionError("A cassette's request has its content.", e);
        }
    }

    private String called(Cassette cassette, IntUnaryOperator slices) {
        ChatResponse response =
                Replay.play(asking(cassette), cassette.answer(), slices).response();
        return response.choices().stream()
                .flatMap(choice -> choice.parts().stream())
                .filter(Part.ToolCall.class::isInstance)
                .map(call -> JSON.readTree(((Part.ToolCall) call).arguments()))
                .map(arguments -> arguments.path(Tool.INPUT).asString())
                .collect(Collectors.joining());
    }

    private GatewayException failure(ChatRequest request, RecordedAnswer answer, IntUnaryOperator slices) {
        Outcome<ChatEvent> outcome = Replay.play(() -> hosted().chat(request), answer, slices);
        GatewayException failure = outcome.failure();
        if (failure == null) {
            throw new AssertionError("It was taken for an answer: " + outcome.lines());
        }
        return failure;
    }

    @TestFactory
    List<DynamicTest> x10_brokenBytesNeverThrowAnythingButAGatewayException() {
        return each(answers().filter(one -> one.answer().good()), cassette -> {
            for (RecordedAnswer broken : Faults.broken(cassette.answer(), cassette.name())) {
                Outcome<ChatEvent> outcome = Replay.play(asking(cassette), broken, Replay.every(13));
                assertThat(outcome.finished())
                        .as(() -> new String(broken.body(), StandardCharsets.UTF_8))
                        .isEqualTo(outcome.failure() == null);
            }
        });
    }

    @Test
    void x11_manyAnswersAtOnceDoNotMix() throws Exception {
        Chat shared = hosted();
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            int bytes = i % 11 + 1;
            all().forEach(cassette -> calls.add(() -> {
                assertThat(Replay.play(() -> shared.chat(cassette.request()), cassette.answer(), Replay.every(bytes))
                                .lines())
                        .isEqualTo(cassette.events());
                return null;
            }));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Void> one : threads.invokeAll(calls)) {
                one.get();
            }
        }
    }

    @TestFactory
    List<DynamicTest> x12_whatARequestNeedsIsInItsCallOrItIsRefused() {
        return Needs.ALL.entrySet().stream()
                .map(need -> dynamicTest(need.getKey(), () -> {
                    for (boolean stream : new boolean[] {true, false}) {
                        HttpCall call;
                        try {
                            call = hosted().chat(Needs.request(first(stream).model(), stream, need.getValue()))
                                    .call();
                        } catch (GatewayException e) {
                            assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                            continue;
                        }
                        assertThat(StandardCharsets.UTF_8
                                        .decode(call.body().duplicate())
                                        .toString())
                                .contains(Needs.MARK);
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> x13_theModelIsSentAsItIsNamed() {
        return Stream.of("m", "a/b/c", "a b", "quote\"d", "模型")
                .map(name -> dynamicTest(name, () -> {
                    for (ChatRequest request : requests()) {
                        HttpCall call = hosted().chat(request.withModel(name)).call();
                        Calls.check(call);
                        assertThat(Calls.says(call, name))
                                .as("%s names %s", call.path(), name)
                                .isTrue();
                    }
                }))
                .toList();
    }

    @Test
    void x14_thereAreCassettesOfAWholeAnswerAStreamAndAnErrorStatus() {
        assertThat(good().filter(one -> !one.request().stream())).isNotEmpty();
        assertThat(good().filter(one -> one.request().stream())).isNotEmpty();
        assertThat(all().filter(one -> !one.answer().good())).isNotEmpty();
    }

    /** A cassette that says what the call must be says in {@code dropped.txt} what it leaves out. */
    @TestFactory
    List<DynamicTest> x15_whatIsLeftOutOfTheRequestIsNamed() {
        return each(
                all().filter(one -> one.call() != null),
                cassette ->
                        assertThat(call(cassette).dropped()).containsExactlyInAnyOrderElementsOf(cassette.dropped()));
    }

    /** {@code refused/requests.json}: by the name of a case its request, and in {@code refused} the field in the way. */
    @TestFactory
    List<DynamicTest> x16_whatCannotBeSaidIsRefusedNamingTheField() {
        return Cassette.refused(cassettes()).entrySet().stream()
                .map(one -> dynamicTest(one.getKey(), () -> {
                    JsonNode request = one.getValue().deepCopy();
                    JsonNode field = ((ObjectNode) request).remove("refused");
                    assertThatThrownBy(
                                    () -> hosted().chat(Requests.read(request)).call())
                            .isInstanceOfSatisfying(GatewayException.class, e -> {
                                assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                                assertThat(e.parameter()).isEqualTo(field.asString());
                            });
                }))
                .toList();
    }

    /** Comments, and events, fields and members of objects. */
    @TestFactory
    List<DynamicTest> x17_whatNobodyKnowsInAStreamChangesNothing() {
        return each(streams(), cassette -> StreamRules.unknown(cassette, asking(cassette)));
    }

    @TestFactory
    List<DynamicTest> x18_aStreamNeedsNoLastLineEnd() {
        return each(streams(), cassette -> StreamRules.withoutLastLineEnd(cassette, asking(cassette)));
    }

    @TestFactory
    List<DynamicTest> x19_aLineOfAMebibyteIsRead() {
        return each(streams(), cassette -> StreamRules.large(cassette, asking(cassette)));
    }

    /** Finish reasons, roles, tiers, kinds of parts and calls: each vendor's lists of them grow. */
    @TestFactory
    List<DynamicTest> x20_wordsNobodyKnowsChangeNothingButWhatTheySay() {
        return each(
                answers().filter(one -> one.answer().good() && !one.fails()),
                cassette -> WordRules.tolerated(asking(cassette), cassette.answer()));
    }

    /** {@code errors/answers.json}, see {@link VendorError}. */
    @TestFactory
    List<DynamicTest> x21_anErrorInTheVendorsOwnWordsIsItsKindAndKeepsWhenToTryAgain() {
        return Cassette.errors(cassettes()).entrySet().stream()
                .map(one -> dynamicTest(one.getKey(), () -> {
                    for (ChatRequest request : requests()) {
                        VendorError.check(one.getValue(), () -> hosted().chat(request));
                    }
                }))
                .toList();
    }
}
