package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.catalog.TraitTable;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of a provider that counts tokens over HTTP: those of one result, O01 to O09, and C01 to C02. Its cassettes
 * have a {@code count.json}, a chat as in {@code request.json}; the first number of an answer is the count.
 */
public abstract class TokenCountTck extends OneAnswerTck<TokenCount> {
    private static final Pattern COUNT = Pattern.compile(":\\s*(\\d+)");

    protected TokenCountTck() {
        super("count.json");
    }

    /** A provider as a configuration with nothing but a key would make it. */
    protected abstract TokenCounting provider();

    /** The profile of its endpoint, see {@link ProviderTck#profile}. */
    protected String profile() {
        return TraitTable.EVERYWHERE;
    }

    private Exchange<TokenCount> counting(ChatRequest request) throws GatewayException {
        return provider().countTokens(Traits.on(profile(), request));
    }

    @Override
    final Exchange<TokenCount> exchange(Cassette cassette, @Nullable String model) throws GatewayException {
        ChatRequest request = Requests.read(cassette.json("count.json"));
        return counting(model == null ? request : request.withModel(model));
    }

    @Override
    final List<String> shown(TokenCount result) {
        assertThat(result.estimated()).as("an upstream's count is no guess").isFalse();
        return List.of("input " + result.inputTokens() + " cached " + result.cachedTokens());
    }

    @TestFactory
    Stream<DynamicTest> c01_whatCountsIsInTheCallOrTheRequestIsRefused() {
        String model = Requests.read(first().json("count.json")).model();
        return Needs.ALL.entrySet().stream()
                // It is no part of what the model reads.
                .filter(need -> !need.getKey().equals("a stop sequence"))
                .map(need -> dynamicTest(need.getKey(), () -> {
                    String sent;
                    try {
                        sent = body(counting(Needs.request(model, false, need.getValue()))
                                .call());
                    } catch (GatewayException e) {
                        assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED);
                        return;
                    }
                    assertThat(sent).contains(Needs.MARK);
                }));
    }

    @TestFactory
    Stream<DynamicTest> c02_aCountIsAWholeNumberOrTheAnswerIsAProtocolError() {
        Cassette cassette = first();
        String body = new String(cassette.answer().body(), StandardCharsets.UTF_8);
        Matcher count = COUNT.matcher(body);
        assertThat(count.find()).isTrue();
        return Stream.of("-1", "1.5", "null", "true", "\"x\"", "1e999", "{}", "[]", "NaN", "")
                .map(wrong -> dynamicTest("<" + wrong + ">", () -> {
                    String changed = body.substring(0, count.start(1)) + wrong + body.substring(count.end(1));
                    RecordedAnswer answer = cassette.answer().withBody(changed.getBytes(StandardCharsets.UTF_8));
                    assertThat(failure(asking(cassette), answer, Replay.WHOLE).kind())
                            .isEqualTo(ErrorKind.UPSTREAM_PROTOCOL);
                }));
    }
}
