package dev.thanosgateway.host.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.ProviderSettings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderTypeTest {
    private static final URI USUAL = URI.create("https://api.acme.example");

    /** @param about what the bundle declares beside the endpoint: key, aggregator */
    @ParameterizedTest
    @CsvSource({
        // The vendor's own endpoint, whatever the table is called.
        "key, acme, '', true",
        "key, other, '', true",
        "key, other, https://API.acme.example/v1/, true",
        // Elsewhere: through a proxy if the table bears the type's name, else something that speaks its language.
        "key, acme, http://localhost:1, true",
        "key, other, http://localhost:1, false",
        "key, other, https://api.acme.example:8443, false",
        // Whoever needs no credential has models of its own; who passes on others' has none.
        "none, other, http://localhost:1, true",
        "aggregator, acme, '', false",
    })
    void aTableIsItsTypesVendorAtItsEndpointOrByItsName(String about, String id, String endpoint, boolean vendor)
            throws Exception {
        boolean key = about.equals("key");
        ProviderType type = new ProviderType("acme", "pid", USUAL, List.of(), key, false, about.equals("aggregator"));

        assertThat(type.vendor(table(id, endpoint, ""))).isEqualTo(vendor);
    }

    /** @param declares what the bundle declares beside the endpoint: compatible, named */
    @ParameterizedTest
    @CsvSource({
        // The address decides what the table does not say, whatever the table is called.
        "compatible, acme, '', '', acme",
        "compatible, other, https://API.acme.example/v1/, '', acme",
        "compatible, other, http://localhost:1, '', acme-compatible",
        "compatible, acme, http://localhost:1, '', acme-compatible",
        "compatible, other, https://api.acme.example:8443, '', acme-compatible",
        // The type's name keeps its profile behind a proxy, where the type says so.
        "compatible named, acme, http://localhost:1, '', acme",
        "compatible named, other, http://localhost:1, '', acme-compatible",
        // A type that declares no other profile has its own everywhere.
        "'', other, http://localhost:1, '', acme",
        // What the table says counts.
        "compatible, other, http://localhost:1, acme, acme",
        "compatible named, acme, '', deepseek, deepseek",
    })
    void aTablesProfileIsWhatItSaysElseWhatItsEndpointIs(
            String declares, String id, String endpoint, String profile, String expected) throws Exception {
        ProviderType type = JarInspector.types("thanos.provider;type=acme;pid=\"p\";endpoint=\"" + USUAL + "\";key=true"
                        + (declares.contains("compatible") ? ";compatible=acme-compatible" : "")
                        + (declares.contains("named") ? ";named=true" : ""))
                .get(0);

        assertThat(type.profile(table(id, endpoint, profile))).isEqualTo(expected);
    }

    private static ProviderSettings table(String id, String endpoint, String profile) throws Exception {
        String toml = "[providers." + id + "]\ntype = \"acme\"\n"
                + (endpoint.isEmpty() ? "" : "endpoint = \"" + endpoint + "\"\n")
                + (profile.isEmpty() ? "" : "profile = \"" + profile + "\"\n");
        return new ConfigReader(Map.of(), Installed.UNKNOWN)
                .parse(toml, null)
                .providers()
                .get(id);
    }
}
