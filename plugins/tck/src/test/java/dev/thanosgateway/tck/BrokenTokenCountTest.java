package dev.thanosgateway.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The rules of token counts find what they are there to find: a provider of a made-up language, sound or with one fault. */
class BrokenTokenCountTest {
    private static Set<String> broken(String fault) {
        return Rules.broken(new TokenCountTck() {
            @Override
            protected TokenCounting provider() {
                return request -> new Reading(request, fault);
            }
        });
    }

    @Test
    void aSoundProviderKeepsEveryRule() {
        assertThat(broken("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "carries a credential, O01",
        "guesses, O02",
        "keeps the slice, O03",
        "takes an early end, O04",
        "forgets retry-after, O05",
        "takes silence for nothing, O06",
        "throws unchecked, O07",
        "names its own model, O08",
        "drops tools and images, C01",
        "takes anything for a number, C02",
    })
    void aFaultIsFoundByItsRule(String fault, String rule) {
        assertThat(broken(fault)).contains(rule);
    }

    private static final class Reading extends FaultyExchange<TokenCount> {
        private final ChatRequest request;

        Reading(ChatRequest request, String fault) {
            super(fault);
            this.request = request;
        }

        @Override
        public HttpCall call() throws GatewayException {
            String said = said(request.content(), has("drops"));
            return post("/v1/tokens", naming(request.model()).put("say", said));
        }

        @Override
        public void end(Sink<TokenCount> out) throws GatewayException {
            JsonNode answer = answer();
            JsonNode tokens = answer.path("tokens");
            boolean sound = tokens.isIntegralNumber() && tokens.canConvertToLong() && tokens.asLong() >= 0;
            boolean taken = answer.isMissingNode()
                    ? has("takes an early end")
                    : has(tokens.isMissingNode() ? "takes silence" : "takes anything");
            if (!sound && !taken) {
                throw wrong();
            }
            long count = sound ? tokens.asLong() : 0;
            out.event(has("guesses") ? TokenCount.estimate(count) : TokenCount.of(count));
        }
    }
}
