package dev.thanosgateway.host.admin;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gives a command to a gateway's {@link AdminSocket}. */
public final class AdminClient {
    private static final int MOST_BYTES = 64 << 20;
    private static final long LIMIT_SECONDS = 60;

    private AdminClient() {}

    /**
     * Calls and waits for the answer, a minute at most.
     *
     * @return the result
     * @throws IOException when nobody answers there, or not as expected
     * @throws AdminException the gateway's refusal
     */
    public static JsonNode call(Path socket, String command) throws IOException, AdminException {
        return call(socket, Map.of("command", command));
    }

    /**
     * The same, for commands that take more than their name.
     *
     * @param request {@code command} and what it needs, of what JSON has
     */
    public static JsonNode call(Path socket, Map<String, ?> request) throws IOException, AdminException {
        // Before the call: the gateway waits seconds for a command, and the first use of a mapper takes time.
        String line = JsonMapper.shared().writeValueAsString(request);
        try (SocketChannel channel = SocketPath.use(socket, SocketChannel::open)) {
            Executor later = CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS);
            later.execute(() -> close(channel));
            Lines.write(channel, line);
            JsonNode answer = JsonMapper.shared().readTree(Lines.read(channel, MOST_BYTES));
            if (!answer.path("ok").asBoolean(false)) {
                throw new AdminException(answer.path("message").asString("The gateway gave no reason."));
            }
            return answer.path("result");
        } catch (JacksonException e) {
            throw new IOException("the answer is no JSON", e);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed at the end of the call, too.
        }
    }
}
