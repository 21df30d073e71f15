package dev.thanosgateway.host.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceCheckTest {
    @TempDir
    Path folder;

    private GuardedAccess access(boolean key) throws Exception {
        return GuardedAccess.of(new ConfigReader(Map.of(), Installed.UNKNOWN).parse("""
                                [server]
                                bind = "127.0.0.1:8080"
                                grpc = "0.0.0.0:50051"
                                allowed_hosts = ["gw.example", "fe80::1"]
                                allowed_origins = ["https://app.example"]
                                [auth]
                                api_keys = ["k"]
                                enabled = %s
                                """.formatted(key), null), folder);
    }

    private static String refused(Access access, String host, String origin, String site) {
        GatewayException refused =
                catchThrowableOfType(GatewayException.class, () -> access.checkSource(host, origin, site));
        if (refused == null) {
            return "";
        }
        assertThat(refused.kind()).isEqualTo(ErrorKind.FORBIDDEN);
        return refused.message();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                    |",
                "localhost            |",
                "localhost:8080       |",
                "LocalHost.:1         |",
                "a.localhost:8080     |",
                "127.0.0.1:8080       |",
                "127.9.9.9            |",
                "[::1]:8080           |",
                "[0:0:0:0:0:0:0:1]    |",
                "gw.example           |",
                "GW.EXAMPLE:443       |",
                "[fe80::1]:80         |",
                "evil.example         | server.allowed_hosts",
                "evil.example:8080    | auth.enabled",
                "localhost.evil       | server.allowed_hosts",
                "127.0.0.1.evil.example | server.allowed_hosts",
                "127.1                | server.allowed_hosts",
                "2130706433           | server.allowed_hosts",
                "128.0.0.1            | server.allowed_hosts",
                "0.0.0.0:50051        | server.allowed_hosts",
                "[::2]                | server.allowed_hosts",
                "192.168.1.7:8080     | server.allowed_hosts",
                "''                   | malformed",
                "local host           | malformed",
                "localhost:           | malformed",
                "localhost:99999      | malformed",
                "localhost:80:80      | malformed",
                "user@localhost       | malformed",
                "http://localhost     | malformed",
                "localhost/           | malformed",
                "a..localhost         | malformed",
                ".localhost           | malformed",
                "[::1                 | malformed",
                "[::z]                | malformed",
                "::1                  | malformed",
            })
    void anOpenGatewayAnswersToItsOwnNamesOnly(String host, String words) throws Exception {
        String message = refused(access(false), host, null, null);

        if (words == null) {
            assertThat(message).isEmpty();
        } else {
            assertThat(message).contains(words);
        }
    }

    @Test
    void withAKeyEveryWellFormedHostIsFine() throws Exception {
        Access access = access(true);

        assertThat(refused(access, "evil.example:1", null, null)).isEmpty();
        assertThat(refused(access, "evil example", null, null)).contains("malformed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // host | origin | Sec-Fetch-Site | fine
                "localhost:8080 | -                          | -           | true",
                "localhost:8080 | -                          | none        | true",
                "localhost:8080 | -                          | same-origin | true",
                "localhost:8080 | -                          | cross-site  | false",
                "localhost:8080 | -                          | Same-Site   | false",
                "localhost:8080 | http://localhost:8080      | same-origin | true",
                "localhost:8080 | http://LOCALHOST:8080      | -           | true",
                "localhost      | http://localhost           | -           | true",
                "localhost:80   | http://localhost           | -           | true",
                "gw.example     | https://gw.example         | same-origin | true",
                "[::1]          | http://[::1]               | -           | true",
                "localhost:8080 | http://localhost:3000      | same-site   | false",
                "localhost:8080 | http://127.0.0.1:8080      | -           | false",
                "localhost      | https://localhost:80       | -           | false",
                "localhost:8080 | https://app.example        | cross-site  | true",
                "localhost:8080 | https://APP.example        | cross-site  | true",
                "localhost:8080 | http://app.example         | cross-site  | false",
                "localhost:8080 | https://app.example:8443   | cross-site  | false",
                "localhost:8080 | https://app.example.evil   | cross-site  | false",
                "localhost:8080 | https://evil.example       | cross-site  | false",
                "localhost:8080 | null                       | -           | false",
                "localhost:8080 | ''                         | -           | false",
                "localhost:8080 | http://localhost:8080/x    | -           | false",
                "-              | http://localhost           | -           | false",
            })
    void webPagesOfOtherOriginsAreRefusedUnlessAllowed(String host, String origin, String site, boolean fine)
            throws Exception {
        for (boolean key : new boolean[] {true, false}) {
            String message = refused(access(key), host, origin, site);

            assertThat(message.isEmpty()).isEqualTo(fine);
            if (!fine) {
                assertThat(message).contains("server.allowed_origins");
            }
        }
    }

    @Test
    void aPageOnANameMadeToPointHereIsRefusedThoughItsOriginMatches() throws Exception {
        assertThat(refused(access(false), "evil.example:8080", "http://evil.example:8080", "same-origin"))
                .contains("server.allowed_hosts");
    }

    @Test
    void corsIsOfferedToAllowedOriginsOnly() throws Exception {
        Access access = access(false);

        assertThat(access.allowedOrigin("https://app.example")).isEqualTo("https://app.example");
        assertThat(access.allowedOrigin("http://localhost:8080")).isNull();
        assertThat(access.allowedOrigin(null)).isNull();
    }
}
