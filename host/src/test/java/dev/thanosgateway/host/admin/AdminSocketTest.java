package dev.thanosgateway.host.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminSocketTest {
    @TempDir
    private Path folder;

    private AdminSocket open() throws IOException {
        return AdminSocket.open(folder, command -> switch (command) {
            case "status" -> Map.of("pid", 7, "url", "http://127.0.0.1:8080", "grpc", "127.0.0.1:50051", "key", true);
            case "refused" -> throw new AdminException("No, since the test says so.");
            case "broken" -> throw new IllegalStateException("a defect");
            default -> null;
        });
    }

    private Path path() {
        return folder.resolve(AdminSocket.NAME);
    }

    private String raw(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            Lines.write(channel, line);
            return Lines.read(channel, 1 << 20);
        }
    }

    @Test
    void itIsItsOwnersAloneAndGoesWithTheGateway() throws Exception {
        try (AdminSocket socket = open()) {
            assertThat(socket).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-------");
            assertThat(AdminClient.call(path(), "status").path("pid").asInt()).isEqualTo(7);
        }
        assertThat(path()).doesNotExist();
        assertThatThrownBy(() -> AdminClient.call(path(), "status")).isInstanceOf(IOException.class);
    }

    @Test
    void aRefusalADefectAndAnUnknownCommandAreToldApart() throws Exception {
        try (AdminSocket socket = open()) {
            assertThat(socket).isNotNull();
            assertThatThrownBy(() -> AdminClient.call(path(), "refused"))
                    .isInstanceOf(AdminException.class)
                    .hasMessage("No, since the test says so.");
            assertThatThrownBy(() -> AdminClient.call(path(), "broken"))
                    .hasMessageContaining("its log has the details");
            assertThatThrownBy(() -> AdminClient.call(path(), "nothing")).hasMessageContaining("no such command");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "status", "[1", "{\"command\": {}}", "null", "{\"command\": \"status\"", "\u0000"})
    void nonsenseIsAnsweredAndHarmsNobody(String line) throws Exception {
        try (AdminSocket socket = open()) {
            assertThat(socket).isNotNull();
            assertThat(raw(line)).contains("\"ok\":false");
            assertThat(AdminClient.call(path(), "status").path("pid").asInt()).isEqualTo(7);
        }
    }

    @Test
    void aLineWithoutEndAndSilentCallersHoldNobodyUp() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try (AdminSocket socket = open()) {
            assertThat(socket).isNotNull();
            for (int i = 0; i < 20; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(path())));
            }
            assertThatThrownBy(() -> raw("x".repeat(1 << 20))).isInstanceOf(IOException.class);
            assertThat(AdminClient.call(path(), "status").path("pid").asInt()).isEqualTo(7);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void aFolderWhosePathIsLongerThanASocketsMayBeWorks() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(80)).resolve("e".repeat(80)));
        try (AdminSocket socket = AdminSocket.open(deep, command -> Map.of("said", command))) {
            assertThat(socket).isNotNull();
            Path path = deep.resolve(AdminSocket.NAME);
            assertThat(path).exists();
            assertThat(AdminClient.call(path, "status").path("said").asString()).isEqualTo("status");
        }
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void ofManyInstancesThoseThatAnswerAreFound() throws Exception {
        Path dead = Files.createDirectories(folder.resolve("instances/1-dead"));
        try (var server = java.nio.channels.ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(dead.resolve(AdminSocket.NAME)));
        }
        Path living = Files.createDirectories(folder.resolve("instances/7-living"));
        try (AdminSocket socket = AdminSocket.open(
                living, command -> Map.of("pid", 7, "url", "http://127.0.0.1:8080", "grpc", "127.0.0.1:50051"))) {
            assertThat(socket).isNotNull();
            List<Instance> found = Instance.all(folder);
            assertThat(found).extracting(Instance::pid).containsExactly(7L);
            assertThat(found.get(0).listensOn(50_051)).isTrue();
            assertThat(found.get(0).listensOn(8080)).isTrue();
            assertThat(found.get(0).listensOn(80)).isFalse();
        }
        assertThat(Instance.all(folder.resolve("nowhere"))).isEmpty();
    }
}
