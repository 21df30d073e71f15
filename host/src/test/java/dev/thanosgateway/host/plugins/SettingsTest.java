package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.thanosgateway.api.provider.Provider;
import dev.thanosgateway.host.config.ProviderSettings;
import dev.thanosgateway.host.config.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class SettingsTest {
    private static final String PICKY =
            "if (\"purple\".equals(own.get(\"color\"))) throw new IllegalArgumentException(\"purple is no color\");";

    @TempDir
    Path root;

    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = new Plugins(root);
        Fixture.provider("alpha", "1.0.0", "one", PICKY).into(plugins.file("alpha.jar"));
    }

    @AfterEach
    void stop() throws Exception {
        plugins.close();
    }

    private static ProviderSettings colored(String id, String color) {
        return Plugins.table(id, "alpha", Map.of("color", color, "sizes", List.of(1L, 2L), "deep", Map.of("er", true)));
    }

    @Test
    void aChangedTableBecomesANewGenerationBesideTheOldOneWhichDrains() throws Exception {
        plugins.host.start(Plugins.settings(30_000, colored("a", "red"), colored("b", "blue")));
        LiveProvider red = plugins.host.registry().provider("a");
        LiveProvider untouched = plugins.host.registry().provider("b");
        assertThat(red.acquire()).isTrue();

        plugins.host.apply(Plugins.settings(30_000, colored("a", "green"), colored("b", "blue")));

        LiveProvider green = plugins.host.registry().provider("a");
        assertThat(green.service().toString()).contains("color=green", "provider.id=a");
        assertThat(red.acquire()).isFalse();
        assertThat(Plugins.mark(red)).isEqualTo("one");
        assertThat(plugins.host.registry().provider("b")).isSameAs(untouched);
        assertThat(configurations()).hasSize(3);
        red.release();
        plugins.until("the old generation has gone", () -> configurations().size() == 2);
        assertThat(plugins.host.registry().provider("a")).isSameAs(green);
    }

    @Test
    void aTableWithoutAnEndpointIsNotServedWhereItsTypeHasNoneAndItsJarIsNotRefused() throws Exception {
        Fixture.bundle("test.provider.cloud", "1.0.0")
                .capability("cloud")
                .component("test.cloud.P", "test.cloud", "dev.thanosgateway.api.provider.Provider")
                .source("test.cloud.P", """
                        package test.cloud;
                        import dev.thanosgateway.api.chat.*;
                        import dev.thanosgateway.api.provider.*;
                        public class P implements Chat {
                            public void activate() {}
                            public void deactivate() {}
                            public Exchange<ChatEvent> chat(ChatRequest request) { return null; }
                        }
                        """)
                .into(plugins.file("cloud.jar"));
        plugins.host.start(Plugins.settings(30_000, Plugins.table("c", "cloud", Map.of())));

        assertThat(plugins.status("c").state()).isEqualTo("failed");
        assertThat(plugins.status("c").reason()).contains("'cloud' has no endpoint", "set endpoint in its table");
        assertThat(plugins.host.registry().provider("c")).isNull();
        assertThat(plugins.host.deployed()).extracting(Deployed::state).doesNotContain("refused");

        ProviderSettings whole = new ProviderSettings(
                "c",
                "cloud",
                true,
                null,
                List.of(),
                URI.create("http://127.0.0.1:1"),
                null,
                Map.of(),
                Timeouts.DEFAULT,
                Map.of(),
                null);
        plugins.host.apply(Plugins.settings(30_000, whole));
        assertThat(plugins.status("c").state()).isEqualTo("active");
    }

    @Test
    void aFailingChangeChangesNothingAndTheNextGoodOneIsTaken() throws Exception {
        plugins.host.start(Plugins.settings(30_000, colored("a", "red")));
        LiveProvider red = plugins.host.registry().provider("a");

        plugins.host.apply(Plugins.settings(30_000, colored("a", "purple")));
        assertThat(plugins.host.registry().provider("a")).isSameAs(red);
        assertThat(plugins.status("a").state()).isEqualTo("active");
        assertThat(plugins.status("a").reason()).contains("purple is no color");
        assertThat(configurations()).hasSize(1);

        plugins.host.apply(Plugins.settings(30_000, colored("a", "green")));
        assertThat(plugins.host.registry().provider("a").service().toString()).contains("color=green");
        assertThat(plugins.status("a").reason()).isNull();
    }

    @Test
    void aTableThatFailsDoesNotKeepTheOthersOfItsPluginFromServing() throws Exception {
        plugins.host.start(Plugins.settings(30_000, colored("bad", "purple"), colored("good", "red")));
        assertThat(plugins.mark("good")).isEqualTo("one");
        assertThat(plugins.status("bad").state()).isEqualTo("failed");
        assertThat(plugins.status("bad").reason()).contains("purple is no color");
    }

    @Test
    void aTableRemovedOrDisabledGoesAndOneWithoutAPluginWaits() throws Exception {
        ProviderSettings off = new ProviderSettings(
                "off",
                "alpha",
                false,
                "ALPHA_KEY is not set",
                List.of(),
                null,
                null,
                Map.of(),
                Timeouts.DEFAULT,
                Map.of(),
                null);
        plugins.host.start(Plugins.settings(30_000, colored("a", "red"), off, Plugins.table("x", "none", Map.of())));
        assertThat(plugins.host.registry().statuses())
                .extracting(ProviderStatus::id, ProviderStatus::state, ProviderStatus::reason)
                .containsExactly(
                        tuple("a", "active", null),
                        tuple("off", "disabled", "ALPHA_KEY is not set"),
                        tuple("x", "waiting", "waiting for a plugin of type 'none'"));
        plugins.host.apply(Plugins.settings(30_000, off));
        assertThat(plugins.host.registry().providers()).isEmpty();
        plugins.until("no configuration is left", () -> configurations().isEmpty());
        assertThat(plugins.host.providerTypes())
                .containsExactly(new ProviderType(
                        "alpha", "test.alpha", null, List.of("ALPHA_KEY", "OTHER_KEY"), true, false, false));
    }

    @Test
    void noSecretIsInAServicePropertyAConfigurationOrOnTheDisk() throws Exception {
        plugins.host.start(Plugins.settings(30_000, colored("a", "red")));
        LiveProvider live = plugins.host.registry().provider("a");
        assertThat(live.settings().keys().get(0).reveal()).isEqualTo("sk-secret-key");
        assertThat(live.service().toString()).doesNotContain("secret").contains("sizes=[1, 2]", "deep.er=true");
        for (ServiceReference<?> reference : plugins.osgi.host().getAllServiceReferences(null, null)) {
            assertThat(reference.getProperties().toString()).doesNotContain("secret");
        }
        assertThat(configurations())
                .hasSize(1)
                .allSatisfy(c -> assertThat(Collections.list(c.getProperties().keys()))
                        .contains(Provider.ID, Provider.TYPE, Provider.GENERATION, "color"));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(text)
                        .as(file.toString())
                        .doesNotContain("sk-secret-key")
                        .doesNotContain("secret-header");
                assertThat(file.toString()).doesNotContain(".config");
            }
        }
    }

    private List<Configuration> configurations() {
        var context = plugins.osgi.host();
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        try {
            Configuration[] all = admin.listConfigurations(null);
            return all == null ? List.of() : Arrays.asList(all);
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
