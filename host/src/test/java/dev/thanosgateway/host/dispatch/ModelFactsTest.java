package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.provider.LocalModels;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of a model, and whose word counts. */
final class ModelFactsTest {
    /** Lists without being asked over HTTP. */
    private record Listing(Model... listed) implements LocalModels {
        @Override
        public ModelList models() {
            return new ModelList(List.of(listed));
        }
    }

    private final Upstream upstream = new Upstream();
    private Rig rig;

    @AfterEach
    void stop() throws Exception {
        rig.close();
        upstream.close();
    }

    private Model told(String id, String more, Provider lists) throws Exception {
        rig = new Rig(Rig.table("toys", upstream) + more);
        rig.provider("toys").service = lists;
        rig.catalogs = List.of(Catalogs.of(Catalogs.model("m-20260101", 1000, 2)));
        return rig.service.models().models().stream()
                .filter(card -> card.id().equals(id))
                .findFirst()
                .orElseThrow()
                .model();
    }

    @Test
    void theCatalogueSaysWhatTheListingDoesNot() throws Exception {
        Model model = told(
                "toys/m-20260101", "", new Listing(Model.builder("m-20260101").build()));

        assertThat(model.name()).isEqualTo("Known m-20260101");
        assertThat(model.contextLength()).isEqualTo(1000);
        assertThat(model.maxOutput()).isEqualTo(100);
        assertThat(model.capabilities()).containsExactly("vision");
        assertThat(model.pricing()).isEqualTo(Map.of("input", 2.0, "output", 10.0));
    }

    @Test
    void theListingGoesBeforeTheCatalogueWhereItSaysSomething() throws Exception {
        Model model = told(
                "toys/m-20260101",
                "",
                new Listing(Model.builder("m-20260101")
                        .ownedBy("acme")
                        .created(5)
                        .contextLength(2000)
                        .capabilities(Set.of("streaming"))
                        .pricing(Map.of("input", 3.0))
                        .build()));

        assertThat(model.ownedBy()).isEqualTo("acme");
        assertThat(model.created()).isEqualTo(5);
        assertThat(model.contextLength()).isEqualTo(2000);
        assertThat(model.maxOutput()).isEqualTo(100);
        assertThat(model.capabilities()).containsExactlyInAnyOrder("streaming", "vision");
        // Prices belong together: what one source leaves out is not another's.
        assertThat(model.pricing()).isEqualTo(Map.of("input", 3.0));
    }

    @Test
    void theConfigurationGoesBeforeAll() throws Exception {
        String facts = """
                [models.facts."toys/m"]
                name = "Mine"
                max_output = 42
                capabilities = ["reasoning"]
                pricing = { input = 1 }
                """;
        Model model = told(
                "toys/m-20260101",
                facts,
                new Listing(Model.builder("m-20260101").contextLength(2000).build()));

        assertThat(model.name()).isEqualTo("Mine");
        assertThat(model.contextLength()).isEqualTo(2000);
        assertThat(model.maxOutput()).isEqualTo(42);
        assertThat(model.capabilities()).containsExactly("reasoning");
        assertThat(model.pricing()).isEqualTo(Map.of("input", 1.0, "output", 10.0));
    }

    @Test
    void anAliasIsDescribedAsWhatItStandsFor() throws Exception {
        Model model = told(
                "mine",
                "[models.aliases]\nmine = \"toys/m\"\n",
                new Listing(Model.builder("m-20260101").build()));

        assertThat(model.id()).isEqualTo("m-20260101");
        assertThat(model.contextLength()).isEqualTo(1000);
    }

    @Test
    void whatOthersServeUnderTheSameNameIsNotKnown() throws Exception {
        rig = new Rig(Rig.table("toys", upstream));
        rig.provider("toys").vendor = false;
        rig.provider("toys").service = new Listing(Model.builder("m-20260101").build());
        rig.catalogs = List.of(Catalogs.of(Catalogs.model("m-20260101", 1000, 2)));

        Model model = rig.service.models().models().get(0).model();

        assertThat(model.contextLength()).isZero();
        assertThat(model.pricing()).isEmpty();
    }

    @Test
    void ofSeveralCataloguesTheFirstDescribesAModelWhole() throws Exception {
        rig = new Rig(Rig.table("toys", upstream));
        rig.provider("toys").service = new Listing(
                Model.builder("m-20260101").build(), Model.builder("n").build());
        Model less = Model.builder("m-20260101").contextLength(9).build();
        rig.catalogs = List.of(
                Catalogs.of(CatalogModel.of("toy", less)),
                Catalogs.of(Catalogs.model("m-20260101", 1000, 2), Catalogs.model("n", 500, 2)));

        List<Model> models =
                rig.service.models().models().stream().map(card -> card.model()).toList();

        assertThat(models).extracting(Model::contextLength).containsExactly(9, 500);
        assertThat(models.get(0).pricing()).isEmpty();
    }
}
