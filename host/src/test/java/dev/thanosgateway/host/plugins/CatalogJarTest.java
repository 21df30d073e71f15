package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.catalog.CatalogModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Catalogues of models are plugins like any other. */
class CatalogJarTest {
    @TempDir
    Path root;

    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = new Plugins(root);
        plugins.host.start(Plugins.settings(5_000));
    }

    @AfterEach
    void stop() throws Exception {
        plugins.close();
    }

    /** @param models an expression that gives the list */
    private static Fixture catalog(String name, String version, String models, String... property) {
        String type = "test." + name + ".C";
        return Fixture.bundle("test.catalog." + name, version)
                .importing("dev.thanosgateway.api.catalog;version=\"[1.0,2)\"")
                .component(type, null, "dev.thanosgateway.api.catalog.ModelCatalog", property)
                .source(type, """
                        package test.%s;
                        import dev.thanosgateway.api.catalog.*;
                        import dev.thanosgateway.api.provider.Model;
                        import java.util.*;
                        public class C implements ModelCatalog {
                            public void activate() {}
                            public void deactivate() {}
                            public java.time.LocalDate date() { return java.time.LocalDate.of(2026, 1, 31); }
                            public List<CatalogModel> models() { return %s; }
                        }
                        """.formatted(name, models));
    }

    private static String one(String id) {
        return "List.of(CatalogModel.of(\"alpha\", Model.builder(\"" + id + "\").build()))";
    }

    /** The first model of each catalogue, in the order they are believed. */
    private List<String> believed() {
        return plugins.host.registry().catalogs().stream()
                .map(catalog -> catalog.models().get(0))
                .map(CatalogModel::toString)
                .toList();
    }

    @Test
    void aCatalogueIsDroppedReplacedAndDeletedLive() throws Exception {
        catalog("a", "1.0.0", one("old")).into(plugins.file("a.jar"));
        plugins.until("it counts", () -> believed().equals(List.of("alpha/old")));
        assertThat(plugins.host.registry().catalogs().get(0).date()).isEqualTo(LocalDate.of(2026, 1, 31));

        catalog("a", "1.1.0", one("new")).into(plugins.file("a.jar"));
        plugins.until("the newer counts", () -> believed().equals(List.of("alpha/new")));

        Files.delete(plugins.file("a.jar"));
        plugins.until("none counts", () -> believed().isEmpty());
        plugins.until("nothing is deployed", () -> plugins.host.deployed().isEmpty());
    }

    @Test
    void theHigherRankingIsBelievedElseTheLaterFileName() throws Exception {
        catalog("a", "1.0.0", one("of-a")).into(plugins.file("2.jar"));
        catalog("b", "1.0.0", one("of-b")).into(plugins.file("3.jar"));
        catalog("c", "1.0.0", one("of-c"), "service.ranking:Integer", "7").into(plugins.file("1.jar"));
        plugins.until("all count", () -> believed().size() == 3);

        assertThat(believed()).containsExactly("alpha/of-c", "alpha/of-b", "alpha/of-a");
    }

    @Test
    void oneThatCannotBeReadIsRefusedAndTheOldOneStays() throws Exception {
        catalog("a", "1.0.0", one("old")).into(plugins.file("a.jar"));
        plugins.until("it counts", () -> believed().equals(List.of("alpha/old")));

        catalog("a", "1.1.0", "Arrays.asList((CatalogModel) null)").into(plugins.file("a.jar"));
        assertThat(plugins.untilRefused("a.jar")).startsWith("its catalogue of models cannot be read: ");
        catalog("b", "1.0.0", "Collections.nCopies(10001, " + one("m") + ".get(0))")
                .into(plugins.file("b.jar"));
        assertThat(plugins.untilRefused("b.jar")).isEqualTo("its catalogue has 10001 entries, more than 10000");

        assertThat(believed()).containsExactly("alpha/old");
    }
}
