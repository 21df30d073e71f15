package dev.thanosgateway.host.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seeded mistakes: each is refused at its place, with words that help. */
final class ConfigMistakesTest {
    private static final Path FILE = Path.of("thanos.toml");
    private static final ConfigReader READER =
            new ConfigReader(Map.of("SPACED", "sk-secret one", "HOST", "sk-secret"), Installed.UNKNOWN);

    private static ConfigException refused(String toml) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> READER.parse(toml, FILE));
        assertThat(refused).as(toml).isNotNull();
        return refused;
    }

    /** In each file " ~ " stands for a line break. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [sever]                                            | 1:1 | sever is unknown. Did you mean 'server'?
            [provider.x]                                       | 1:1 | Did you mean 'providers'?
            [model.aliases]                                    | 1:1 | Did you mean 'models'?
            [routng]                                           | 1:1 | Did you mean 'routing'?
            [time_outs]                                        | 1:1 | Did you mean 'timeouts'?
            [zzzzzz]                                           | 1:1 | known here: server, auth
            bind = "a:1"                                       | 1:1 | bind is unknown
            server = 3                                         | 1:1 | server must be a table: write [server]
            [[server]]                                         | 1:1 | server must be a table
            [server] ~ bnid = "a:1"                            | 2:1 | server.bnid is unknown. Did you mean 'bind'?
            [server] ~   GRPC = "a:1"                          | 2:3 | Did you mean 'grpc'?
            [server] ~ max-streams = 3                         | 2:1 | Did you mean 'max_streams'?
            [server] ~ bind = 8080                             | 2:1 | server.bind must be text in quotes
            [server] ~ bind = "8080"                           | 2:1 | server.bind needs a port. Write it as
            [server] ~ bind = ":8080"                          | 2:1 | needs a host. Write 127.0.0.1
            [server] ~ bind = "*:8080"                         | 2:1 | 0.0.0.0 for every address
            [server] ~ bind = "h:65536"                        | 2:1 | port from 0 (any free one) to 65535
            [server] ~ bind = "h:-1"                           | 2:1 | port from 0
            [server] ~ bind = "::1:8080"                       | 2:1 | needs brackets round an IPv6 address
            [server] ~ bind = "[::g]:8080"                     | 2:1 | no IPv6 address
            [server] ~ bind = "[::1]"                          | 2:1 | needs a port
            [server] ~ bind = "http://h:80"                    | 2:1 | server.bind needs brackets
            [server] ~ bind = "1.2.3:80"                       | 2:1 | neither a name nor an address
            [server] ~ bind = "256.0.0.1:80"                   | 2:1 | neither a name nor an address
            [server] ~ bind = "a b:80"                         | 2:1 | neither a name nor an address
            [server] ~ grpc = "127.0.0.1:8080"                 | 2:1 | same address as the other listener
            [server] ~ max_body_mb = "32"                      | 2:1 | whole number from 1 to 1024, without quotes
            [server] ~ max_body_mb = 0                         | 2:1 | whole number from 1 to 1024
            [server] ~ max_body_mb = 1.5                       | 2:1 | whole number
            [server] ~ body_budget_mb = 8                      | 2:1 | at least as large
            [server] ~ max_streams = -1                        | 2:1 | from 1 to 1000000
            [server] ~ drain_ms = 1e3                          | 2:1 | server.drain_ms must be a whole number
            [server] ~ allowed_hosts = "h"                     | 2:1 | must be a list of texts
            [server] ~ allowed_hosts = ["a", "http://h"]       | 2:23 | without scheme, port or path
            [server] ~ allowed_hosts = ["a", ~ 3]              | 3:1 | must hold texts in quotes only
            [server] ~ allowed_origins = ["*"]                 | 2:20 | must list each origin
            [server] ~ allowed_origins = ["app.example"]       | 2:20 | as in "https://app.example.com"
            [server] ~ allowed_origins = ["https://a.b/c"]     | 2:20 | without a path
            [auth] ~ enabled = "yes"                           | 2:1 | auth.enabled must be true or false
            [auth] ~ api_key = ["x"]                           | 2:1 | auth.api_key is unknown. Did you mean 'api_keys'?
            [auth] ~ api_keys = ["sha256:12"]                  | 2:13 | 64 hexadecimal digits
            [auth] ~ api_keys = ["sk-secret one"]              | 2:13 | without blanks
            [auth] ~ api_keys = ["${NOT_THERE}"]               | 2:13 | environment variable NOT_THERE, which is not set
            [timeouts] ~ idle = 3                              | 2:1 | Did you mean 'idle_ms'?
            [timeouts] ~ idle_ms = "60s"                       | 2:1 | timeouts.idle_ms must be a whole number
            [timeouts] ~ total_ms = -1                         | 2:1 | from 0 to 86400000
            [providers] ~ x = 3                                | 2:1 | providers.x must be a table
            [providers."a/b"]                                  | 1:1 | no id for a provider
            [providers.x] ~ api_kye = "k"                      | 2:1 | Did you mean 'api_key'?
            [providers.x] ~ enabeld = true                     | 2:1 | Did you mean 'enabled'?
            [providers.x] ~ modle = "m"                        | 2:1 | Did you mean 'model'?
            [providers.x] ~ endpiont = "http://h"              | 2:1 | Did you mean 'endpoint'?
            [providers.x] ~ baseUrl = "http://h"               | 2:1 | Did you mean 'base_url'?
            [providers.x] ~ header = {}                        | 2:1 | Did you mean 'headers'?
            [providers.x] ~ token = "sk-secret"                | 2:1 | plugins see no secrets. Did you mean 'api_key'?
            [providers.x] ~ idle_ms = 3                        | 2:1 | [….timeouts]
            [providers.x] ~ enabled = 1                        | 2:1 | must be true or false
            [providers.x] ~ type = "a b"                       | 2:1 | 1 to 64 letters
            [providers.x] ~ endpoint = "localhost:11434"       | 2:1 | must begin with http:// or https://
            [providers.x] ~ endpoint = "ftp://h"               | 2:1 | must begin with http://
            [providers.x] ~ endpoint = "http://"               | 2:1 | is no URL
            [providers.x] ~ endpoint = "http:///v1"            | 2:1 | needs a host
            [providers.x] ~ endpoint = "http://my_host"        | 2:1 | needs a host of letters
            [providers.x] ~ endpoint = "http://u:sk-secret@h"  | 2:1 | no user or password
            [providers.x] ~ endpoint = "http://h?key=sk-secret"| 2:1 | must end before any '?'
            [providers.x] ~ endpoint = "http://h#f"            | 2:1 | must end before any '?' or '#'
            [providers.x] ~ endpoint = "http://h:0"            | 2:1 | port from 1 to 65535
            [providers.x] ~ model = ""                         | 2:1 | 1 to 256 visible characters
            [providers.x] ~ model = "a b"                      | 2:1 | without blanks
            [providers.x] ~ api_key = ["k"]                    | 2:1 | must be text in quotes
            [providers.x] ~ api_key = "${SPACED}"              | 2:1 | without blanks
            [providers.x] ~ api_key = "${SPACED"               | 2:1 | '${' that begins no variable
            [providers.x] ~ api_key = "k" ~ api_keys = ["l"]   | 3:1 | Keep one of the two
            [providers.x] ~ endpoint = "http://h" ~ base_url = "http://i" | 3:1 | conflicts with endpoint
            [providers.x.headers] ~ "a b" = "c"                | 2:1 | no name for a header
            [providers.x.headers] ~ Host = "c"                 | 2:1 | the gateway sets itself
            [providers.x.headers] ~ a = "sk-secret\\n"         | 2:1 | must be one line
            [providers.x.timeouts] ~ first_event = 1           | 2:1 | Did you mean 'first_event_ms'?
            [providers.x] ~ since = 2024-01-01                 | 2:1 | is a date or a time
            [routing] ~ strategy = "round_robin"               | 2:1 | names no strategy. Did you mean 'round-robin'?
            [routing] ~ strategy = "prefered"                  | 2:1 | Did you mean 'preferred'?
            [routing] ~ stratgey = "preferred"                 | 2:1 | Did you mean 'strategy'?
            [routing] ~ fallback_chain = "openai"              | 2:1 | must be a list
            [routing] ~ fallback_chain = ["a", "b c"]          | 2:24 | must hold provider ids
            [routing] ~ something = 3                          | 2:1 | known here: strategy, preferred
            [routing.weight] ~ a = 1                           | 1:1 | Did you mean 'weights'?
            [routing.weights] ~ a = "3"                        | 2:1 | number from 0 to 1000000
            [routing.weights] ~ a = nan                        | 2:1 | number from 0 to 1000000
            [routing.weights] ~ a = 0                          | 1:1 | at least one provider
            [server] ~ port = 8080                             | 2:1 | server.port is unknown. Host and port are one setting here: write bind = "127.0.0.1:8080".
            [server] ~ host = "0.0.0.0" ~ [routing]            | 2:1 | write bind = "0.0.0.0:8080"
            [server] ~ grpc_port = 50052                       | 2:1 | Write grpc = "127.0.0.1:50052"
            [server] ~ listen = "x"                            | 2:1 | write bind = "127.0.0.1:8080"
            port = 9000                                        | 1:1 | Write [server], and below it bind = "127.0.0.1:9000"
            [server] ~ bind = 127.0.0.1:8080                   | 2:13 | Text needs quotes: write bind = "127.0.0.1:8080"
            [server] ~ bind = 0.0.0.0:8080 # all               | 2:11 | Text needs quotes: write bind = "0.0.0.0:8080"
            [server] ~ bind = localhost:8080                   | 2:8 | Text needs quotes: write bind = "localhost:8080"
            [server] ~ bind = 8080                             | 2:1 | must be text in quotes
            [providers.x] ~ model = gpt-5                      | 2:9 | Text needs quotes: write model = "…"
            [models] ~ alias = 3                               | 2:1 | Did you mean 'aliases'?
            [models.aliases] ~ a = 3                           | 2:1 | must be a list
            [models.aliases] ~ a = []                          | 2:1 | stands for nothing
            [models.aliases] ~ a = "a"                         | 2:1 | stands for itself
            [models.aliases] ~ auto = "x/y"                    | 2:1 | lets the strategy choose
            [models.aliases.a] ~ strategy = "sticky"           | 1:1 | models.aliases.a.targets is missing
            [models.aliases.a] ~ targets = []                  | 2:1 | stands for nothing
            [models.aliases.a] ~ targets = ["x/y"] ~ strategy = "stiky" | 3:1 | Did you mean 'sticky'?
            [models.aliases.a] ~ targets = ["x/y"] ~ load_balance = ["x"] | 3:1 | is unknown
            [models.aliases.a] ~ targets = ["a"]               | 1:1 | stands for itself
            [retry] ~ max_attempts = 0                         | 2:1 | from 1 to 10
            [retry] ~ max_attempt = 2                          | 2:1 | Did you mean 'max_attempts'?
            [probes] ~ idle_ms = 1                             | 2:1 | from 100 to 86400000
            [server ~ bind = "h:1"                             | 1:8 | Not TOML: Unexpected end of line, expected ]
            [server] ~ bind = h:1                              | 2:8 | Text needs quotes
            [server] ~ bind = "h:1" ~ bind = "h:2"             | 3:1 | previously defined at line 2
            [providers.x] ~ api_key = 5sk-secret               | 2:12 | Not TOML: Unexpected text
            [Server]                                           | 1:1 | Did you mean 'server'?
            [ratelimiting]                                     | 1:1 | Did you mean 'rate_limiting'?
            [rate_limits]                                      | 1:1 | Did you mean 'rate_limiting'?
            [rate_limiting] ~ rpm = 3                          | 2:1 | known here: enabled, requests_per_minute
            [rate_limiting] ~ request_per_minute = 3           | 2:1 | Did you mean 'requests_per_minute'?
            [rate_limiting] ~ requests_per_hours = 3           | 2:1 | Did you mean 'requests_per_hour'?
            [rate_limiting] ~ requests_per_minute = 0          | 2:1 | whole number from 1 to 1000000
            [rate_limiting] ~ requests_per_minute = -60        | 2:1 | whole number from 1 to 1000000
            [rate_limiting] ~ requests_per_hour = "60"         | 2:1 | without quotes
            [rate_limiting] ~ requests_per_hour = 1000001      | 2:1 | whole number from 1 to 1000000
            [rate_limiting] ~ enabled = "true"                 | 2:1 | must be true or false
            [rate_limiting] ~ providers = 3                    | 2:1 | must be a table: write [rate_limiting.providers]
            [rate_limiting.providers] ~ openai = 3             | 2:1 | such as 'openai_rpm'
            [rate_limiting.providers] ~ openai_rpm = 2.5       | 2:1 | whole number from 1
            rate_limiting = true                               | 1:1 | must be a table: write [rate_limiting]
            [cache] ~ tll = 3                                  | 2:1 | Did you mean 'ttl'?
            [metrics] ~ prometeus_port = 3                     | 2:1 | Did you mean 'prometheus_port'?
            cache = true                                       | 1:1 | must be a table: write [cache]
            [server] ~ log_level = "warning"                   | 2:1 | must be trace, debug, info, warn or error. Did you mean 'warn'?
            [server] ~ log_level = "INFO"                      | 2:1 | Did you mean 'info'?
            [server] ~ log_level = 3                           | 2:1 | server.log_level must be text in quotes
            [server] ~ loglevel = "info"                       | 2:1 | Did you mean 'log_level'?
            [server] ~ bind = "${HOST"                         | 2:1 | '${' that begins no variable
            [server] ~ bind = "${1X}:80"                       | 2:1 | '${' that begins no variable
            [server] ~ bind = "${}:80"                         | 2:1 | '${' that begins no variable
            [server] ~ bind = "${NOT_THERE}:80"                | 2:1 | Set it, or write ${NOT_THERE:-default}
            [server] ~ bind = "h:80" ~ [server] ~ grpc = "h:1" | 3:1 | previously defined at line 1
            [server] ~ bind = "h:80                            | 2:13 | Not TOML: Unexpected end of input
            [server] ~ bind = "h\\q:80"                        | 2:10 | Not TOML
            [server] ~ bind =                                  | 2:7 | Not TOML
            [server] ~ = "h:80"                                | 2:1 | Not TOML
            [server] ~ my bind = "h:80"                        | 2:4 | Not TOML
            [server] ~ drain_ms = 010                          | 2:12 | Not TOML
            [server] ~ drain_ms = 99999999999999999999         | 2:12 | too large
            [server] ~ drain_ms = {ms = 3}                     | 2:1 | server.drain_ms must be a whole number
            [server] ~ allowed_hosts = ["a" "b"]               | 2:22 | Not TOML
            [timeouts] ~ connect_ms = true                     | 2:1 | timeouts.connect_ms must be a whole number
            [timeouts] ~ connect_ms = 86400001                 | 2:1 | from 0 to 86400000
            [timeout]                                          | 1:1 | Did you mean 'timeouts'?
            [auth] ~ enable = true                             | 2:1 | Did you mean 'enabled'?
            [auth] ~ api_keys = [""]                           | 2:13 | auth.api_keys
            [auth] ~ api_keys = [[]]                           | 2:13 | must hold texts in quotes only
            [providers."my openai"]                            | 1:1 | no id for a provider
            [providers.OpenAI] ~ [providers.openai]            | 2:1 | only in upper and lower case
            [providers.x] ~ [providers.x]                      | 2:1 | previously defined at line 1
            [[providers]]                                      | 1:1 | providers must be a table
            [providers.x] ~ headers = "a: b"                   | 2:1 | must be a table: write [providers.x.headers]
            [providers.x] ~ headers = {a = 3}                  | 2:12 | must be text in quotes
            [providers.x] ~ timeouts = 3                       | 2:1 | must be a table: write [providers.x.timeouts]
            [providers.x] ~ model = ["m"]                      | 2:1 | must be text in quotes
            [providers.x] ~ api_keys = "k"                     | 2:1 | must be a list
            [providers.x] ~ api_keys = ["k", 3]                | 2:18 | must hold texts in quotes only
            [providers.x] ~ endpoint = "https//h/v1"           | 2:1 | must begin with http:// or https://
            [providers.x] ~ endpoint = "http://h:port"         | 2:1 | providers.x.endpoint
            [providers.x] ~ endpoint = "http://h h"            | 2:1 | is no URL
            [providers.x] ~ base_url = "h:80"                  | 2:1 | providers.x.base_url must begin with http://
            [providers.x] ~ apikey = "k"                       | 2:1 | Did you mean 'api_key'?
            [providers.x] ~ secret = "sk-secret"               | 2:1 | plugins see no secrets
            [providers.x.timeouts] ~ idle_ms = -1              | 2:1 | providers.x.timeouts.idle_ms must be
            [routing] ~ strategy = ""                          | 2:1 | 1 to 64 letters
            [routing] ~ strategy = ["preferred"]               | 2:1 | must be text in quotes
            [routing] ~ strategy = "fallback" ~ fallback_chain = [] | 3:1 | nobody could be asked
            [routing] ~ fallback_chain = ["a", 3]              | 2:24 | must hold texts in quotes only
            [routing] ~ fallback_chain = [""]                  | 2:19 | must hold provider ids
            [routing] ~ load_balance = {a = 1}                 | 2:1 | must be a list
            [routing] ~ decisions = -1                         | 2:1 | from 0 to 1000000
            [routing] ~ decisoins = 1                          | 2:1 | 'decisions'
            [routing] ~ weights = ["a"]                        | 2:1 | must be a table: write [routing.weights]
            [routing.weights] ~ a = -1                         | 2:1 | number from 0 to 1000000
            [models.aliases] ~ a = ["x/y", 3]                  | 2:13 | must hold texts in quotes only
            [models.aliases] ~ a = "x y"                       | 2:1 | without blanks
            [models.aliases] ~ a = "b" ~ b = "x/y"             | 2:1 | stands for the alias 'b'. Name the provider/model
            [models] ~ fatcs = 3                               | 2:1 | models.fatcs is unknown. Did you mean 'facts'?
            [models.facts.gpt-4o]                              | 1:1 | write [models.facts."provider/model"], with the quotes
            [models.facts] ~ "x/m" = 3                         | 2:1 | models.facts.x/m must be a table
            [models.facts."x/m"] ~ context = 3                 | 2:1 | Did you mean 'context_length'?
            [models.facts."x/m"] ~ max_output = 0              | 2:1 | whole number from 1
            [models.facts."x/m"] ~ capabilities = ["visoin"]   | 2:17 | Did you mean 'vision'?
            [models.facts."x/m"] ~ output = 0                  | 2:1 | output must be a whole number from 1
            [models.facts."x/m"] ~ output_default = 0          | 2:1 | a whole number from 1
            [models.facts."x/m"] ~ images = ["png"]            | 2:1 | media types such as image/jpeg or image/png
            [models.facts."x/m"] ~ images = ["image/*"]        | 2:1 | media types such as image/jpeg or image/png
            [models.facts."x/m"] ~ images = ["image/jpg"]      | 2:1 | media types such as image/jpeg or image/png
            [models.facts."x/m"] ~ tool_name_max = 9           | 2:1 | tool_name_max must be a whole number from 10
            [models.facts."x/m"] ~ tool_name_chars = "[a-z]"   | 2:1 | one of any, dotted, name, word
            [models.facts."x/m"] ~ tool_id_length = 3          | 2:1 | a whole number from 8 to 64
            [models.facts."x/m"] ~ tool_id_max = 0             | 2:1 | a whole number from 8
            [models.facts."x/m"] ~ user_max = 0                | 2:1 | a whole number from 8
            [models.facts."x/m"] ~ capabilities = []           | 2:1 | says nothing
            [models.facts."x/m"] ~ pricing = { imput = 1 }     | 2:13 | Did you mean 'input'?
            [models.facts."x/m"] ~ pricing = { input = "1" }   | 2:13 | US dollars per million tokens, 0 to 1000000
            [models.facts."x/m"] ~ name = " "                  | 2:1 | 1 to 200 characters
            """)
    void aMistakeIsToldAtItsPlaceWithWordsThatHelp(String toml, String place, String words) {
        ConfigException refused = refused(toml.replace(" ~ ", "\n"));

        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().getFirst().toString())
                .startsWith("thanos.toml:" + place + ": ")
                .contains(words);
        assertThat(refused.getMessage()).doesNotContain("sk-secret");
    }

    @Test
    void aliasesInACircleAreRefusedWhereTheyStand() {
        ConfigException refused = refused("[models.aliases]\na = \"b\"\nb = [\"c\"]\nc = [\"x/y\", \"a\"]");

        assertThat(refused.problems()).extracting(Problem::line).containsExactly(2, 3, 4);
        assertThat(refused.getMessage()).contains("alias 'b'", "alias 'c'", "alias 'a'");
    }

    @Test
    void aByteOrderMarkTakesNoColumn() {
        assertThat(refused("\ufeff[sever]")).hasMessageStartingWith("thanos.toml:1:1: sever is unknown");
    }

    @Test
    void allMistakesOfAFileAreToldAtOnceInItsOrder() {
        ConfigException refused = refused("""
                [models.aliases]
                auto = "x/y"
                [server]
                bnid = "x"
                drain_ms = -1
                [providers.x]
                modle = "m"
                """);

        assertThat(refused.problems()).extracting(Problem::line).containsExactly(2, 4, 5, 7);
        assertThat(refused.getMessage().lines()).hasSize(4);
    }

    @Test
    void aPluginsOwnKeysAreHeldAgainstWhatItKnowsOnceThatIsKnown() throws Exception {
        ConfigReader knowing =
                new ConfigReader(Map.of(), type -> Optional.of(Set.of("region", "mode")), Installed.UNKNOWN);

        Settings settings = knowing.parse("[providers.x]\nregion = \"eu\"\nmode = 3", FILE);
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> knowing.parse("[providers.x]\nregoin = \"eu\"", FILE));

        assertThat(settings.providers().get("x").own()).isEqualTo(Map.of("region", "eu", "mode", 3L));
        assertThat(refused).hasMessage("thanos.toml:2:1: providers.x.regoin is unknown. Did you mean 'region'?");
    }

    @Test
    void aFileThatIsNoConfigurationIsRefusedWithoutAFlood() {
        assertThat(refused("[server]\n" + "x = 1\n".repeat(5_000)).problems()).hasSizeLessThanOrEqualTo(100);
        assertThat(refused("a=" + "[".repeat(100_000)).getMessage()).contains("Nesting is too deep");
    }

    /** What gateways do not refuse to start with, and {@code config check --strict} fails on. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            [providers.a] ~ api_key = "OPENAI_API_KEY"         | 2:1 | providers.a.api_key is the name of an environment variable, not a key. Write "${OPENAI_API_KEY}" for its value.
            [providers.a] ~ api_key = "$OPENAI_API_KEY"        | 2:1 | Write "${OPENAI_API_KEY}"
            [providers.a] ~ api_keys = ["k", "A_TOKEN"]        | 2:18 | Write "${A_TOKEN}"
            [providers.a.headers] ~ x-key = "$MY_KEY"          | 2:1 | Write "${MY_KEY}"
            [auth] ~ api_keys = ["THANOS_KEY"]                 | 2:13 | Write "${THANOS_KEY}"
            [providers.a] ~ endpoint = "http://h" ~ base_url = "http://h" | 3:1 | repeats endpoint
            [providers.a] ~ type = "opnai"                     | 2:1 | providers.a.type 'opnai' is served by no jar in plugins/; the table waits for one. Did you mean 'openai'?
            [providers.opnai]                                  | 1:1 | Did you mean 'openai'?
            [providers.openai]                                 | 1:1 | Write api_key = "${OPENAI_API_KEY}"
            [routing] ~ strategy = "mine"                      | 2:1 | routing.strategy is in no jar of plugins/. There are: preferred, sticky.
            [providers.a] ~ [routing] ~ fallback_chain = ["a", "b/m"] | 3:24 | names 'b', which has no table
            [providers.a] ~ [routing] ~ load_balance = ["b"]   | 3:17 | names 'b', which has no table
            [providers.a] ~ [routing] ~ preferred = "b"        | 3:1 | names 'b', which has no table
            [providers.abcde] ~ [routing] ~ preferred = "abcd" | 3:1 | Did you mean 'abcde'?
            [providers.a] ~ [routing.weights] ~ a = 1 ~ b = 2  | 4:1 | names 'b', which has no table
            [providers.a] ~ [models.aliases] ~ x = ["a/m", "b/m"] | 3:13 | names 'b', which has no table in [providers]: 'b/m' is taken for the name of a model.
            [providers.abcde] ~ [models.aliases] ~ x = "abcd"  | 3:1 | Did you mean 'abcde'?
            [providers.x] ~ type = "cloud"                     | 1:1 | providers.x.endpoint is missing, and the type 'cloud' has none of its own
            [providers.a] ~ profile = "openia" ~ type = "openai" ~ endpoint = "http://h" | 2:1 | providers.a.profile 'openia' is known to no jar in plugins/, so no vendor's rules hold. Did you mean 'openai'? There are: deepseek, openai.
            [providers.a] ~ profile = "openai"                 | 2:1 | 'openai' has the rules of an API that the type 'a' does not speak. There are: a.
            """)
    void whatNamesNobodyIsWarnedOfAtItsPlace(String toml, String place, String words) throws Exception {
        Installed installed = new Installed(
                Map.of("a", "", "abcde", "", "cloud", "", "openai", "OPENAI_API_KEY"),
                Set.of("openai"),
                Set.of("cloud"),
                Map.of("openai", Set.of("openai", "deepseek"), "a", Set.of("a")),
                Set.of("preferred", "sticky"));

        List<String> warnings = new ConfigReader(Map.of(), installed)
                .parse(toml.replace(" ~ ", "\n"), FILE)
                .warnings();

        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("thanos.toml:" + place + ": ")
                .contains(words);
    }

    @Test
    void whatMayBeMeantIsNotWarnedOf() throws Exception {
        assertThat(READER.parse("""
                                [providers.a]
                                api_key = "sk-A_KEY"
                                [providers.b]
                                api_key = "${A:-UPPER}"
                                [models.aliases]
                                model = "llama3.2"
                                """, FILE).warnings()).isEmpty();
    }
}
