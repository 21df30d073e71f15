package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatFold;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.Endpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.TokenCount;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** The rules of a dialect facing clients, D01 to D09, each a test. */
public abstract class DialectTck {
    private static final String SAID = "Héllo, 世界 👋🏽";
    private static final String ID = "req-tck";

    /** A dialect as it is when its bundle has started. */
    protected abstract Dialect dialect();

    /**
     * For the path of each route that chats, counts tokens or makes embeddings a request it accepts, with the model {@code
     * m} and one message or text.
     */
    protected abstract Map<String, String> requests();

    private interface Rule<E> {
        void check(E endpoint, byte[] body) throws Exception;
    }

    private Stream<DynamicTest> each(Rule<ChatEndpoint> rule) {
        return each(ChatEndpoint.class, rule);
    }

    private <E extends Endpoint> Stream<DynamicTest> each(Class<E> kind, Rule<E> rule) {
        return dialect().routes().stream()
                .filter(route -> kind.isInstance(route.endpoint()))
                .map(route -> dynamicTest(route.path(), () -> {
                    String body = requests().get(route.path());
                    if (body == null) {
                        throw new AssertionError("requests() has none for " + route.path());
                    }
                    rule.check(kind.cast(route.endpoint()), body.getBytes(StandardCharsets.UTF_8));
                }));
    }

    @Test
    void d01_itHasANameAndRoutesThatDoNotRepeat() {
        assertThat(dialect().name()).matches("[a-z0-9-]+");
        List<String> routes = dialect().routes().stream()
                .map(route -> route.method() + " " + route.path())
                .toList();
        assertThat(routes).isNotEmpty().doesNotHaveDuplicates().allMatch(one -> one.matches("[A-Z]+ /[!-~]*"));
        assertThat(dialect().forwardedHeaders()).allMatch(name -> name.matches("[a-z0-9-]+"));
    }

    @TestFactory
    Stream<DynamicTest> d02_everyErrorHasAStatusAndTellsItsMessage() {
        return Stream.of(ErrorKind.values())
                .map(kind -> dynamicTest(kind.name(), () -> {
                    HttpBody body = dialect().error(new GatewayException(kind, "Say less."), ID);
                    assertThat(body.status()).isBetween(400, 599);
                    assertThat(body.status() >= 500).isEqualTo(kind.httpStatus() >= 500);
                    assertThat(body.contentType()).isNotBlank();
                    assertThat(text(body)).contains("Say less.");
                }));
    }

    @TestFactory
    Stream<DynamicTest> d03_aRequestIsReadAndItsContentWhenItIsAskedFor() {
        return each((endpoint, body) -> {
            ChatRequest request = endpoint.read(Exchanged.incoming(body));
            assertThat(request.model()).isEqualTo("m");
            assertThat(request.content().messages()).isNotEmpty();
            assertThat(request.content()).isSameAs(request.content());
        });
    }

    @TestFactory
    Stream<DynamicTest> d04_aBrokenRequestIsTheCallersMistakeAndNothingElse() {
        return each((endpoint, body) -> {
            checkBroken(bytes -> endpoint.read(Exchanged.incoming(bytes)).content(), body);
        });
    }

    /** Reads a request, all of it. */
    private interface Reading {
        void read(byte[] body) throws GatewayException;
    }

    private static void checkBroken(Reading reading, byte[] good) {
        List<String> wrong = List.of(
                "",
                " ",
                "hello",
                "[]",
                "null",
                "42",
                "{",
                "{}",
                "\"x\"",
                "<html>",
                "[".repeat(100_000),
                "{\"a\":".repeat(5_000));
        for (String one : wrong) {
            assertThat(refused(reading, one.getBytes(StandardCharsets.UTF_8)))
                    .as(one.substring(0, Math.min(20, one.length())))
                    .isTrue();
        }
        RecordedAnswer request = RecordedAnswer.of(200, "", "").withBody(good);
        for (RecordedAnswer broken : Faults.broken(request, "d04")) {
            refused(reading, broken.body());
        }
    }

    /** Whether it is refused, as the caller's doing. */
    private static boolean refused(Reading reading, byte[] body) {
        try {
            reading.read(body);
            return false;
        } catch (GatewayException e) {
            assertThat(e.message()).isNotBlank();
            assertThat(e.kind()).isIn(ErrorKind.INVALID_REQUEST, ErrorKind.TOO_LARGE, ErrorKind.UNSUPPORTED);
            return true;
        }
    }

