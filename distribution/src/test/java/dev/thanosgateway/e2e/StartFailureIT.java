package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps it from starting and can be mended: one sentence on stderr that says what to do, exit code 2. */
class StartFailureIT {
    @ParameterizedTest
    @CsvSource({"bind", "grpc"})
    void aPortInUse(String which) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String file = "[server]\n"
                    + (which.equals("bind")
                            ? "bind = \"" + address + "\"\ngrpc = \"127.0.0.1:0\"\n"
                            : "bind = \"127.0.0.1:0\"\ngrpc = \"" + address + "\"\n");
            Gateway.Builder builder = Gateway.with(file + "[auth]\nenabled = true\n");
            assertThat(assertRefused(builder, String.valueOf(taken.getLocalPort()), "in use"))
                    .as("nothing was started before")
                    .hasSize(1);
            assertThat(builder.folder().resolve("state/keys"))
                    .as("the first key, which would be told once")
                    .doesNotExist();
        }
    }

    @Test
    void aFileThatIsNotThere() throws Exception {
        assertRefused(Gateway.bare().arguments("--config", "/nowhere/thanos.toml"), "/nowhere/thanos.toml");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[server]\\nbnid = \"127.0.0.1:0\"           | thanos.toml:2:1 | bind",
                "[server]\\nbind = 8080                      | thanos.toml:2   | bind",
                "[server]\\nbind = \"127.0.0.1:99999\"       | thanos.toml:2   | bind",
                "[server]\\nbind = \"127.0.0.1:0\"\\n[servre]| thanos.toml:3   | server",
                "[routing]\\nstrategy = \"prefered\"         | thanos.toml     | preferred",
                "[server                                     | thanos.toml:1   | thanos.toml",
                "[timeouts]\\nidle_ms = -1                   | thanos.toml:2   | idle_ms"
            })
    void aConfigurationMistakeIsNamedWithItsPlace(String file, String place, String named) throws Exception {
        assertRefused(Gateway.with(file.replace("\\n", "\n")), place, named);
    }

    @Test
    void aStateFolderThatCannotBeWritten() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT);
        Path file = Files.writeString(builder.folder().resolve("a-file"), "");
        assertRefused(
                builder.environment("THANOS_STATE", file.resolve("state").toString()), "state folder", "THANOS_STATE");
    }

    /** From a disk without room for anything to one that has room for all but the last plugin. */
    @ParameterizedTest
    @ValueSource(ints = {4, 64, 1_000, 2_000})
    void aStateFolderOnAFullDisk(int kibibytes) throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT);
        Path disk = Files.createDirectories(builder.folder().resolve("disk"));
        String mount = "mount -t tmpfs -o size=" + kibibytes + "k none " + disk;
        String[] namespace = {"unshare", "-m", "sh", "-c", mount + " && exec \"$@\"", "sh"};
        if (!Tools.succeed("unshare", "-m", "sh", "-c", mount)) {
            System.out.println("SKIPPED, a full disk is not tested: a small file system cannot be mounted here");
            abort("a small file system cannot be mounted here");
        }
        assertRefused(
                builder.launcher(namespace)
                        .environment("THANOS_STATE", disk.resolve("state").toString()),
                "state folder",
                "No space left",
                "MiB free",
                "THANOS_STATE");
    }

    @Test
    void aPluginsFolderThatIsNone() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT);
        for (Path jar : Files.list(builder.plugins()).toList()) {
            Files.delete(jar);
        }
        Files.delete(builder.plugins());
        Files.writeString(builder.plugins(), "");
        assertRefused(builder, "plugins");
    }

    @ParameterizedTest
    @CsvSource({"--bogus", "sevre", "--config"})
    void anArgumentThatMakesNoSense(String word) throws Exception {
        assertRefused(Gateway.bare().arguments(word), word, "--");
    }

    /** @return what it said */
    private static List<String> assertRefused(Gateway.Builder builder, String... named) throws Exception {
        try (Gateway gateway = builder.startToFail()) {
            assertThat(gateway.process().exitValue()).as(gateway.output()).isEqualTo(2);
            List<String> said = gateway.errors();
            assertThat(said)
                    .as("one sentence")
                    .haveExactly(1, new Condition<>(line -> line.startsWith("thanos: "), "ours"));
            assertThat(said.get(said.size() - 1)).startsWith("thanos: ").contains(named);
            assertThat(gateway.output()).doesNotContain("Exception", "\tat ");
            return said;
        }
    }
}
