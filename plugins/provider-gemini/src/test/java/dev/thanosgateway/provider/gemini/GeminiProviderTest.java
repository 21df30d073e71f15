package dev.thanosgateway.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeminiProviderTest {
    private final GeminiProvider provider = new GeminiProvider();

    @Test
    void callsCarryTheKeyInAHeaderAndTheModelInThePath() throws GatewayException {
        HttpCall call = provider.chat(ChatRequest.builder("models/gemini-2.5-flash").stream(true)
                        .content(ChatContent.builder()
                                .messages(List.of(Message.text(Role.USER, "x")))
                                .build())
                        .build())
                .call();

        assertThat(call.auth().place()).isEqualTo(Auth.Place.HEADER);
        assertThat(call.auth().name()).isEqualTo("x-goog-api-key");
        assertThat(call.path()).isEqualTo("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    }

    @Test
    void modelsAreReadPageByPageAndOnlyThoseThatChatOrMakeEmbeddings() throws GatewayException {
        Listing first = new Listing();
        Exchange<ModelList> exchange = provider.models();
        assertThat(exchange.call().path()).isEqualTo("/v1beta/models?pageSize=1000");
        first.answer(exchange, """
                {"models":[{"name":"models/gemini-2.5-pro","displayName":"Gemini 2.5 Pro","inputTokenLimit":1048576,
                "outputTokenLimit":65536,"supportedGenerationMethods":["generateContent"],"thinking":true},
                {"name":"models/embed","supportedGenerationMethods":["embedContent"]},
                {"name":"models/veo","supportedGenerationMethods":["predictLongRunning"]}],"nextPageToken":"a+b"}""");

        assertThat(first.lists).isEmpty();
        Exchange<ModelList> next = first.next.get(0);
        assertThat(next.call().path()).isEqualTo("/v1beta/models?pageSize=1000&pageToken=a%2Bb");
        Listing second = new Listing();
        second.answer(next, "{\"models\":[{\"name\":\"models/tuned\"}]}");
        List<Model> models = second.lists.get(0).models();
        assertThat(models).extracting(Model::id).containsExactly("gemini-2.5-pro", "embed", "tuned");
        assertThat(models.get(0).contextLength()).isEqualTo(1_048_576);
        assertThat(models.get(0).maxOutput()).isEqualTo(65_536);
        assertThat(models.get(0).capabilities()).containsExactlyInAnyOrder("streaming", "reasoning");
        assertThat(models.get(1).capabilities()).containsExactly("embeddings");
    }

    private static final class Listing implements Sink<ModelList> {
        final List<ModelList> lists = new ArrayList<>();
        final List<Exchange<ModelList>> next = new ArrayList<>();

        void answer(Exchange<ModelList> exchange, String body) throws GatewayException {
            exchange.head(200, new NoHeaders(), this);
            exchange.body(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), this);
            exchange.end(this);
        }

        @Override
        public void event(ModelList event) {
            lists.add(event);
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) {
            throw new IllegalStateException("a list is no frame");
        }

        @Override
        public void then(Exchange<ModelList> further) {
            next.add(further);
        }
    }

    private static final class NoHeaders implements Headers {
        @Override
        public String first(String name) {
            return null;
        }

        @Override
        public List<String> all(String name) {
            return List.of();
        }
    }
}
