package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.time.LocalDate;
import java.util.List;
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
                [routing]
                fallback_chain = ["vendor/later", "vendor", "vendor/unknown"]
                [models.facts."vendor/last-day"]
                context_length = 7
                """);
        rig.provider("other").vendor = false;
        rig.catalogs = List.of(Catalogs.of(
                ends("soon", TODAY.plusDays(60), "next"),
                ends("past-1-0-20250101", TODAY.minusDays(1), null),
                ends("later", TODAY.plusDays(61), "next"),
                ends("last-day", TODAY.plusDays(1), null),
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
    void withoutACatalogueNothingIsReported() {
        rig.catalogs = List.of();
        assertThat(on(TODAY)).isEmpty();
    }
}
