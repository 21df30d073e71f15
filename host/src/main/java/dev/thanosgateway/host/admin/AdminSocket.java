package dev.thanosgateway.host.admin;

import dev.thanosgateway.host.inbound.InputLimit;
import dev.thanosgateway.host.inbound.SlowClients;
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
import java.util.concurrent.locks.LockSupport;
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
    private static final long WRITE_SECONDS = 30;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WARN_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

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
    private final SlowClients slow = new SlowClients();
    private long warnedNanos = System.nanoTime() - WARN_AGAIN_NANOS;

    private AdminSocket(Path path, ServerSocketChannel server, Commands commands) {
        this.path = path;
        this.server = server;
        this.commands = commands;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("admin-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.scheduleWithFixedDelay(slow, SlowClients.PERIOD_MILLIS, SlowClients.PERIOD_MILLIS, TimeUnit.MILLISECONDS);
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
        long pause = SHORTEST_PAUSE_NANOS;
        while (server.isOpen()) {
            try {
                connections.acquire();
            } catch (InterruptedException e) {
                return;
            }
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("admin-call").start(() -> serve(client));
                pause = SHORTEST_PAUSE_NANOS;
            } catch (IOException e) {
                connections.release();
                if (server.isOpen()) {
                    warn(e);
                    // Without a free file descriptor the next try would fail at once, and so on.
                    LockSupport.parkNanos(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                }
            }
        }
    }

    private void warn(IOException e) {
        long now = System.nanoTime();
        if (now - warnedNanos >= WARN_AGAIN_NANOS) {
            warnedNanos = now;
            LOG.warn("The admin socket cannot accept a connection now, and goes on trying: {}", e.toString());
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            String answer = JsonMapper.shared().writeValueAsString(answer(read(client)));
            ScheduledFuture<?> late = closeAfter(client, WRITE_SECONDS);
            Lines.write(client, answer);
            late.cancel(false);
        } catch (IOException e) {
            LOG.debug("A caller of the admin socket was not served: {}", e.toString());
        } finally {
            connections.release();
        }
    }

    private String read(SocketChannel client) throws IOException {
        Coming coming = new Coming(client);
        slow.watch(coming);
        try {
            return Lines.read(client, MOST_BYTES, coming::has);
        } finally {
            slow.forget(coming);
        }
    }

    /** A line that is not complete yet. */
    private static final class Coming implements SlowClients.Watched {
        private final SocketChannel client;
        private final long startNanos = System.nanoTime();
        private volatile int bytes;

        Coming(SocketChannel client) {
            this.client = client;
        }

        void has(int come) {
            bytes = come;
        }

        @Override
        public boolean late(long nanos) {
            return InputLimit.late(startNanos, bytes, nanos);
        }

        @Override
        public void cut() {
            try {
                client.close();
            } catch (IOException e) {
                LOG.debug("A slow caller's connection did not close: {}", e.toString());
            }
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
