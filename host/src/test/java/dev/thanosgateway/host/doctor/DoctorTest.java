package dev.thanosgateway.host.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.host.admin.AdminSocket;
import dev.thanosgateway.host.admin.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The doctor's first step: each row seeds one fault into a sound place; it, and nothing else, is found. */
final class DoctorTest {
    private static final String KEY = "sk-secret-4f9c1d";
    private static final String SOUND = """
            [server]
            bind = "127.0.0.1:0"
            grpc = "127.0.0.1:0"
            max_streams = 100
            [providers.local]
            type = "any"
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path plugins = Path.of("");
    private Path state = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void soundPlace() throws IOException {
        plugins = Files.createDirectories(folder.resolve("plugins"));
        state = folder.resolve("state");
        file = Files.writeString(folder.resolve("thanos.toml"), SOUND);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Doctor doctor(Instance... running) {
        return new Doctor(new Site(plugins, state, folder, file, environment, List.of(running)));
    }

    private List<Finding> findings() {
        return doctor().atRest();
    }

    @Test
    void aSoundPlaceHasNoFinding() {
        assertThat(findings()).isEmpty();
    }

    @FunctionalInterface
    interface Seeding {
        void into(DoctorTest place) throws Exception;
    }

    /**
     * @param what the finding says, and
     * @param mend what it advises, at least
     */
    private record Seed(String name, Seeding seeding, String what, String mend) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Seed written(String name, String toml, String what, String mend) {
        return new Seed(name, place -> Files.writeString(place.file, SOUND + toml), what, mend);
    }

    private static Seed variable(String name, String variable, String value, String what, String mend) {
        return new Seed(name, place -> place.environment.put(variable, value), what, mend);
    }

    static Stream<Seed> seeds() {
        return Stream.of(
                variable("no JDK", "JAVA_HOME", "/nowhere/jdk", "/nowhere/jdk, where no JDK is", "JDK 21 or newer"),
                new Seed("old JDK", DoctorTest::seedOldJdk, "JAVA_HOME is a JDK 17", "JDK 21 or newer"),
                variable("proxy", "HTTPS_PROXY", "http://u:p@proxy:1", "HTTPS_PROXY is set", "Unset it"),
                variable("proxy in lower case", "http_proxy", "http://proxy:1", "http_proxy is set", "Unset it"),
                new Seed("state unwritable", p -> p.state = p.file.resolve("x"), "cannot be written", "THANOS_STATE"),
                new Seed("instance left over", DoctorTest::seedDeadInstance, "4711-dead with its socket", "next start"),
                new Seed("plugins missing", p -> Files.delete(p.plugins), "is not there", "Unpack"),
                new Seed("plugins no folder", p -> p.plugins = p.file, "is no folder", "Unpack"),
                new Seed("plugins for all", DoctorTest::seedOpenPlugins, "Everybody may write", "chmod o-w"),
                new Seed("no file", p -> Files.delete(p.file), "thanos.toml: The file does not exist", "--config"),
                new Seed("a folder as file", p -> p.file = p.plugins, "is a directory", "--config"),
                written("no TOML", "x = \n", "thanos.toml:7:5", "Correct that line"),
                written("unknown key", "modle = \"x\"\n", "thanos.toml:7:1: providers.local.modle", "config check"),
                written("unset variable", "api_key = \"${NOT_SET}\"\n", "NOT_SET is not set", "export"),
                written(
                        "alias",
                        "[models.aliases]\nfast = \"lokal/x\"\n",
                        "Did you mean 'local'?",
                        "Correct that line"),
                written(
                        "key in clear",
                        "endpoint = \"http://10.9.8.7\"\napi_key = \"" + KEY + "\"\n",
                        "10.9.8.7",
                        "https"),
                new Seed("none enabled", DoctorTest::seedNoneEnabled, "No provider is enabled", "Enable one"),
                new Seed("open to all", DoctorTest::seedOpenGateway, "spend your credits", "Correct that line"),
                new Seed("too few files", DoctorTest::seedManyStreams, "needs 2000500", "lower max_streams"),
                new Seed("keys readable", DoctorTest::seedReadableKeys, "everybody may read it", "chmod 600"),
                new Seed("stored keys damaged", DoctorTest::seedDamagedKeys, "Stored keys", "delete keys and pepper"),
                new Seed("not our address", p -> p.bind("192.0.2.1:1024"), "cannot listen there", "0.0.0.0"),
                new Seed("not our name", p -> p.bind("name.invalid:1024"), "cannot be resolved", "127.0.0.1"));
    }

    private void bind(String address) throws IOException {
        Files.writeString(file, SOUND.replaceFirst("127.0.0.1:0", address) + "[auth]\nenabled = true\n");
    }

    private void seedOldJdk() throws IOException {
        Path jdk = Files.createDirectories(folder.resolve("jdk/bin"));
        Files.createFile(
                jdk.resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(jdk.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.9\"\n");
        environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    }

    private void seedDeadInstance() throws IOException {
        Path dead = Files.createDirectories(state.resolve("instances/4711-dead"));
        Files.createFile(dead.resolve("alive"));
    }

    private void seedOpenPlugins() throws IOException {
        Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private void seedNoneEnabled() throws IOException {
        Files.writeString(file, SOUND + "enabled = false\n");
    }

    private void seedOpenGateway() throws IOException {
        Files.writeString(file, SOUND.replaceFirst("127.0.0.1:0", "0.0.0.0:0") + "[auth]\nenabled = false\n");
    }

    private void seedManyStreams() throws IOException {
        Files.writeString(file, SOUND.replace("max_streams = 100\n", "max_streams = 1000000\n"));
    }

    private void seedReadableKeys() throws IOException {
        Files.writeString(file, SOUND + "api_key = \"" + KEY + "\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private void seedDamagedKeys() throws IOException {
        Files.writeString(Files.createDirectories(state).resolve("keys"), "hmac-sha256:00 nonsense\n");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theFaultIsFoundWithItsMend(Seed seed) throws Exception {
        seed.seeding().into(this);
        List<Finding> findings = findings();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).what()).contains(seed.what()).doesNotContain(KEY, "u:p@");
        assertThat(findings.get(0).mend()).contains(seed.mend()).doesNotContain(KEY);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPortInUseIsFoundWithWhoUsesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            bind("127.0.0.1:" + taken.getLocalPort());
            List<Finding> findings = findings();
            assertThat(findings).hasSize(1);
            assertThat(findings.get(0).what())
                    .contains("127.0.0.1:" + taken.getLocalPort(), "in use")
                    .contains("process " + ProcessHandle.current().pid());
            assertThat(findings.get(0).mend()).contains("bind");
        }
    }

    @Test
    void anEndpointThatIsTheGatewaysOwnIsFound() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        bind("127.0.0.1:" + port);
        Files.writeString(
                file,
                Files.readString(file).replace("type = ", "endpoint = \"http://localhost:" + port + "/v1\"\ntype = "));
        assertThat(findings()).hasSize(1);
        assertThat(findings().get(0).what()).contains("would ask itself");
    }

    /** Where not even root may write. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aPluginsFolderThatCannotBeWrittenIsFound() {
        plugins = Path.of("/proc/self");
        assertThat(findings()).hasSize(1);
        assertThat(findings().get(0).what()).contains("/proc/self", "plugins cannot be added");
    }

    @Test
    void severalMistakesOfAFileAreSeveralFindings() throws Exception {
        Files.writeString(file, SOUND + "modle = \"x\"\nenabeld = true\n");
        assertThat(findings()).hasSize(2);
    }

    @Test
    void aStateFolderThatCannotBeWrittenIsToldOfOnceAndNothingIsStartedThere() throws Exception {
        state = file.resolve("x");
        Doctor doctor = doctor();
        assertThat(doctor.atRest()).hasSize(1);
        assertThat(doctor.startable()).isFalse();
        state = folder.resolve("state");
        doctor = doctor();
        assertThat(doctor.atRest()).isEmpty();
        assertThat(doctor.startable()).isTrue();
    }

    @Test
    void whatARunningGatewayHasLearnedIsTold() throws Exception {
        Map<String, Object> learned = Map.of(
                "error",
                "It is broken.",
                "set_aside",
                Map.of("m", "it failed 10 times in a row and is tried again in 7 s"),
                "resting_keys",
                Map.of("key 2", "it was refused and is used again in 500 s"));
        Path own = Files.createDirectories(folder.resolve("s"));
        try (AdminSocket socket =
                AdminSocket.open(own, command -> command.equals("health") ? Map.of("a", learned) : null)) {
            Instance running = new Instance(
                    own.resolve(AdminSocket.NAME),
                    4711,
                    "1",
                    URI.create("http://127.0.0.1:1"),
                    "127.0.0.1:2",
                    false,
                    "");
            List<Finding> findings = doctor(running).atRest();
            assertThat(findings)
                    .extracting(Finding::what)
                    .satisfiesExactly(
                            what -> assertThat(what)
                                    .contains(
                                            "4711",
                                            "a/m is set aside, since it failed 10 times",
                                            "said last: It is broken."),
                            what -> assertThat(what).contains("key 2 of providers.a rests, since it was refused"));
            assertThat(findings.get(1).mend()).contains("api_keys of [providers.a]");
        }
        Instance gone = new Instance(
                own.resolve(AdminSocket.NAME), 4711, "1", URI.create("http://127.0.0.1:1"), "127.0.0.1:2", false, "");
        assertThat(doctor(gone).atRest()).isEmpty();
    }
}
