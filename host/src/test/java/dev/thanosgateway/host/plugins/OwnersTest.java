package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

class OwnersTest {
    @TempDir
    Path root;

    private static Fixture thief(String version, String capability) {
        return Fixture.bundle("test.thief", version)
                .header("Provide-Capability", "thanos.provider;" + capability)
                .component("test.thief.P", "test.alpha", "dev.thanosgateway.api.provider.LocalChat")
                .source("test.thief.P", """
                        package test.thief;
                        import dev.thanosgateway.api.chat.*;
                        import dev.thanosgateway.api.provider.*;
                        public class P implements LocalChat, java.util.function.Supplier<String> {
                            public void activate() {}
                            public void deactivate() {}
                            public String get() { return "stolen"; }
                            public ChatStream open(ChatRequest request) { return null; }
                        }
                        """);
    }

    private static String digest(byte[] jar) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
    }

    @Test
    void aComponentOfAnotherBundleGetsNoSettingsByTheSamePid() throws Exception {
        try (Plugins plugins = new Plugins(root)) {
            Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
            thief("1.0.0", "type=thief;pid=test.thief").into(plugins.file("thief.jar"));
            plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
            plugins.untilMark("alpha", "one");
            for (ServiceReference<?> reference : plugins.osgi.host().getAllServiceReferences(null, null)) {
                assertThat(reference.getBundle().getSymbolicName() + reference.getProperty("provider.id"))
                        .isNotEqualTo("test.thiefalpha");
            }
        }
    }

    @Test
    void aServiceThatNamesAnotherBundlesTableIsNotTaken() throws Exception {
        try (Plugins plugins = new Plugins(root)) {
            Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
            thief("1.0.0", "type=thief;pid=test.thief")
                    .header("Bundle-Activator", "test.thief.A")
                    .importing("org.osgi.framework")
                    .source("test.thief.A", """
                            package test.thief;
                            import java.util.*;
                            import org.osgi.framework.*;
                            public class A implements BundleActivator {
                                public void start(BundleContext context) {
                                    context.registerService(
                                        dev.thanosgateway.api.provider.LocalChat.class, new P(),
                                        new Hashtable<>(Map.of("provider.id", "alpha", "endpoint", "http://evil.example")));
                                }
                                public void stop(BundleContext context) {}
                            }
                            """)
                    .into(plugins.file("thief.jar"));
            plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
            plugins.host.look();
            assertThat(plugins.mark("alpha")).isEqualTo("one");
            Files.delete(plugins.file("alpha.jar"));
            plugins.until("nothing serves it", () -> plugins.mark("alpha") == null);
            plugins.host.look();
            assertThat(plugins.mark("alpha")).isNull();
        }
    }

    @Test
    void whatShipsOwnsWhatItDeclaresWhateverComesFirst() throws Exception {
        byte[] shipped = Fixture.alpha("1.0.0", "shipped").bytes();
        try (Plugins plugins = new Plugins(root, TrustedDigests.of(Set.of(digest(shipped))), 2_000)) {
            thief("9.0.0", "type=alpha;pid=test.alpha;env=ALPHA_KEY").into(plugins.file("a.jar"));
            Fixture.put(shipped, plugins.file("z.jar"));
            plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
            assertThat(plugins.mark("alpha")).isEqualTo("shipped");
            assertThat(plugins.reasonOf("a.jar")).contains("the type 'alpha' belongs to test.provider.alpha");
        }
    }

    @Test
    void variablesAreAdoptedOnlyOfWhatShipsOrWasGiven() throws Exception {
        byte[] shipped = Fixture.alpha("1.0.0", "shipped").bytes();
        try (Plugins plugins = new Plugins(root, TrustedDigests.of(Set.of(digest(shipped))), 2_000)) {
            Fixture.put(shipped, plugins.file("alpha.jar"));
            thief("1.0.0", "type=thief;pid=test.thief;env=\"ALPHA_KEY,OTHER_KEY,TOKEN\"")
                    .into(plugins.file("thief.jar"));
            plugins.host.start(Plugins.settings(5_000));
            assertThat(variables(plugins))
                    .isEqualTo(Map.of("alpha", List.of("ALPHA_KEY", "OTHER_KEY"), "thief", List.of()));
            assertThat(plugins.host.providerTypes())
                    .anySatisfy(type -> assertThat(type.env()).contains("TOKEN"));
        }
    }

    private static Map<String, List<String>> variables(Plugins plugins) {
        return plugins.host.adoptableTypes().stream()
                .collect(java.util.stream.Collectors.toMap(ProviderType::type, ProviderType::env));
    }

    @Test
    void aJarWaitsForWhatItDeclaresBeforeItWasTried() throws Exception {
        Owners owners = new Owners(root.resolve("owners"));
        Candidates candidates = new Candidates();
        owners.take(declaring("test.first", "alpha"), List.of());
        Move.Choice other = new Move.Choice(declaring("test.other", "alpha"), root.resolve("other.jar"));
        Move.Choice own = new Move.Choice(declaring("test.own", "beta"), root.resolve("own.jar"));

        assertThat(candidates.refusal(other)).isNull();
        assertThat(candidates.waits(other, "alpha", owners)).isEqualTo(new Owners.Claim(Owners.Kind.TYPE, "alpha"));
        assertThat(candidates.waits(own, "beta", owners)).isNull();
    }

    private PluginJar declaring(String name, String type) {
        ProviderType declared = new ProviderType(type, "test." + type, null, List.of(), false, false, false);
        return new PluginJar(name, root, name, Version.emptyVersion, List.of(), List.of(), List.of(declared), false);
    }

    @Test
    void aSwitchToWhatCannotServeChangesNothing() throws Exception {
        try (Plugins plugins = new Plugins(root)) {
            Fixture.alpha("1.0.0", "one").into(plugins.file("alpha.jar"));
            plugins.host.start(Plugins.settings(5_000, Plugins.alpha()));
            Fixture.provider("alpha", "1.0.0", "bad", "throw new IllegalStateException(\"not today\");")
                    .header("Bundle-SymbolicName", "test.other")
                    .into(plugins.file("other.jar"));
            plugins.until("it waits", () -> plugins.reasonOf("other.jar").contains("belongs to"));
            assertThatThrownBy(() -> plugins.host.give("alpha", "test.other"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not today");
            assertThat(plugins.mark("alpha")).isEqualTo("one");
            assertThatThrownBy(() -> plugins.host.give("alpha", "test.nobody")).hasMessageContaining("No jar");
            Fixture.provider("alpha", "1.0.1", "good", "")
                    .header("Bundle-SymbolicName", "test.other")
                    .into(plugins.file("other.jar"));
            plugins.until(
                    "the new one waits",
                    () -> plugins.host.deployed().stream()
                            .anyMatch(jar ->
                                    "1.0.1".equals(jar.version()) && jar.state().equals("waiting")));
            plugins.host.give("alpha", "other.jar");
            assertThat(plugins.mark("alpha")).isEqualTo("good");
            assertThat(plugins.reasonOf("alpha.jar")).contains("belongs to test.other");
        }
    }
}
