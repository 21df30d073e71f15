package dev.thanosgateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.ProviderType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is found where nobody is configured. */
class DiscoveryTest {
    private static Settings parsed(String toml) throws Exception {
        return new ConfigReader(Map.of(), Installed.UNKNOWN).parse(toml, null);
    }

    private static ProviderType local(int port, boolean probe) {
        return new ProviderType("local", "pid", URI.create("http://127.0.0.1:" + port), List.of(), false, probe, false);
    }

    @Test
    void oneThatMayBeLookedForIsFoundWhileItsPortAnswers() throws Exception {
        Discovery discovery = new Discovery(Map.of());
        int port;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(discovery
                            .addTo(parsed(""), List.of(local(port, true)), Map.of())
                            .providers())
                    .containsKey("local");
            assertThat(discovery
                            .addTo(parsed(""), List.of(local(port, false)), Map.of())
                            .providers())
                    .doesNotContainKey("local");
            assertThat(discovery
                            .addTo(parsed("[providers.other]\n"), List.of(local(port, true)), Map.of())
                            .providers())
                    .doesNotContainKey("local");
        }
        assertThat(discovery
                        .addTo(parsed(""), List.of(local(port, true)), Map.of())
                        .providers())
                .doesNotContainKey("local");
    }

    @Test
    void itIsSaidWhyAProviderIsUsedAndOneThatWasFoundStays() throws Exception {
        ProviderType keyed = new ProviderType(
                "keyed", "pid", URI.create("http://127.0.0.1:1"), List.of("A_KEY", "B_KEY"), true, false, false);
        Discovery discovery = new Discovery(Map.of("A_KEY", " ", "B_KEY", "k"));
        Settings first;
        int port;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            first = discovery.addTo(parsed(""), List.of(keyed, local(port, true)), Map.of());
        }
        assertThat(first.providers().get("keyed").adopted()).isEqualTo("B_KEY is set");
        assertThat(first.providers().get("local").adopted()).isEqualTo("local answers on 127.0.0.1:" + port);
        assertThat(first.providers().get("echo").adopted()).isNull();

        assertThat(discovery
                        .addTo(parsed(""), List.of(keyed, local(port, true)), first.providers())
                        .providers())
                .isEqualTo(first.providers());
    }
}
