package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.config.ProviderSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins whose code does not return, or is slow, hold up what depends on them and nothing else. */
class HangingPluginTest {
    private static final Duration SOON = Duration.ofSeconds(2);
    /** For as long as the property is set. */
    private static final String PROPERTY = "thanos.test.hang";

    private static final String HANGS = "while (System.getProperty(\"" + PROPERTY
            + "\") != null) java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);";

    @TempDir
    Path root;

    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        System.setProperty(PROPERTY, "yes");
        plugins = new Plugins(root);
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(PROPERTY);
        plugins.close();
    }

    private static String slow(long millis) {
        return "java.util.concurrent.locks.LockSupport.parkNanos(" + millis + "_000_000L);";
    }

    @Test
    void othersThatCameWithFiveThatHangServeSoon() throws Exception {
        List<ProviderSettings> tables = new ArrayList<>(List.of(Plugins.table("zeta", "zeta", Map.of())));
        List<String> hanging = List.of("a1", "a2", "a3", "a4", "a5");
        hanging.forEach(type -> tables.add(Plugins.table(type, type, Map.of())));
        plugins.host.start(Plugins.settings(100, tables.toArray(ProviderSettings[]::new)));
        byte[] good = Fixture.provider("zeta", "1.0.0", "z", "").bytes();
        List<byte[]> jars = new ArrayList<>();
        for (String type : hanging) {
            jars.add(Fixture.provider(type, "1.0.0", "x", HANGS).bytes());
        }
        long begin = System.nanoTime();
        for (int i = 0; i < jars.size(); i++) {
            Fixture.put(jars.get(i), plugins.file(hanging.get(i) + ".jar"));
        }
        Fixture.put(good, plugins.file("zeta.jar"));

        plugins.untilMark("zeta", "z");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
        plugins.until(
                "all are named",
                () -> hanging.stream()
                        .allMatch(type -> plugins.reasonOf(type + ".jar").contains("its activation does not return")));
    }

    @Test
    void otherTablesOfTheEditThatMakesOneHangServeSoon() throws Exception {
        String onDemand = "if (own.containsKey(\"hang\")) { " + HANGS + " }";
        for (String type : List.of("a1", "a2", "zeta")) {
            Fixture.provider(type, "1.0.0", type, onDemand).into(plugins.file(type + ".jar"));
        }
        plugins.host.start(Plugins.settings(100, Plugins.table("zeta", "zeta", Map.of())));
        Map<String, Object> hang = Map.of("hang", true);
        long begin = System.nanoTime();
        plugins.host.apply(Plugins.settings(
                100,
                Plugins.table("a1", "a1", hang),
                Plugins.table("a2", "a2", hang),
                Plugins.table("new", "zeta", Map.of()),
                Plugins.table("zeta", "zeta", Map.of("changed", "yes"))));

        plugins.untilMark("new", "zeta");
        plugins.until(
                "the changed one serves",
                () -> String.valueOf(plugins.host.registry().provider("zeta").service())
                        .contains("changed=yes"));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    }

    @Test
    void ofTwoThatDeclareATypeTheFirstByNameHasItHoweverSlowItIs() throws Exception {
        Fixture.provider("alpha", "1.0.0", "first", slow(700)).into(plugins.file("z.jar"));
        Fixture.provider("alpha", "1.0.0", "second", "")
                .header("Bundle-SymbolicName", "test.provider.beta")
                .into(plugins.file("a.jar"));
        plugins.host.start(Plugins.settings(100, Plugins.alpha()));

        assertThat(plugins.mark("alpha")).isEqualTo("first");
        assertThat(plugins.reasonOf("a.jar")).contains("belongs to test.provider.alpha");
    }

    @Test
    void anImporterWaitsForASlowExporterAndIsNotRefusedMeanwhile() throws Exception {
        Fixture.bundle("test.dialect", "1.0.0")
                .header("Export-Package", "lib.words;version=\"1.0.0\"")
                .component("lib.words.S", null, "dev.thanosgateway.api.routing.RoutingStrategy", "strategy.name", "s")
                .source("lib.words.S", """
                        package lib.words;
                        import dev.thanosgateway.api.chat.*;
                        import dev.thanosgateway.api.routing.*;
                        public class S implements RoutingStrategy {
                            public void activate() { java.util.concurrent.locks.LockSupport.parkNanos(700_000_000); }
                            public void deactivate() {}
                            public Plan plan(ChatRequest request, Snapshot snapshot) {
                                return Plan.of(java.util.List.of());
                            }
                        }
                        """)
                .into(plugins.file("words.jar"));
        Fixture.alpha("1.0.0", "here")
                .importing("lib.words;version=\"[1.0,2)\"")
                .into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(100, Plugins.alpha()));

        assertThat(plugins.mark("alpha")).isEqualTo("here");
        assertThat(plugins.swaps).containsExactly("test.dialect installed", "test.provider.alpha installed");
    }

    @Test
    void aTypeIsGivenBackByItsNameAlthoughOnlyItsPidWasTaken() throws Exception {
        Fixture.alpha("1.0.0", "owner").into(plugins.file("alpha.jar"));
        plugins.host.start(Plugins.settings(100, Plugins.alpha()));
        Fixture.provider("other", "1.0.0", "thief", "")
                .header("Provide-Capability", "thanos.provider;type=other;pid=\"test.alpha\";key=true")
                .into(plugins.file("other.jar"));
        plugins.until("it waits", () -> plugins.reasonOf("other.jar").contains("PID 'test.alpha' belongs to"));
        plugins.host.give("test.alpha", "test.provider.other");
        plugins.until(
                "the owner waits", () -> plugins.reasonOf("alpha.jar").contains("belongs to test.provider.other"));

        plugins.host.give("alpha", "test.provider.alpha");

        plugins.untilMark("alpha", "owner");
        assertThat(plugins.reasonOf("other.jar")).contains("belongs to test.provider.alpha");
    }

    @Test
    void aDialectThatWasDeployedAndIsNotIsMissing() throws Exception {
        Fixture.bundle("test.dialect", "1.0.0")
                .component("lib.words.D", null, "dev.thanosgateway.api.dialect.Dialect")
                .source("lib.words.D", """
                        package lib.words;
                        import dev.thanosgateway.api.*;
                        import dev.thanosgateway.api.dialect.*;
                        public class D implements Dialect {
                            public void activate() {}
                            public void deactivate() {}
                            public String name() { return "words"; }
                            public java.util.List<Route> routes() { return java.util.List.of(); }
                            public HttpBody error(GatewayException e, String id) { return HttpBody.json(500, ""); }
                        }
                        """)
                .into(plugins.file("words.jar"));
        plugins.host.start(Plugins.settings(100));
        assertThat(plugins.host.registry().missingDialects()).isEmpty();

        Files.delete(plugins.file("words.jar"));

        plugins.until(
                "it is missing",
                () -> plugins.host.registry().missingDialects().equals(List.of("'words' (bundle test.dialect)")));
    }
}
