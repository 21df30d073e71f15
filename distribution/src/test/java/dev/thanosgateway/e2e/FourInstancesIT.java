package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Several gateways of one installation, one home and one state folder, told apart by their ports alone. */
class FourInstancesIT {
    private static final int COUNT = 4;

    @Test
    void fourGatewaysRunFromOneInstallationAtOnce() throws Exception {
        Gateway.Builder builder = Gateway.with(Gateway.ANY_PORT + "[auth]\nenabled = true\n[providers.echo]\n");
        List<Gateway> all = new ArrayList<>();
        try {
            // At once, so that they meet where they make what they share: the state folder and its first key.
            for (int i = 0; i < COUNT; i++) {
                all.add(builder.launch());
            }
            Set<Integer> ports = new HashSet<>();
            Set<String> keys = new HashSet<>();
            for (Gateway gateway : all) {
                gateway.awaitListening();
                ports.add(gateway.port());
                ports.add(gateway.grpcPort());
            }
            Eventually.within(java.time.Duration.ofSeconds(30), "one of them tells the key", () -> {
                for (Gateway gateway : all) {
                    gateway.output()
                            .lines()
                            .map(String::strip)
                            .filter(line -> line.startsWith("thanos_"))
                            .forEach(keys::add);
                }
                return !keys.isEmpty();
            });
            assertThat(ports).hasSize(2 * COUNT);
            assertThat(keys).as("one key, made and told by one of them").hasSize(1);
            assertThat(instances(builder)).hasSize(COUNT);
            for (Gateway gateway : all) {
                assertThat(answers(gateway, keys.iterator().next())).isEqualTo(200);
                assertThat(gateway.errors()).noneMatch(FourInstancesIT::speaksOfTrouble);
            }

            Gateway first = all.removeFirst();
            first.terminate();
            assertThat(first.exit(java.time.Duration.ofSeconds(20))).isZero();
            assertThat(instances(builder)).hasSize(COUNT - 1);
            for (Gateway gateway : all) {
                assertThat(answers(gateway, keys.iterator().next())).isEqualTo(200);
            }
        } finally {
            // All of them before the folder that they share goes with the first that is closed.
            all.forEach(Gateway::terminate);
            for (Gateway gateway : all) {
                gateway.process().waitFor();
            }
            for (Gateway gateway : all) {
                gateway.close();
            }
        }
    }

    private static int answers(Gateway gateway, String key) throws Exception {
        return gateway.post(Chats.PATH, Chats.whole("echo/echo", "hi"), "authorization", "Bearer " + key)
                .statusCode();
    }

    private static List<Path> instances(Gateway.Builder builder) throws Exception {
        try (Stream<Path> found = Files.list(builder.folder().resolve("state/instances"))) {
            return found.filter(Files::isDirectory).toList();
        }
    }

    /** Four at once on a busy machine may take long to start; that they say so is no trouble. */
    private static boolean speaksOfTrouble(String line) {
        return line.contains(" ERROR ") || line.contains(" WARN ") && !line.contains("its start takes long");
    }
}
