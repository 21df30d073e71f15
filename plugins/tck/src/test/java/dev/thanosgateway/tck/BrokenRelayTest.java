package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the relay find what they are there to find: a relay of lines, sound or with one fault. */
class BrokenRelayTest {
    private static Set<String> broken(String fault) {
        return Rules.broken(new RelayTck() {
            @Override
            protected Chat provider() {
                return request -> new Passing(request, fault);
            }

            @Override
            protected Dialect dialect() {
                return new Lines();
            }
        });
    }

    @Test
    void aSoundRelayKeepsEveryRule() {
        assertThat(broken("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "writes it anew, R01",
        "takes an early end for the end, R04 R06 R07",
        "forgets retry-after, R05",
        "knows one line end, R08",
    })
    void aFaultIsFoundByItsRulesAlone(String fault, String rules) {
        assertThat(broken(fault)).containsExactly(rules.split(" "));
    }

    /** A language whose requests are kept as they come. */
    private static final class Lines implements Dialect, ChatEndpoint {
        @Override
        public String name() {
            return "lines";
        }

        @Override
        public List<Route> routes() {
            return List.of(Route.of("POST", "/say", this));
        }

        @Override
        public ChatRequest read(Incoming request) {
            ByteBuffer bytes = request.body();
            return ChatRequest.builder("m").stream(true)
                    .original(new Original() {
                        @Override
                        public String dialect() {
                            return "lines";
                        }

                        @Override
                        public String operation() {
                            return "say";
                        }

                        @Override
                        public ByteBuffer bytes() {
                            return bytes.duplicate();
                        }
                    })
                    .content(ChatContent.builder().build())
                    .build();
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
            throw new AssertionError("Nothing is written here.");
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
            throw new AssertionError("Nothing is written here.");
        }

        @Override
        public ChatWriter stream(ChatRequest request, Served served) {
            throw new AssertionError("Nothing is written here.");
        }

        @Override
        public HttpBody error(GatewayException error, String requestId) {
            throw new AssertionError("Nothing is written here.");
        }
    }

    /** Each line is a frame; {@code {"end":true}} is the last. */
    private static final class Passing implements Exchange<ChatEvent> {
        private final ChatRequest request;
        private final String fault;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean finished;

        Passing(ChatRequest request, String fault) {
            this.request = request;
            this.fault = fault;
        }

        @Override
        public HttpCall call() {
            ByteBuffer original = Objects.requireNonNull(request.original()).bytes();
            ByteBuffer body = fault.startsWith("writes") ? StandardCharsets.UTF_8.encode("{}") : original;
            return HttpCall.postJson("/v1/say", body, Auth.BEARER).asRelay();
        }

        @Override
        public void head(int status, Headers headers, Sink<ChatEvent> out) {
            // The body tells.
        }

        @Override
        public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
            while (slice.hasRemaining()) {
                byte next = slice.get();
                line.write(next);
                if (next == '\n') {
                    frame(out);
                }
            }
        }

        private void frame(Sink<ChatEvent> out) throws GatewayException {
            String text = line.toString(StandardCharsets.UTF_8);
            String end = "{\"end\":true}";
            boolean last = fault.startsWith("knows one")
                    ? text.equals(end + '\n')
                    : text.stripTrailing().equals(end);
            finished |= last;
            out.frame(ByteBuffer.wrap(line.toByteArray()), last ? Meaning.FINISH : Meaning.CONTENT);
            line.reset();
        }

        @Override
        public void end(Sink<ChatEvent> out) throws GatewayException {
            if (!finished && fault.startsWith("takes")) {
                return;
            }
            if (!finished) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer ended early.");
            }
        }

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer body) {
            return new GatewayException(ErrorKind.ofUpstreamStatus(status), "It answered " + status + ".")
                    .withRetryAfter(fault.startsWith("forgets") ? null : headers.first("retry-after"));
        }
    }
}
