package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dialect whose package a provider uses, and the provider: they move as one set. */
class DialectMoveTest {
    @TempDir
    Path root;

    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = new Plugins(root);
    }

    @AfterEach
    void stop() throws Exception {
        plugins.close();
    }

    private static Fixture dialect(String version, String exported, String mark) {
        return Fixture.bundle("test.dialect", version)
                .header("Export-Package", "lib.words;version=\"" + exported + "\"")
                .component("lib.words.D", null, "dev.thanosgateway.api.dialect.Dialect")
                .source("lib.words.Words", words(mark))
                .source("lib.words.D", """
                        package lib.words;
                        import dev.thanosgateway.api.*;
                        import dev.thanosgateway.api.dialect.*;
                        public class D implements Dialect, java.util.function.Supplier<String> {
                            public void activate() {}
                            public void deactivate() {}
                            public String name() { return "words"; }
                            public java.util.List<Route> routes() { return java.util.List.of(); }
                            public HttpBody error(GatewayException e, String id) { return HttpBody.json(500, ""); }
                            public String get() { return Words.mark(); }
                        }
                        """);
    }

    private static String words(String mark) {
        return "package lib.words; public class Words { public static String mark() { return \"" + mark + "\"; } }";
    }

    /** A provider of type alpha whose mark comes from the dialect's package. */
    private static Fixture importer(String version, String range) {
        return Fixture.alpha(version, "unused")
                .importing("lib.words;version=\"" + range + "\"")
                .source(
                        "test.alpha.Late",
                        "package test.alpha; class Late { static String mark() { return \"" + version
                                + " says \" + lib.words.Words.mark(); } }")
                .against("lib.words.Words", words("never seen"));
    }

    @Test
    void anImporterWaitsForItsPackageAndIsDeployedWhenItComes() throws Exception {
        importer("1.0.0", "[1.0,2)").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        assertThat(plugins.refusal("alpha.jar"))
                .contains("unresolved import: it needs package lib.words", "provided by none");
        assertThat(plugins.status("alpha").state()).isEqualTo("failed");

        dialect("1.0.0", "1.0.0", "hello").into(plugins.file("words.jar"));
        plugins.untilMark("alpha", "1.0.0 says hello");
        assertThat(plugins.host.registry().dialects()).hasSize(1);
    }

    @Test
    void aReplacedDialectTakesItsImportersWithItAndOldCallsKeepTheOldOne() throws Exception {
        dialect("1.0.0", "1.0.0", "old").into(plugins.file("words.jar"));
        importer("1.0.0", "[1.0,2)").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(30_000, Plugins.alpha()));
        LiveProvider old = plugins.host.registry().provider("alpha");
        LiveDialect oldDialect = plugins.host.registry().dialects().get(0);
        assertThat(old.acquire()).isTrue();

        dialect("1.0.0", "1.0.0", "new").into(plugins.file("words.jar"));
        plugins.untilMark("alpha", "1.0.0 says new");
        assertThat(plugins.host.registry().dialects()).hasSize(1).doesNotContain(oldDialect);
        plugins.untilRetired(old);
        assertThat(Plugins.mark(old)).isEqualTo("1.0.0 says old");
        assertThat(plugins.host.deployed())
                .filteredOn(d -> d.state().equals("draining"))
                .hasSize(2);
        old.release();
        plugins.until("both have gone", () -> plugins.host.deployed().size() == 2);
        assertThat(plugins.swaps).contains("test.dialect replaced", "test.provider.alpha replaced");

        importer("1.1.0", "[1.0,2)").into(plugins.file("alpha.jar"));
        plugins.untilMark("alpha", "1.1.0 says new");
    }

    @Test
    void aDialectItsImportersCannotUseIsRefusedUntilTheImporterFits() throws Exception {
        dialect("1.0.0", "1.0.0", "old").into(plugins.file("words.jar"));
        importer("1.0.0", "[1.0,2)").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));

        dialect("2.0.0", "2.0.0", "new").into(plugins.file("words.jar"));
        assertThat(plugins.untilRefused("words.jar")).contains("test.provider.alpha 1.0.0", "needs package lib.words");
        assertThat(plugins.mark("alpha")).isEqualTo("1.0.0 says old");

        importer("2.0.0", "[2.0,3)").into(plugins.file("alpha.jar"));
        plugins.untilMark("alpha", "2.0.0 says new");
    }

    @Test
    void aDeletedDialectTakesItsImportersAwayUntilItIsBack() throws Exception {
        dialect("1.0.0", "1.0.0", "old").into(plugins.file("words.jar"));
        importer("1.0.0", "[1.0,2)").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
        Files.delete(plugins.file("words.jar"));
        plugins.until("both went", () -> plugins.mark("alpha") == null);
        assertThat(plugins.untilRefused("alpha.jar")).contains("lib.words");
        dialect("1.0.0", "1.0.0", "back").into(plugins.file("words.jar"));
        plugins.untilMark("alpha", "1.0.0 says back");
    }

    @Test
    void aStrategysNameBelongsToTheBundleThatServedItFirst() throws Exception {
        strategy("test.s1", "s1").into(plugins.file("s1.jar"));
        plugins.host.start(Plugins.settings(5_000));
        assertThat(plugins.host.registry().strategies()).containsExactly("preferred");
        strategy("test.s2", "s2").into(plugins.file("s2.jar"));
        plugins.until(
                "the second waits",
                () -> plugins.reasonOf("s2.jar").contains("the strategy 'preferred' belongs to test.s1"));
        assertThat(bundleOf("preferred")).startsWith("test.s1");
        Files.delete(plugins.file("s1.jar"));
        plugins.until("nothing serves it", () -> bundleOf("preferred").isEmpty());
        plugins.host.look();
        assertThat(plugins.reasonOf("s2.jar")).contains("thanos plugins switch preferred test.s2");
        plugins.host.give("preferred", "test.s2");
        assertThat(bundleOf("preferred")).startsWith("test.s2");
    }

    private String bundleOf(String strategy) {
        LiveStrategy live = plugins.host.registry().strategy(strategy);
        return live == null ? "" : live.bundle();
    }

    private static Fixture strategy(String name, String pack) {
        return Fixture.bundle(name, "1.0.0")
                .component(
                        pack + ".S",
                        null,
                        "dev.thanosgateway.api.routing.RoutingStrategy",
                        "strategy.name",
                        "preferred")
                .source(pack + ".S", "package " + pack + ";" + """
                        import dev.thanosgateway.api.chat.*;
                        import dev.thanosgateway.api.routing.*;
                        public class S implements RoutingStrategy {
                            public void activate() {}
                            public void deactivate() {}
                            public Plan plan(ChatRequest request, Snapshot snapshot) {
                                return Plan.of(java.util.List.of());
                            }
                        }
                        """);
    }
}
