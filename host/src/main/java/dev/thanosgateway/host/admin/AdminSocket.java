package dev.thanosgateway.host.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Unix socket that takes commands from who may open it: its owner, by the mode 0600 of the socket and 0700 of its
 * folder. A connection carries one command, <code>{"command": "…"}</code> with what it needs on one line, and one answer on one line:
 * <code>{"ok": true, "result": …}</code> or <code>{"ok": false, "message": "…"}</code>. A line that is long, late or
 * nonsense ends its own connection only.
 */
public final class AdminSocket implements AutoCloseable {
    /** Where an instance's socket is in its folder. */
    public static final String NAME = "admin.sock";

    private static final Logger LOG = LoggerFactory.getLogger(AdminSocket.class);
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_CONNECTIONS = 64;
    private static final long READ_SECONDS = 5;
    private static final long WRITE_SECONDS = 30;

    /** Runs commands. Called on virtual threads, several at a time; may block. */
    @FunctionalInterface
    public interface Commands {
        /**
         * @return what to answer, of what JSON has; null = there is no such command
         * @throws AdminException whose message is for the caller
         */
        @Nullable
        Object run(String command) throws AdminException;

        /**
         * The same, for commands that take more than their name.
         *
         * @param request the whole line
         */
        default @Nullable Object run(String command, JsonNode request) throws AdminException {
            return run(command);
        }
    }

    private final Path path;
    private final ServerSocketChannel server;
    private final Commands commands;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final ScheduledThreadPoolExecutor timer;

    private AdminSocket(Path path, ServerSocketChannel server, Commands commands) {
        this.path = path;
        this.server = server;
        this.commands = commands;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("admin-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Opens it and serves until it is closed.
     *
     * @param folder of this process alone, mode 0700
     */
    public static AdminSocket open(Path folder, Commands commands) throws IOException {
        Path path = folder.resolve(NAME);
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            SocketPath.use(path, server::bind);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        AdminSocket socket = new AdminSocket(path, server, commands);
        Thread.ofVirtual().name("admin").start(socket::accept);
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                connections.acquire();
                SocketChannel client;
                try {
                    client = server.accept();
                } catch (IOException e) {
                    connections.release();
                    throw e;
                }
                Thread.ofVirtual().name("admin-call").start(() -> serve(client));
            } catch (IOException e) {
                if (server.isOpen()) {
                    LOG.warn("The admin socket took no connection: {}", e.toString());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            ScheduledFuture<?> late = closeAfter(client, READ_SECONDS);
            String line = Lines.read(client, MOST_BYTES);
            late.cancel(false);
            String answer = JsonMapper.shared().writeValueAsString(answer(line));
            late = closeAfter(client, WRITE_SECONDS);
            Lines.write(client, answer);
            late.cancel(false);
        } catch (IOException e) {
            LOG.debug("A caller of the admin socket was not served: {}", e.toString());
        } finally {
            connections.release();
        }
    }

    private ScheduledFuture<?> closeAfter(SocketChannel client, long seconds) {
        return timer.schedule(
                () -> {
                    client.close();
                    return true;
                },
                seconds,
                TimeUnit.SECONDS);
    }

    private Map<String, Object> answer(String line) {
        try {
            JsonNode request = JsonMapper.shared().readTree(line);
            Object result = commands.run(request.path("command").asString(""), request);
            if (result == null) {
                return refusal("This gateway knows no such command. Is it of the same version as the caller?");
            }
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("ok", true);
            answer.put("result", result);
            return answer;
        } catch (JacksonException e) {
            return refusal("Send one line of JSON: {\"command\": \"status\"}.");
        } catch (AdminException e) {
            return refusal(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("A command of the admin socket failed.", e);
            return refusal("The gateway failed; its log has the details.");
        }
    }

    private static Map<String, Object> refusal(String message) {
        return Map.of("ok", false, "message", message);
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("The admin socket is not gone: {}", e.toString());
        }
        timer.shutdownNow();
    }
}
