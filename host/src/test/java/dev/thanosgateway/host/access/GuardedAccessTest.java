package dev.thanosgateway.host.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.host.config.ConfigReader;
import dev.thanosgateway.host.config.Installed;
import dev.thanosgateway.host.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuardedAccessTest {
    private static final String PUBLIC = "[server]\nbind = \"0.0.0.0:80\"\n";

    @TempDir
    Path folder;

    private static Settings settings(String toml) throws Exception {
        return new ConfigReader(Map.of(), Installed.UNKNOWN).parse(toml, null);
    }

    private GuardedAccess access(String toml) throws Exception {
        return GuardedAccess.of(settings(toml), folder.resolve("state"));
    }

    private static ErrorKind keyed(Access access, String key) {
        GatewayException refused = catchThrowableOfType(GatewayException.class, () -> access.checkKey(key));
        if (refused != null && key != null && !key.isEmpty()) {
            assertThat(refused.message()).doesNotContain(key);
        }
        return refused == null ? null : refused.kind();
    }

    @ParameterizedTest
    @CsvSource({
        // http, grpc, enabled, keys, required, made
        "127.0.0.1, 127.0.0.1, , false, false, false",
        "localhost, [::1], , false, false, false",
        "127.0.0.1, 127.0.0.1, , true, true, false",
        "127.0.0.1, 127.0.0.1, false, true, false, false",
        "127.0.0.1, 127.0.0.1, true, true, true, false",
        "127.0.0.1, 127.0.0.1, true, false, true, true",
        "0.0.0.0, 127.0.0.1, , false, true, true",
        "127.0.0.1, [::], , false, true, true",
        "127.0.0.1, 192.0.2.1, , true, true, false",
        "0.0.0.0, 0.0.0.0, false, true, false, false",
        "0.0.0.0, 0.0.0.0, true, true, true, false",
    })
    void theBindAndTheSettingDecideWhetherAKeyIsNeeded(
            String http, String grpc, Boolean enabled, boolean keys, boolean required, boolean made) throws Exception {
        GuardedAccess access = access("[server]\nbind = \"" + http + ":1\"\ngrpc = \"" + grpc + ":2\"\n[auth]\n"
                + (enabled == null ? "" : "enabled = " + enabled + "\n")
                + (keys ? "api_keys = [\"the-key\"]\n" : ""));

        assertThat(access.keyRequired()).isEqualTo(required);
        assertThat(access.takeNewKey().isPresent()).isEqualTo(made);
        assertThat(Files.exists(folder.resolve("state"))).isEqualTo(made);
        assertThat(keyed(access, null)).isEqualTo(required ? ErrorKind.UNAUTHENTICATED : null);
        assertThat(keyed(access, "other")).isEqualTo(required ? ErrorKind.UNAUTHENTICATED : null);
        assertThat(keyed(access, "the-key")).isEqualTo(required && !keys ? ErrorKind.UNAUTHENTICATED : null);
    }

    @Test
    void aKeyMayBeConfiguredHashed() throws Exception {
        // sha256 of "test"
        GuardedAccess access = access(PUBLIC + "[auth]\napi_keys = [\"sha256:"
                + "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08\"]");

        assertThat(keyed(access, "test")).isNull();
        assertThat(keyed(access, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
                .isEqualTo(ErrorKind.UNAUTHENTICATED);
    }

    @Test
    void theFirstKeyIsShownOnceStoredHashedAndStillGoodAfterARestart() throws Exception {
        GuardedAccess first = access(PUBLIC);
        String key = first.takeNewKey().orElseThrow();
        GuardedAccess second = access(PUBLIC);
        GuardedAccess withMore = access(PUBLIC + "[auth]\napi_keys = [\"more\"]");

        assertThat(key).matches("thanos_[0-9A-Za-z]{49}");
        assertThat(first.takeNewKey()).isEmpty();
        assertThat(second.takeNewKey()).isEmpty();
        for (Access access : List.of(first, second, withMore)) {
            assertThat(keyed(access, key)).isNull();
            assertThat(keyed(access, "")).isEqualTo(ErrorKind.UNAUTHENTICATED);
            assertThat(keyed(access, key + "x")).isEqualTo(ErrorKind.UNAUTHENTICATED);
        }
        assertThat(keyed(withMore, "more")).isNull();
        String stored = Files.readString(folder.resolve("state/keys"));
        assertThat(stored).matches("hmac-sha256:[0-9a-f]{64} \\S+Z first\n").doesNotContain(key.substring(7));
        for (String name : List.of("keys", "pepper")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("state/" + name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aMistypedKeyIsToldApartFromAnUnknownOne() throws Exception {
        GuardedAccess access = access(PUBLIC);
        String key = access.takeNewKey().orElseThrow();
        char other = key.charAt(20) == 'a' ? 'b' : 'a';

        assertThatCode(() -> access.checkKey(key.substring(0, 20) + other + key.substring(21)))
                .hasMessageContaining("mistyped");
        assertThatCode(() -> access.checkKey(key.substring(0, 30))).hasMessageContaining("incomplete");
        assertThatCode(() -> access.checkKey("sk-ant-1")).hasMessageContaining("not known");
    }

    @Test
    void gatewaysThatStartAtOnceFromOneFolderMakeOneKeyTheyAllKnow() throws Exception {
        Settings settings = settings(PUBLIC);
        List<GuardedAccess> all = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<GuardedAccess>> starting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                starting.add(threads.submit(() -> {
                    start.await();
                    return GuardedAccess.of(settings, folder.resolve("state"));
                }));
            }
            start.countDown();
            for (Future<GuardedAccess> one : starting) {
                all.add(one.get());
            }
        }

        List<String> made = all.stream().flatMap(a -> a.takeNewKey().stream()).toList();
        assertThat(made).hasSize(1);
        assertThat(all).allMatch(access -> keyed(access, made.getFirst()) == null);
    }

    @Test
    void processesThatStartAtOnceFromOneFolderMakeOneKey() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FirstStart.class.getName(),
                            folder.resolve("state").toString())
                    .redirectErrorStream(true)
                    .start());
        }
        // Each is ready and waits for one line, so that they begin together.
        for (Process process : processes) {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
        }
        for (Process process : processes) {
            process.outputWriter().write("go\n");
            process.outputWriter().flush();
        }
        List<String> said = new ArrayList<>();
        for (Process process : processes) {
            said.add(process.inputReader().readLine());
            assertThat(process.waitFor()).isZero();
        }

        assertThat(said).filteredOn(line -> line.startsWith("thanos_")).hasSize(1);
        assertThat(said).filteredOn(line -> line.equals("none")).hasSize(2);
        assertThat(Files.readString(folder.resolve("state/keys")).lines()).hasSize(1);
    }

    /** One gateway's first start, as a process. */
    static final class FirstStart {
        public static void main(String[] args) throws Exception {
            Settings settings = settings(PUBLIC);
            System.out.println("ready");
            System.in.read();
            System.out.println(
                    GuardedAccess.of(settings, Path.of(args[0])).takeNewKey().orElse("none"));
        }
    }

    @Test
    void damagedFilesAreRefusedWithAWayOut() throws Exception {
        access(PUBLIC);
        Path state = folder.resolve("state");
        String pepper = Files.readString(state.resolve("pepper"));

        for (String bad : List.of("", "zz", pepper.strip() + "00")) {
            Files.writeString(state.resolve("pepper"), bad);
            assertThatCode(() -> access(PUBLIC)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
        }
        Files.delete(state.resolve("pepper"));
        assertThatCode(() -> access(PUBLIC)).isInstanceOf(IOException.class).hasMessageContaining("Restore it");
        Files.writeString(state.resolve("pepper"), pepper);
        Files.writeString(state.resolve("keys"), "hmac-sha256:12\n");
        assertThatCode(() -> access(PUBLIC)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsToldWithAWayOut() throws Exception {
        Files.createFile(folder.resolve("state"));

        assertThatCode(() -> access(PUBLIC)).isInstanceOf(IOException.class).hasMessageContaining("auth.api_keys");
    }
}
