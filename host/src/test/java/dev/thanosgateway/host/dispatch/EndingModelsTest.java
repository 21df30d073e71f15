package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import dev.thanosgateway.host.plugins.ProviderType;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configured models that are shut down soon. */
final class EndingModelsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 30);

    private final Upstream upstream = new Upstream();
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("other", upstream) + "model = \"soon\"\n" + Rig.table("vendor", upstream) + """
                model = "soon"
                [models.aliases]
                fast = ["vendor/Past-1.0", "vendor/soon", "vendor/stays", "vendor"]
                bare = "later-5"
                own = {targets = ["vendor/stays"], strategy = "mine", mine = {least = ["vendor/later-6"]}}
                [routing]
                fallback_chain = ["vendor/later", "vendor", "vendor/unknown"]
                load_balance = ["vendor/later-2", "other/later-2"]
                [routing.cheapest]
                "vendor/later-3" = { input = 1, output = 2 }
                [routing.my-own]
                first = "later-4"
                [models.facts."vendor/last-day"]
                context_length = 7
                """);
        rig.provider("other").vendor = false;
        rig.catalogs = List.of(Catalogs.of(
                ends("soon", TODAY.plusDays(60), "next"),
                ends("past-1-0-20250101", TODAY.minusDays(1), null),
                ends("later", TODAY.plusDays(61), "next"),
                ends("last-day", TODAY.plusDays(1), null),
                ends("later-2", TODAY.plusDays(61), null),
                ends("later-3", TODAY.plusDays(61), null),
                ends("later-4", TODAY.plusDays(61), null),
                ends("later-5", TODAY.plusDays(61), null),
                ends("later-6", TODAY.plusDays(61), null),
                Catalogs.model("stays", 10, 1)));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        upstream.close();
    }

    private static CatalogModel ends(String id, LocalDate day, String next) {
        return Catalogs.model(id, 10, 1).withEnd(day, next);
    }

    private List<String> on(LocalDate day) {
        return EndingModels.of(rig.settings(), rig.registry, day).stream()
                .map(EndingModels.Shutdown::toString)
                .toList();
    }

    @Test
    void everyPlaceOfAModelThatEndsIsNamedWithItsDayAndSuccessor() {
        assertThat(on(TODAY))
                .containsExactly(
                        "vendor/soon (providers.vendor.model, models.aliases.fast) will be shut down by its vendor on"
                                + " 2027-01-29, in 60 days. Name next there, the vendor's current model in its place,"
                                + " or another.",
                        "vendor/Past-1.0 (models.aliases.fast) was shut down by its vendor on 2026-11-29. Name another"
                                + " model there; thanos models lists what is served.",
                        "vendor/last-day (models.facts) will be shut down by its vendor on 2026-12-01, in 1 day. Name"
                                + " another model there; thanos models lists what is served.");
    }

    @Test
    void aModelIsReportedFromSixtyDaysBeforeItsDay() {
        assertThat(on(TODAY.plusDays(1))).anyMatch(line -> line.startsWith("vendor/later (routing.fallback_chain)"));
        assertThat(on(TODAY.minusDays(100))).isEmpty();
    }

    @Test
    void aModelIsFoundWhereverAStrategyOrAnAliasNamesIt() {
        assertThat(on(TODAY.plusDays(1)))
                .map(line -> line.replaceFirst("\\).*", ")"))
                .contains(
                        "vendor/later-2 (routing.load_balance)",
                        "vendor/later-3 (routing.cheapest)",
                        "vendor/later-4 (routing.my-own)",
                        "vendor/later-5 (models.aliases.bare)",
                        "vendor/later-6 (models.aliases.own.mine)")
                .doesNotHaveDuplicates();
    }

    @Test
    void whereNoPluginIsStartedTheTypesThatJarsDeclareSayTheSame() {
        ProviderType local = new ProviderType("toy", "pid", null, List.of(), false, false, false);
        assertThat(atRest(local)).anyMatch(line -> line.startsWith("vendor/soon (providers.vendor.model, "));
        URI elsewhere = URI.create("http://vendor.example");
        ProviderType keyed = new ProviderType("toy", "pid", elsewhere, List.of(), true, false, false);
        assertThat(atRest(keyed)).isEmpty();
        assertThat(atRest()).isEmpty();
    }

    private List<String> atRest(ProviderType... types) {
        return EndingModels.of(rig.settings(), List.of(types), Set.of(), rig.registry.catalogs(), TODAY).stream()
                .map(EndingModels.Shutdown::toString)
                .toList();
    }

    @Test
    void withoutACatalogueNothingIsReported() {
        rig.catalogs = List.of();
        assertThat(on(TODAY)).isEmpty();
    }
}
