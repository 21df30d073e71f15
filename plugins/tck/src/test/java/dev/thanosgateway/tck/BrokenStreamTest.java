package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules of streams, and of what is left out and refused, find a provider of server-sent events with one fault. */
class BrokenStreamTest {
    private static final Set<String> RULES = Set.of("X03", "X05", "X15", "X16", "X17", "X18", "X19", "X20");

    private static Set<String> broken(String fault) {
        ProviderTck tck = new ProviderTck() {
            @Override
            protected Chat provider() {
                return request -> new Reading(request, fault);
            }

            @Override
            protected Path cassettes() {
                return Path.of("src/test/resources/streams");
            }
        };
        return Rules.broken(tck, RULES);
    }

    @Test
    void aSoundProviderKeepsEveryRule() {
        assertThat(broken("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "knows one line end, X05",
        "drops in silence, X15",
        "takes one answer for many, X16",
        "names no field, X16",
        "stumbles over comments, X17 X19",
        "stumbles over fields, X17",
        "stumbles over events, X17 X19",
        "stumbles over members, X17 X19",
        "forgets the last line, X18",
        "has short lines, X19",
        "stumbles over reasons, X20",
        "stumbles over roles, X20",
        "stumbles over tiers, X20",
        "stumbles over kinds, X20",
        "tells of every kind, X20",
        "waits for a reason it knows, X20",
    })
    void aFaultIsFoundByItsRulesAlone(String fault, String rules) {
        assertThat(broken(fault)).containsExactly(rules.split(" "));
    }

    /**
     * A line {@code data: {"say":"…"}} is a text, also within {@code delta} and {@code parts}, where its kind is said; one
     * with a {@code finish_reason} ends the answer. A whole answer is one line without {@code data:}.
     */
    private static final class Reading implements Exchange<ChatEvent> {
        private final ChatRequest request;
        private final String fault;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private boolean started;
        private boolean finished;

        Reading(ChatRequest request, String fault) {
            this.request = request;
            this.fault = fault;
        }

        @Override
        public HttpCall call() throws GatewayException {
            if (request.content().choices() > 1 && !fault.startsWith("takes one")) {
                GatewayException refused = new GatewayException(ErrorKind.UNSUPPORTED, "It answers once.");
                throw fault.startsWith("names no") ? refused : refused.withParameter("n");
            }
            String say = request.content().messages().get(0).text();
            String body = JsonMapper.shared().writeValueAsString(Map.of("model", request.model(), "say", say));
            boolean dropped = request.content().sampling().seed() != null && !fault.startsWith("drops");
            return HttpCall.postJson("/v1/say", StandardCharsets.UTF_8.encode(body), Auth.BEARER)
                    .withDropped(dropped ? List.of("seed") : List.of());
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
            String said = line.toString(StandardCharsets.UTF_8);
            line.reset();
            refuse("comments", said.startsWith(":"));
            refuse("fields", said.startsWith("x"));
            if (fault.startsWith("has short") && said.length() > 65_536) {
                throw garbled();
            }
            if (said.startsWith("data: ")) {
                data(read(said.substring("data: ".length())), out);
            } else if (said.startsWith("{")) {
                data(read(said), out);
            }
        }

        private void refuse(String what, boolean there) throws GatewayException {
            if (there && fault.equals("stumbles over " + what)) {
                throw garbled();
            }
        }

        private static GatewayException garbled() {
            return new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no answer.");
        }

        private static JsonNode read(String json) throws GatewayException {
            try {
                return JsonMapper.shared().readTree(json);
            } catch (JacksonException e) {
                throw garbled();
            }
        }

        private void data(JsonNode json, Sink<ChatEvent> out) throws GatewayException {
            boolean known = Stream.of("say", "delta", "parts", "finish_reason").anyMatch(json::has);
            refuse("events", !known);
            refuse("members", known && json.has("x_new"));
            refuse("roles", !json.path("role").asString("assistant").equals("assistant"));
            refuse("tiers", !json.path("service_tier").asString("standard").equals("standard"));
            if (known && !started) {
                started = true;
                out.event(new ChatEvent.Started(null, "m", 0));
            }
            say(json, out);
            part(json.path("delta"), out);
            for (JsonNode part : json.path("parts")) {
                part(part, out);
            }
            if (json.has("finish_reason")) {
                finish(json.path("finish_reason").asString(), out);
            }
        }

        private static void say(JsonNode json, Sink<ChatEvent> out) throws GatewayException {
            if (json.has("say")) {
                out.event(new ChatEvent.TextDelta(0, json.path("say").asString()));
            }
        }

        private void part(JsonNode part, Sink<ChatEvent> out) throws GatewayException {
            String type = part.path("type").asString("text");
            refuse("kinds", !type.equals("text"));
            say(part, out);
            if (!type.equals("text") && fault.startsWith("tells of every")) {
                out.event(new ChatEvent.TextDelta(0, part.toString()));
            }
        }

        private void finish(String reason, Sink<ChatEvent> out) throws GatewayException {
            boolean stop = reason.equals("stop");
            refuse("reasons", !stop);
            if (stop || !fault.startsWith("waits")) {
                finished = true;
                out.event(new ChatEvent.ChoiceFinished(0, stop ? FinishReason.STOP : FinishReason.OTHER, null));
            }
        }

        @Override
        public void end(Sink<ChatEvent> out) throws GatewayException {
            if (!fault.startsWith("forgets")) {
                line(out);
            }
            if (!finished) {
                throw garbled();
            }
            out.event(new ChatEvent.Finished(null));
        }

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer body) {
            return new GatewayException(ErrorKind.ofUpstreamStatus(status), "It answered " + status + ".");
        }
    }
}
