package dev.thanosgateway.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnthropicProviderTest {
    private final AnthropicProvider provider = new AnthropicProvider();

    /** Collects the list, or the call that has more of it. */
    private static final class Pages implements Sink<ModelList> {
        private final List<Model> models = new ArrayList<>();
        private @Nullable Exchange<ModelList> next;

        @Override
        public void event(ModelList list) {
            models.addAll(list.models());
        }

        @Override
        public void frame(ByteBuffer bytes, Meaning meaning) {
            throw new IllegalStateException("a list is no relayed answer");
        }

        @Override
        public void then(Exchange<ModelList> further) {
            next = further;
        }

        void page(Exchange<ModelList> exchange, String body) throws GatewayException {
            next = null;
            exchange.body(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), this);
            exchange.end(this);
        }
    }

    private static String page(String id, boolean more) {
        return "{\"data\":[{\"type\":\"model\",\"id\":\"" + id + "\",\"display_name\":\"N\",\"created_at\":"
                + "\"2025-11-24T00:00:00Z\",\"max_input_tokens\":200000,\"max_tokens\":64000,\"capabilities\":"
                + "{\"image_input\":{\"supported\":true},\"thinking\":{\"supported\":false}}}],\"has_more\":" + more
                + ",\"last_id\":\"" + id + "\"}";
    }

    @Test
    void theListIsReadToItsLastPage() throws GatewayException {
        Pages pages = new Pages();
        Exchange<ModelList> first = provider.models();
        HttpCall call = first.call();
        assertThat(call.method()).isEqualTo("GET");
        assertThat(call.path()).isEqualTo("/v1/models?limit=1000");
        assertThat(call.headers()).extracting(Object::toString).contains("anthropic-version=2023-06-01");

        pages.page(first, page("claude a", true));
        Exchange<ModelList> second = pages.next;
        assertThat(second).isNotNull();
        assertThat(second.call().path()).isEqualTo("/v1/models?limit=1000&after_id=claude+a");
        pages.page(second, page("claude-b", false));

        assertThat(pages.next).isNull();
        assertThat(pages.models).extracting(Model::id).containsExactly("claude a", "claude-b");
        Model model = pages.models.get(1);
        assertThat(model.contextLength()).isEqualTo(200_000);
        assertThat(model.maxOutput()).isEqualTo(64_000);
        assertThat(model.created()).isEqualTo(1_763_942_400L);
        assertThat(model.capabilities()).isEqualTo(Set.of("streaming", "functions", "vision"));
        assertThat(model.lacking()).isEmpty();

        pages.page(provider.models(), page("blind", false).replace("{\"supported\":true}", "{\"supported\":false}"));
        assertThat(pages.models.get(2).lacking()).containsExactly("vision");
    }

    @Test
    void callsCarryTheKeyInItsHeader() throws GatewayException {
        ChatRequest request = ChatRequest.builder("claude-opus-4-5")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, "x")))
                        .build())
                .build();

        HttpCall call = provider.chat(request).call();

        assertThat(call.auth().place()).isEqualTo(Auth.Place.HEADER);
        assertThat(call.auth().name()).isEqualTo("x-api-key");
        assertThat(call.path()).isEqualTo("/v1/messages");
    }
}