    private static List<ChatEvent> answer() {
        return List.of(
                new ChatEvent.Started("id-1", "m", 1_700_000_000),
                new ChatEvent.TextDelta(0, SAID.substring(0, 7)),
                new ChatEvent.TextDelta(0, SAID.substring(7)),
                new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null),
                new ChatEvent.Finished(Usage.of(3, 5)));
    }

    @TestFactory
    Stream<DynamicTest> d05_aWholeAnswerSaysWhatTheEventsSay() {
        return each((endpoint, body) -> {
            ChatRequest request = endpoint.read(Exchanged.incoming(body));
            ChatFold fold = new ChatFold();
            for (ChatEvent event : answer()) {
                fold.add(event);
            }
            HttpBody whole = endpoint.whole(request, Exchanged.served(ID), fold.response());
            assertThat(whole.status()).isEqualTo(200);
            assertThat(text(whole)).contains(SAID);
        });
    }

    @TestFactory
    Stream<DynamicTest> d06_aStreamSaysWhatTheEventsSayInTheirOrder() {
        return each((endpoint, body) -> {
            ChatWriter writer = endpoint.stream(endpoint.read(Exchanged.incoming(body)), Exchanged.served(ID));
            assertThat(writer.contentType()).isNotBlank();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (ChatEvent event : answer()) {
                writer.event(event, out);
            }
            writer.heartbeat(out);
            writer.end(out);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .containsSubsequence(SAID.substring(0, 7), SAID.substring(7));
        });
    }

    @TestFactory
    Stream<DynamicTest> d07_aStreamThatFailsSaysSoAndDoesNotLookComplete() {
        return each((endpoint, body) -> {
            ChatRequest request = endpoint.read(Exchanged.incoming(body));
            ByteArrayOutputStream failed = new ByteArrayOutputStream();
            ByteArrayOutputStream ended = new ByteArrayOutputStream();
            for (ByteArrayOutputStream out : List.of(failed, ended)) {
                ChatWriter writer = endpoint.stream(request, Exchanged.served(ID));
                writer.event(answer().get(0), out);
                writer.event(answer().get(1), out);
                out.reset();
                if (out == failed) {
                    writer.fail(new GatewayException(ErrorKind.UPSTREAM_UNAVAILABLE, "It broke."), out);
                } else {
                    writer.end(out);
                }
            }
            assertThat(failed.toString(StandardCharsets.UTF_8)).contains("It broke.");
            if (ended.size() > 0) {
                assertThat(failed.toString(StandardCharsets.UTF_8))
                        .doesNotContain(ended.toString(StandardCharsets.UTF_8));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> d08_embeddingsAreReadAndTheirVectorsWritten() {
        return each(EmbeddingsEndpoint.class, (endpoint, body) -> {
            checkBroken(bytes -> endpoint.read(Exchanged.incoming(bytes)), body);
            EmbeddingsRequest request = endpoint.read(Exchanged.incoming(body));
            assertThat(request.model()).isEqualTo("m");
            assertThat(request.inputs()).hasSize(1);
            EmbeddingsResponse response = EmbeddingsResponse.of(List.of(new float[] {0.25f, -1.5e-7f, 3}));
            HttpBody whole = endpoint.whole(request, Exchanged.served(ID), response.withUsage(Usage.of(3, -1)));
            assertThat(whole.status()).isEqualTo(200);
            JsonMapper.shared().readTree(text(whole));
            assertThat(text(whole)).contains("0.25", "-1.5E-7", "3");
        });
    }

    @TestFactory
    Stream<DynamicTest> d09_aChatToBeCountedIsReadAndItsCountWritten() {
        return each(TokenCountEndpoint.class, (endpoint, body) -> {
            checkBroken(bytes -> endpoint.read(Exchanged.incoming(bytes)).content(), body);
            ChatRequest request = endpoint.read(Exchanged.incoming(body));
            assertThat(request.model()).isEqualTo("m");
            assertThat(request.content().messages()).isNotEmpty();
            HttpBody whole = endpoint.whole(request, Exchanged.served(ID), TokenCount.of(4711));
            assertThat(whole.status()).isEqualTo(200);
            JsonMapper.shared().readTree(text(whole));
            assertThat(text(whole)).contains("4711");
        });
    }

    private static String text(HttpBody body) {
        return StandardCharsets.UTF_8.decode(body.bytes().duplicate()).toString();
    }
}
