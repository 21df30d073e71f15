package dev.thanosgateway.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.TokenCount;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenCountTest {
    private static final String SAID = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static ChatRequest read(String body) throws GatewayException {
        return new CountEndpoint().read(Recorder.incoming(Recorder.utf8(body)));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static Recorder<TokenCount> answer(ChatRequest request, String answer) throws GatewayException {
        Recorder<TokenCount> out = new Recorder<>();
        Exchange<TokenCount> exchange = Anthropic.countTokens(request, Recorder.KEY);
        exchange.call();
        exchange.head(200, Recorder.JSON, out);
        exchange.body(ByteBuffer.wrap(Recorder.utf8(answer)), out);
        exchange.end(out);
        return out;
    }

    @Test
    void aRequestNeedsNoLimitAndMayManageItsContext() throws GatewayException {
        ChatRequest read = read("{\"model\":\"m\"," + SAID + ",\"context_management\":{\"edits\":[]}}");
        assertThat(read.model()).isEqualTo("m");
        assertThat(read.content().messages()).hasSize(1);
        assertThatThrownBy(() -> read("{\"model\":\"m\"}"))
                .hasMessageContaining("messages")
                .extracting("kind")
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void aRelayedCountGoesThroughByteForByteButForTheModel() throws GatewayException {
        ChatRequest read = read("{ \"model\":\"p/m\"," + SAID + ",\"new\":1.0 }");
        HttpCall call =
                Anthropic.countTokens(read.withModel("claude"), Recorder.KEY).call();
        assertThat(call.path()).isEqualTo("/v1/messages/count_tokens");
        assertThat(call.headers()).contains(Map.entry("anthropic-version", "2023-06-01"));
        assertThat(call.relay()).isTrue();
        assertThat(text(call.body())).isEqualTo("{ \"model\":\"claude\"," + SAID + ",\"new\":1.0 }");
        String answer = "{ \"input_tokens\": 9, \"context_management\":{\"original_input_tokens\":12}}";
        Recorder<TokenCount> got = answer(read, answer);
        assertThat(got.text()).isEqualTo(answer);
        assertThat(got.events).isEmpty();
    }

    @Test
    void aChatIsNotRelayedAsACountNorACountAsAChat() throws GatewayException {
        ChatRequest chat = Recorder.read("{\"model\":\"m\",\"max_tokens\":9," + SAID + "}");
        assertThat(text(Anthropic.countTokens(chat, Recorder.KEY).call().body()))
                .isEqualTo("{\"model\":\"m\"," + SAID + "}");
        assertThat(Anthropic.countTokens(chat, Recorder.KEY).call().relay()).isFalse();
        assertThat(answer(chat, "{\"input_tokens\":9}").events.get(0).inputTokens())
                .isEqualTo(9);
        ChatRequest count = read("{\"model\":\"m\"," + SAID + "}");
        assertThat(text(Anthropic.chat(count, Recorder.KEY).call().body())).contains("max_tokens");
    }

    @Test
    void aCountIsAnsweredInOneNumber() throws GatewayException {
        ChatRequest read = read("{\"model\":\"m\"," + SAID + "}");
        assertThat(text(new CountEndpoint()
                        .whole(read, Recorder.served(), TokenCount.estimate(14))
                        .bytes()))
                .isEqualTo("{\"input_tokens\":14}");
    }
}
