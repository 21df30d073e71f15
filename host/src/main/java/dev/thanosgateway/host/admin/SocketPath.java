package dev.thanosgateway.host.admin;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Addresses of Unix sockets, whose paths the system limits to 108 bytes, 104 on some. A longer one is reached through
 * a short link to its folder that is there only meanwhile: the socket itself always is where it belongs.
 */
final class SocketPath {
    private static final int MOST_BYTES = 100;

    private SocketPath() {}

    /** What to do with the address, while it is valid. */
    @FunctionalInterface
    interface Use<T> {
        T with(UnixDomainSocketAddress address) throws IOException;
    }

    static <T> T use(Path socket, Use<T> use) throws IOException {
        Path folder = socket.getParent();
        if (folder == null || bytes(socket) <= MOST_BYTES) {
            return use.with(UnixDomainSocketAddress.of(socket));
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        Path near =
                Files.createTempDirectory(bytes(temporary) < MOST_BYTES / 2 ? temporary : Path.of("/tmp"), "thanos");
        Path link = near.resolve("i");
        try {
            Files.createSymbolicLink(link, folder.toAbsolutePath());
            return use.with(UnixDomainSocketAddress.of(link.resolve(socket.getFileName())));
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(near);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
