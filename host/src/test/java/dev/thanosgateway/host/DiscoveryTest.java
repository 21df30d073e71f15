package dev.thanosgateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Settings;
import dev.thanosgateway.host.plugins.ProviderType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is found where nobody is configured. */
class DiscoveryTest {
    private static Settings parsed(String toml) throws Exception {
        return new ConfigReader(Map.of(), type -> Optional.empty()).parse(toml, null);
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
            assertThat(discovery.addTo(parsed(""), List.of(local(port, true))).providers())
                    .containsKey("local");
            assertThat(discovery.addTo(parsed(""), List.of(local(port, false))).providers())
                    .doesNotContainKey("local");
            assertThat(discovery
                            .addTo(parsed("[providers.other]\n"), List.of(local(port, true)))
                            .providers())
                    .doesNotContainKey("local");
        }
        assertThat(discovery.addTo(parsed(""), List.of(local(port, true))).providers())
                .doesNotContainKey("local");
    }
}
