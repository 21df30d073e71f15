package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.ToyResults;
import dev.thanosgateway.host.http.Upstream;
import dev.thanosgateway.host.plugins.ProviderType;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider is called with when neither the request nor its table names a model, and what to do without one. */
final class DefaultModelTest {
    private final Upstream upstream = new Upstream();
    private Rig rig;

    private void start(String more) throws Exception {
        rig = new Rig(Rig.table("a", upstream) + more);
        rig.strategy = (request, snapshot) -> Plan.inOrder(snapshot.candidates());
    }

    @AfterEach
    void stop() throws Exception {
        rig.awaitIdle();
        rig.close();
        upstream.close();
    }

    private String reached(Client client) throws Exception {
        Upstream.Asked asked = upstream.next();
        asked.answers(200, "", "served\n.\n");
        assertThat(client.head().status()).isEqualTo(200);
        return asked.body;
    }

    private String refused(String request) throws Exception {
        try (Client client = rig.client()) {
            client.post(request);
            return client.body(client.head());
        }
    }

    @ParameterizedTest
    @CsvSource({"text=x, new", "model=auto, new", "model=auto fallbacks=a, new", "model=mine, new"})
    void aVendorsProviderIsCalledWithTheCataloguesDefault(String request, String reaches) throws Exception {
        start("[models.aliases]\nmine = \"a\"\n");
        rig.catalogs = List.of(Catalogs.withDefault("new", Catalogs.model("old", 10, 1), Catalogs.model("new", 10, 1)));
        try (Client client = rig.client()) {
            client.post(request);
            assertThat(reached(client)).isEqualTo(reaches);
        }
        assertThat(rig.service.models().first()).isEqualTo("a/new");
    }

    @Test
    void theTablesModelGoesBeforeIt() throws Exception {
        start("model = \"mine\"\n");
        rig.catalogs = List.of(Catalogs.withDefault("new", Catalogs.model("new", 10, 1)));
        try (Client client = rig.client()) {
            client.post("model=auto");
            assertThat(reached(client)).isEqualTo("mine");
        }
    }

    @Test
    void anEndpointThatOnlySpeaksTheLanguageHasNone() throws Exception {
        start("");
        rig.provider("a").vendor = false;
        rig.catalogs = List.of(Catalogs.withDefault("new", Catalogs.model("new", 10, 1)));

        assertThat(refused("model=auto")).startsWith("NO_ROUTE ");
        assertThat(rig.service.models().first()).isNull();
    }

    @Test
    void anAggregatorsOwnServiceHasOne() throws Exception {
        start("");
        rig.provider("a").aggregator = true;
        rig.catalogs = List.of(Catalogs.withDefault("new", Catalogs.model("new", 10, 1)));
        try (Client client = rig.client()) {
            client.post("model=auto");
            assertThat(reached(client)).isEqualTo("new");
        }
    }

    @Test
    void whatNobodyPaysForIsCalledWithTheFirstModelThatItLists() throws Exception {
        start("");
        rig.provider("a").needsKey = false;
        rig.changed();
        Upstream.Asked early = upstream.next();
        assertThat(early.head).startsWith("GET /v1/models");
        early.answers(200, "", "vectors can=embeddings");
        assertThat(rig.service.models().models()).hasSize(1);
        try (Client client = rig.client()) {
            // Nothing that chats was installed then; the request waits for a newer list.
            client.post("model=auto");
            Upstream.Asked list = upstream.next();
            assertThat(list.head).startsWith("GET /v1/models");
            list.answers(200, "", "vectors can=embeddings\nfirst\nsecond");
            assertThat(reached(client)).isEqualTo("first");
        }
        assertThat(rig.service.models().defaultModel("a")).isEqualTo("first");
    }

    @Test
    void aDefaultIsAModelToChatWithAndMakesNoEmbeddings() throws Exception {
        start("");
        rig.provider("a").service = new ToyResults.Provider();
        rig.catalogs = List.of(Catalogs.withDefault("new", Catalogs.model("new", 10, 1)));
        try (Client client = rig.client()) {
            client.postTo("/toy/embed", "model=auto inputs=a");
            assertThat(client.body(client.head())).startsWith("NO_ROUTE ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "toy-vendor/x | The provider 'toy-vendor' is not configured: set TOY_KEY, and add"
                        + " [providers.toy-vendor] with api_key = \"${TOY_KEY}\".",
                "toy-vendor | The provider 'toy-vendor' is not configured: set TOY_KEY",
                "local/x | The provider 'local' is not configured: add [providers.local] to the configuration.",
                "nowhere/x | No provider serves the model 'nowhere/x'.",
            })
    void aProviderThatCouldBeConfiguredIsNamedWithWhatItNeeds(String model, String why) throws Exception {
        start("");
        rig.types = List.of(
                new ProviderType(
                        "toy-vendor", "pid", URI.create("http://x"), List.of("TOY_KEY", "B"), true, false, false),
                new ProviderType("local", "pid", URI.create("http://localhost:1"), List.of(), false, true, false));
        Thread answering = Thread.ofVirtual().start(() -> {
            try {
                upstream.next().answers(200, "", "");
            } catch (Exception | AssertionError e) {
                return; // nobody asked for its models
            }
        });

        assertThat(refused("model=" + model)).startsWith("MODEL_NOT_FOUND " + why);
        answering.interrupt();
        answering.join();
    }
}
