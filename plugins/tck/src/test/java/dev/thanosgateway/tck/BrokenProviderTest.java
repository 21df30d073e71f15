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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The rules find what they are there to find: a provider of lines of text, sound or with one fault. */
class BrokenProviderTest {
    private static Set<String> broken(String fault) {
        return Rules.broken(new ProviderTck() {
            @Override
            protected Chat provider() {
                return new Lines(fault);
            }
        });
    }

    @Test
    void aSoundProviderKeepsEveryRule() {
        assertThat(broken("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "carries a credential, X01",
        "goes elsewhere, X01",
        "another body, X02",
        "drops an image, X12",
        "keeps the slice, X04",
        "takes a slice for a line, X04",
        "takes an early end for the end, X06",
        "throws unchecked, X10",
        "forgets retry-after, X08",
        "takes a page for an answer, X09",
        "shares its state, X11",
        "names its own model, X13",
        "goes by the status alone, X21",
    })
    void aFaultIsFoundByItsRule(String fault, String rule) {
        assertThat(broken(fault)).contains(rule);
    }

    /** Each line is a text; {@code .} ends the answer. */
    private record Lines(String fault) implements Chat {
        private static final StringBuilder SHARED = new StringBuilder();

        @Override
        public Exchange<ChatEvent> chat(ChatRequest request) {
            return new Reading(request, fault);
        }
    }

    private static final class Reading implements Exchange<ChatEvent> {
        private final ChatRequest request;
        private final String fault;
        private final List<ByteBuffer> slices = new ArrayList<>();
        private final StringBuilder text;
        private boolean started;
        private boolean finished;

        Reading(ChatRequest request, String fault) {
            this.request = request;
            this.fault = fault;
            this.text = fault.startsWith("shares") ? Lines.SHARED : new StringBuilder();
        }

        @Override
        public HttpCall call() throws GatewayException {
            if (request.content().choices() > 1) {
                throw new GatewayException(ErrorKind.UNSUPPORTED, "It answers once.").withParameter("n");
            }
            String model = JsonMapper.shared().writeValueAsString(fault.startsWith("names") ? "mine" : request.model());
            String said = fault.startsWith("another")
                    ? ""
                    : FaultyExchange.said(request.content(), fault.startsWith("drops"));
            HttpCall call = HttpCall.postJson(
                    fault.startsWith("goes") ? "//elsewhere/v1" : "/v1/lines",
                    StandardCharsets.UTF_8.encode("{\"model\":" + model + ",\"say\":"
                            + JsonMapper.shared().writeValueAsString(said) + "}"),
                    Auth.BEARER);
            return fault.startsWith("carries") ? call.withHeader("Authorization", "Bearer x") : call;
        }

        @Override
        public void head(int status, Headers headers, Sink<ChatEvent> out) {
            // The body tells.
        }

        @Override
        public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
            if (fault.startsWith("keeps")) {
                slices.add(slice);
                return;
            }
            text.append(StandardCharsets.ISO_8859_1.decode(slice));
            lines(out);
            if (fault.startsWith("takes a slice") && !text.isEmpty()) {
                line(text.toString(), out);
                text.setLength(0);
            }
        }

        private void lines(Sink<ChatEvent> out) throws GatewayException {
            for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                String line = text.substring(0, end);
                text.delete(0, end + 1);
                line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line, out);
            }
        }

        private void line(String line, Sink<ChatEvent> out) throws GatewayException {
            String utf8 = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            if (utf8.startsWith("{")) {
                // A later version's, perhaps.
                return;
            }
            boolean page = !utf8.startsWith("+") && !utf8.equals(".");
            if (page && fault.startsWith("throws")) {
                throw new IllegalStateException("no line of mine");
            }
            if (finished || (page && !fault.startsWith("takes a page") && !fault.startsWith("takes a slice"))) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no line of an answer.");
            }
            if (!started) {
                started = true;
                out.event(new ChatEvent.Started(null, "m", 0));
            }
            if (utf8.equals(".")) {
                finished = true;
                out.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
            } else {
                out.event(new ChatEvent.TextDelta(0, page ? utf8 : utf8.substring(1)));
            }
        }

        @Override
        public void end(Sink<ChatEvent> out) throws GatewayException {
            for (ByteBuffer slice : slices) {
                text.append(StandardCharsets.ISO_8859_1.decode(slice));
            }
            lines(out);
            if (!text.isEmpty()) {
                line(text.toString(), out);
            }
            boolean lax = fault.startsWith("takes an early") || fault.startsWith("takes a page");
            if (!finished && lax && started) {
                out.event(new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null));
                finished = true;
            }
            if (!finished) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer ended early.");
            }
            out.event(new ChatEvent.Finished(null));
        }

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer body) {
            boolean tooLong = StandardCharsets.UTF_8.decode(body).toString().equals("too long");
            boolean told = tooLong && !fault.startsWith("goes by");
            ErrorKind kind = told ? ErrorKind.CONTEXT_EXCEEDED : ErrorKind.ofUpstreamStatus(status);
            return new GatewayException(kind, "It answered " + status + ".")
                    .withRetryAfter(fault.startsWith("forgets") ? null : headers.first("retry-after"));
        }
    }
}
