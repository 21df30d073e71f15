package dev.thanosgateway.host.admin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A gateway of this user that answers on its socket.
 *
 * @param url where it serves HTTP
 * @param grpc {@code host:port}
 * @param key whether its callers need one
 * @param config the file it was started with; empty = none
 */
public record Instance(Path socket, long pid, String version, URI url, String grpc, boolean key, String config) {
    /** Every gateway that answers, the oldest process first. Blocking; asks each. */
    public static List<Instance> all(Path state) {
        List<Path> folders;
        try (Stream<Path> all = Files.list(state.resolve("instances"))) {
            folders = all.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
        List<Instance> running = new ArrayList<>();
        for (Path folder : folders) {
            Path socket = folder.resolve(AdminSocket.NAME);
            if (Files.exists(socket)) {
                try {
                    running.add(of(socket, AdminClient.call(socket, "status")));
                } catch (IOException | AdminException | IllegalArgumentException e) {
                    // Dead, or another user's: not one that takes our commands.
                }
            }
        }
        return running;
    }

    private static Instance of(Path socket, JsonNode status) {
        return new Instance(
                socket,
                status.path("pid").asLong(0),
                status.path("version").asString(""),
                URI.create(status.path("url").asString("")),
                status.path("grpc").asString(""),
                status.path("key").asBoolean(false),
                status.path("config").asString(""));
    }

    /** Whether {@code port} is one of its listeners'. */
    public boolean listensOn(int port) {
        return url.getPort() == port || grpc.endsWith(":" + port);
    }

    /** For people: {@code 4711 http://127.0.0.1:8080 /etc/thanos/config.toml}. */
    @Override
    public String toString() {
        return pid + "  " + url + (config.isEmpty() ? "" : "  " + config);
    }
}
