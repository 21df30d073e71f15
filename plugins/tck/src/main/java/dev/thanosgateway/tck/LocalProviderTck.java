package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.ChatStream;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.api.provider.LocalModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of a provider that answers by itself, L01 to L06, each a test. Its cassettes are {@code request.json} and
 * {@code events.txt}, see the package.
 */
public abstract class LocalProviderTck {
    private static final int AT_ONCE = 64;

    /** A provider as an empty configuration would make it. */
    protected abstract LocalChat provider();

    /** A request whose answer takes at least ten seconds. */
    protected abstract ChatRequest slow();

    /** The folder of the cassettes. */
    protected Path cassettes() {
        return Path.of("src/test/resources/cassettes");
    }

    private Stream<Cassette> all() {
        return Cassette.in(cassettes(), Cassette.REQUEST).stream();
    }

    private static List<DynamicTest> each(Stream<Cassette> cassettes, Consumer<Cassette> rule) {
        return cassettes
                .map(one -> dynamicTest(one.name(), () -> rule.accept(one)))
                .toList();
    }

    private static Outcome<ChatEvent> answer(LocalChat provider, ChatRequest request) {
        Outcome<ChatEvent> outcome = new Outcome<>();
        try (ChatStream stream = provider.open(request)) {
            while (!outcome.finished()) {
                outcome.event(stream.next());
            }
        } catch (GatewayException e) {
            outcome.failed(e);
        } catch (InterruptedException e) {
            throw new AssertionError("Nobody interrupted it.", e);
        }
        return outcome;
    }

    @TestFactory
    List<DynamicTest> l01_theAnswerGivesTheEventsOfTheCassetteInTheOrderOfTheGrammar() {
        assertThat(all()).isNotEmpty();
        return each(
                all(),
                cassette ->
                        cassette.compare(answer(provider(), cassette.request()).lines()));
    }

    /** Pairs are cassettes whose names differ in {@code -stream} and {@code -whole} only. */
    @TestFactory
    List<DynamicTest> l02_aStreamAndAWholeAnswerThatSayTheSameFoldToTheSame() {
        return each(all().filter(one -> one.name().endsWith("-stream")), stream -> {
            String name = stream.name().replaceFirst("-stream$", "-whole");
            Cassette whole = all().filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("There is no " + name + "."));
            Outcome<ChatEvent> one = answer(provider(), stream.request());
            Outcome<ChatEvent> other = answer(provider(), whole.request());
            assertThat(one.response().choices()).isEqualTo(other.response().choices());
            assertThat(one.response().usage()).isEqualTo(other.response().usage());
        });
    }

    @Test
    void l03_manyAnswersAtOnceDoNotMix() throws Exception {
        LocalChat shared = provider();
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            all().forEach(cassette -> calls.add(() -> {
                assertThat(answer(shared, cassette.request()).lines()).isEqualTo(cassette.events());
                return null;
            }));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Void> one : threads.invokeAll(calls)) {
                one.get();
            }
        }
    }

    @Test
    void l04_anInterruptEndsAnAnswerWithinASecond() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (ChatStream stream = provider().open(slow())) {
                begun.complete(null);
                while (!(stream.next() instanceof ChatEvent.Finished)) {
                    // Goes on until it is interrupted.
                }
                end.complete(new AssertionError("It ended by itself."));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        begun.get(5, TimeUnit.SECONDS);
        reader.interrupt();
        assertThat(end.get(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void l05_anAnswerMayBeClosedBeforeItsFirstEvent() throws Exception {
        try (ChatStream stream = provider().open(slow())) {
            assertThat(stream).isNotNull();
        }
    }

    @Test
    void l06_theModelsHaveNamesThatDoNotRepeat() {
        if (provider() instanceof LocalModels listing) {
            List<String> ids =
                    listing.models().models().stream().map(model -> model.id()).toList();
            assertThat(ids).isNotEmpty().doesNotHaveDuplicates().allMatch(id -> !id.isBlank());
        }
    }
}
