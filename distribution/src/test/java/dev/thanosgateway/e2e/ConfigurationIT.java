package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a configuration's tables come to. */
class ConfigurationIT {
    private static FakeUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        upstream = new FakeUpstream(new FakeOpenAi());
        gateway = Gateway.with(Gateway.ANY_PORT
                        + Configurations.provider("mine", upstream, "")
                        + Configurations.provider("other", upstream, "")
                        + """
                        [providers.openai]
                        api_key = "${NOT_SET_HERE}"
                        [providers.off]
                        type = "openai"
                        enabled = false
                        [providers.future]
                        model = "x"
                        [models.aliases]
                        fast = "mine/fake-large"
                        spare = ["off/none", "mine/missing", "other/fake-small"]
                        """)
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private static HttpResponse<String> chat(String model) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole(model, "hi"));
    }

    private static JsonNode provider(String id) throws Exception {
        JsonNode entry = gateway.provider(id);
        assertThat(entry).as(id).isNotNull();
        return entry;
    }

    @Test
    void aSecondOpenAiCompatibleProviderIsATable() throws Exception {
        assertThat(chat("mine/fake-large").statusCode()).isEqualTo(200);
        assertThat(chat("other/fake-small").statusCode()).isEqualTo(200);
        assertThat(provider("other").path("type").asString()).isEqualTo("openai");
    }

    @Test
    void withAProvidersTableOnlyWhatItNamesIsThere() throws Exception {
        assertThat(gateway.provider("echo")).isNull();
        assertThat(chat("echo/echo").statusCode()).isEqualTo(404);
    }

    @Test
    void anUnsetVariableDisablesItsProviderOnlyAndIsNamed() throws Exception {
        assertThat(provider("openai").path("state").asString()).isEqualTo("disabled");
        assertThat(provider("openai").path("reason").asString()).contains("NOT_SET_HERE");
        assertThat(chat("openai/fake-large").statusCode()).isIn(404, 503);
    }

    @Test
    void aTableNoPluginServesWaitsAndIsNoError() throws Exception {
        assertThat(provider("future").path("state").asString()).isEqualTo("waiting");
        assertThat(chat("future/x").statusCode()).isEqualTo(503);
    }

    @Test
    void anAliasStandsForATarget() throws Exception {
        HttpResponse<String> answer = chat("fast");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains("mine");
    }

    @Test
    void anAliasListIsTriedInOrderUntilOneServes() throws Exception {
        HttpResponse<String> answer = chat("spare");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains("other");
        assertThat(answer.headers()
                        .firstValue("x-thanos-attempts")
                        .map(Integer::parseInt)
                        .orElseThrow())
                .isGreaterThan(1);
    }

    @Test
    void autoAsksThePreferredProviderForItsModel() throws Exception {
        HttpResponse<String> answer = chat("auto");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-thanos-provider")).contains("mine");
        assertThat(answer.headers().firstValue("x-thanos-model").orElseThrow()).startsWith("fake-large");
    }

    @Test
    void aBareNameIsFoundAtWhoListsIt() throws Exception {
        assertThat(chat("fake-small").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestsOwnFallbacksAreTriedAndNotSentOn() throws Exception {
        upstream.script(new FakeOpenAi());
        HttpResponse<String> answer = gateway.post(
                Chats.PATH,
                "{\"model\":\"mine/missing\",\"fallbacks\":[\"other/fake-large\"],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(upstream.take().text()).doesNotContain("fallbacks");
        assertThat(upstream.take().text()).doesNotContain("fallbacks");
    }
}
