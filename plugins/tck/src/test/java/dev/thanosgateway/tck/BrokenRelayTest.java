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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
        "stumbles over comments, R09 R11",
        "stumbles over events, R09 R11",
        "drops members, R09 R11",
        "forgets the last line, R10",
        "has short lines, R11",
        "waits for a reason it knows, R12",
        "writes reasons it knows, R12",
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

    /**
     * Each line of JSON, or with {@code data:} before it, is a frame; one with a {@code finish_reason} is the last. What
     * else a stream has is left out.
     */
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
            ByteBuffer body = fault.startsWith("writes it") ? StandardCharsets.UTF_8.encode("{}") : original;
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
                if (next == '\n' || (next == '\r' && !fault.startsWith("knows one"))) {
                    line(out);
                } else {
                    line.write(next);
                }
            }
        }

        private void line(Sink<ChatEvent> out) throws GatewayException {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            boolean data = text.startsWith("data: ");
            refuse(text.startsWith(":") && fault.endsWith("comments"));
            refuse(text.length() > 65_536 && fault.startsWith("has short"));
            if (!finished && (data || text.startsWith("{"))) {
                frame(data ? text.substring("data: ".length()) : text, data, out);
            }
        }

        private static void refuse(boolean wrong) throws GatewayException {
            if (wrong) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no answer.");
            }
        }

        private void frame(String text, boolean data, Sink<ChatEvent> out) throws GatewayException {
            refuse(fault.startsWith("knows one") && !text.endsWith("}"));
            JsonNode json;
            try {
                json = JsonMapper.shared().readTree(text);
            } catch (JacksonException e) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no JSON.", e);
            }
            boolean known = json.has("say") || json.has("finish_reason");
            refuse(!known && fault.endsWith("events"));
            String reason = json.path("finish_reason").asString("");
            finished = !reason.isEmpty() && (reason.equals("stop") || !fault.startsWith("waits"));
            String said = changed(text, json);
            out.frame(
                    StandardCharsets.UTF_8.encode(data ? "data: " + said + "\n\n" : said + '\n'),
                    finished ? Meaning.FINISH : known ? Meaning.CONTENT : Meaning.PRELUDE);
        }

        private String changed(String text, JsonNode json) {
            if (fault.startsWith("drops members") && (json.has("say") || json.has("finish_reason"))) {
                ((ObjectNode) json).remove("x_new");
                return json.toString();
            }
            return fault.startsWith("writes reasons")
                    ? text.replaceAll("(\"finish_reason\": ?)\"[a-z_]*\"", "$1\"stop\"")
                    : text;
        }

        @Override
        public void end(Sink<ChatEvent> out) throws GatewayException {
            if (!fault.startsWith("forgets the last")) {
                line(out);
            }
            if (!finished && !fault.startsWith("takes")) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer ended early.");
            }
        }

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer body) {
            return new GatewayException(ErrorKind.ofUpstreamStatus(status), "It answered " + status + ".")
                    .withRetryAfter(fault.startsWith("forgets retry") ? null : headers.first("retry-after"));
        }
    }
}
