package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names that stand for others, and who is asked for a name that pins nobody. */
final class ShortNamesTest {
    private static final String NOTHING = "";

    private final Upstream vendor = new Upstream();
    private final Upstream other = new Upstream();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("other", other) + Rig.table("vendor", vendor) + """
                model = "configured.one"
                [models.aliases]
                mine = "vendor/big.one"
                bare = "small"
                several = ["org/model", "small"]
                dead = "nobody-has-it"
                [models.facts."vendor/big 1"]
                context_length = 7
                """);
        rig.provider("other").vendor = false;
        rig.catalogs = List.of(Catalogs.of(
                Catalogs.model("big-1-20250101", 1000, 1),
                Catalogs.model("big-1-20260101", 2000, 2)
                        .withAliases(List.of("big-1-latest"))
                        .withNames(List.of("one-big", "big.one")),
                Catalogs.model("small", 10, 1)));
    }

    @AfterEach
    void stop() throws Exception {
        rig.awaitIdle();
        rig.close();
        vendor.close();
        other.close();
    }

    /** What an upstream is asked for. */
    private static String asked(Upstream upstream) throws Exception {
        Upstream.Asked asked = upstream.next();
        asked.answers(200, "", "served\n.\n");
        return asked.body;
    }

    private void lists(Upstream upstream, String ids) throws Exception {
        Upstream.Asked asked = upstream.next();
        assertThat(asked.head).startsWith("GET /v1/models");
        asked.answers(200, "", ids);
    }

    /** Has both listings fetched. */
    private void known(String ofVendor, String ofOther) throws Exception {
        Thread reader = Thread.ofVirtual().start(() -> rig.service.models().models());
        lists(vendor, ofVendor);
        lists(other, ofOther);
        reader.join();
    }

    @ParameterizedTest
    @CsvSource({
        // The newest of a family, whatever the punctuation; what else is said to stand for it.
        "vendor/big-1, big-1-20260101",
        "vendor/Big.1, big-1-20260101",
        "vendor/one_big, big-1-20260101",
        "vendor/big-1-2026-01-01, big-1-20260101",
        "mine, big-1-20260101",
        // Whatever the vendor itself knows stays.
        "vendor/big-1-20250101, big-1-20250101",
        "vendor/big-1-latest, big-1-latest",
        "vendor/small, small",
        // So does what is configured, and what nobody knows.
        "vendor/configured.one, configured.one",
        "vendor/big-2, big-2",
        "vendor/org/big-1, org/big-1",
    })
    void aPinnedShortNameReachesTheIdItStandsFor(String written, String reaches) throws Exception {
        try (Client client = rig.client()) {
            client.post("model=" + written);
            assertThat(asked(vendor)).isEqualTo(reaches);
            assertThat(client.head().field("x-thanos-model")).isEqualTo(reaches);
        }
    }

    @Test
    void anEndpointThatOnlySpeaksTheLanguageIsAskedForWhatIsWritten() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=other/big-1");
            assertThat(asked(other)).isEqualTo("big-1");
        }
    }

    @Test
    void whatTheVendorListsIsAnIdAndMayBeNewerThanTheCatalogue() throws Exception {
        known("one-big\nbig-2-20270101\nbig-2-20260601", "x");
        try (Client client = rig.client()) {
            client.post("model=vendor/one-big");
            assertThat(asked(vendor)).isEqualTo("one-big");
            client.body(client.head());
            client.post("model=vendor/big_2");
            assertThat(asked(vendor)).isEqualTo("big-2-20270101");
            client.body(client.head());
        }
    }

    @Test
    void aBareNameReachesItsVendorWhileNoListingIsAtHand() throws Exception {
        try (Client client = rig.client()) {
            client.post("model=big-1");
            Upstream.Asked first = vendor.next();
            Upstream.Asked second = vendor.next();
            boolean chatFirst = first.head.startsWith("POST");
            Upstream.Asked chat = chatFirst ? first : second;
            assertThat(chat.body).isEqualTo("big-1-20260101");
            chat.answers(200, "", "served\n.\n");
            assertThat(client.head().field("x-thanos-provider")).isEqualTo("vendor");
            // The listings are asked for all the same, and nobody waited for them.
            (chatFirst ? second : first).answers(200, "", "small");
            lists(other, "x");
        }
    }

    @Test
    void aBareNameGoesToTheVendorThatListsItBeforeAnybodyElse() throws Exception {
        known("small\nbig-1-20260101", "small\nbig-1");
        rig.strategy = (request, snapshot) -> Plan.inOrder(snapshot.candidates());
        try (Client client = rig.client()) {
            client.post("model=small");
            assertThat(asked(vendor)).isEqualTo("small");
            client.body(client.head());
            client.post("model=big-1");
            assertThat(asked(vendor)).isEqualTo("big-1-20260101");
            client.body(client.head());
        }
    }

    @Test
    void whatTheVendorDoesNotListIsLeftToWhoDoes() throws Exception {
        known("nothing-of-it", "small");
        try (Client client = rig.client()) {
            client.post("model=small");
            assertThat(asked(other)).isEqualTo("small");
            client.body(client.head());
        }
    }

    @Test
    void whereSeveralVendorsServeANameTheStrategyChoosesAmongThem() throws Exception {
        rig.provider("other").vendor = true;
        known("big-1-20260101", "big-1-20260101");
        rig.strategy = (request, snapshot) -> {
            assertThat(request.model()).isEqualTo("big-1");
            assertThat(snapshot.candidates())
                    .allMatch(one -> "big-1-20260101".equals(one.model()))
                    .allMatch(one -> one.prices().get("input") == 2);
            return Plan.inOrder(snapshot.candidates().reversed());
        };
        try (Client client = rig.client()) {
            client.post("model=big-1");
            assertThat(asked(vendor)).isEqualTo("big-1-20260101");
            client.body(client.head());
        }
    }

    @Test
    void whatNobodyServesIsRefusedWithWhatThereIs() throws Exception {
        known("small", "x");
        try (Client client = rig.client()) {
            client.post("model=huge");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(404);
            assertThat(client.body(head)).contains("No provider serves the model 'huge'", "vendor/small", "other/x");
        }
    }

    @Test
    void aProvidersNameAloneIsAskedForAModel() throws Exception {
        known("small", "x");
        try (Client client = rig.client()) {
            client.post("model=vendor");
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(404);
            assertThat(client.body(head)).contains("'vendor' is a provider", "vendor/<model>", "vendor/small");
        }
    }

    @Test
    void aShortNameStandsInTheChainForWhatItReaches() throws Exception {
        rig.change(Rig.table("other", other) + Rig.table("vendor", vendor)
                + "[routing]\nfallback_chain = [\"vendor/big.1\", \"other/x\"]\n");
        try (Client client = rig.client()) {
            client.post("model=vendor/one-big");
            vendor.next().answers(500, "", NOTHING);
            assertThat(asked(other)).isEqualTo("x");
            assertThat(client.head().field("x-thanos-attempts")).isEqualTo("2");
        }
    }

    @Test
    void aCatalogueThatComesOrGoesCountsAtOnce() throws Exception {
        try (Client client = rig.client()) {
            rig.catalogs = List.of();
            client.post("model=vendor/big-1");
            assertThat(asked(vendor)).isEqualTo("big-1");
            client.body(client.head());

            CatalogModel newer =
                    CatalogModel.of("toy", Model.builder("big-1-20270101").build());
            rig.catalogs = List.of(Catalogs.of(newer), Catalogs.of(Catalogs.model("big-1-20260101", 1, 1)));
            client.post("model=vendor/big-1");
            assertThat(asked(vendor)).isEqualTo("big-1-20270101");
            client.body(client.head());
        }
    }

    @Test
    void aShortNameIsFoundAmongTheModels() throws Exception {
        known("big-1-20260101", "x");
        try (Client client = rig.client()) {
            client.get("/toy/models/vendor/big.1", "");
            assertThat(client.body(client.head())).isEqualTo("vendor/big-1-20260101");
            client.get("/toy/models/big.1", "");
            assertThat(client.body(client.head())).isEqualTo("vendor/big-1-20260101");
            client.get("/toy/models/other/big.1", "");
            assertThat(client.head().status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({"bare", "several"})
    void anAliasMayStandForABareName(String alias) throws Exception {
        known("nothing-of-it", "small");
        try (Client client = rig.client()) {
            client.post("model=" + alias);
            assertThat(asked(other)).isEqualTo("small");
            assertThat(client.head().field("x-thanos-provider")).isEqualTo("other");
        }
        assertThat(rig.service.models().find(alias)).isNotNull();
    }

    @Test
    void anAliasOfABareNameThatNobodyServesSaysSo() throws Exception {
        known("x", "y");
        try (Client client = rig.client()) {
            client.post("model=dead");
            assertThat(client.body(client.head()))
                    .startsWith("MODEL_NOT_FOUND No provider serves the model 'nobody-has-it'.");
        }
    }

    @ParameterizedTest
    @CsvSource({"local:latest", "local"})
    void aBareNameMayBeAnAliasOfWhatAProviderLists(String name) throws Exception {
        known("x", "local:latest alias=local");
        assertThat(rig.service.models().canonical(name)).isEqualTo("other/local:latest");
        try (Client client = rig.client()) {
            client.post("model=" + name);
            assertThat(asked(other)).isEqualTo("local:latest");
        }
    }
}
