package dev.thanosgateway.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A client of {@code GET /v1/responses} on the JDK's WebSocket. */
final class Sock implements AutoCloseable, WebSocket.Listener {
    static final JsonMapper JSON = JsonMapper.shared();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int WAIT_SECONDS = 30;

    private final StringBuilder part = new StringBuilder();
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    Sock(int port) throws Exception {
        socket = CLIENT.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(WAIT_SECONDS))
                .header("openai-beta", "responses_websockets=2026-02-06")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/responses"), this)
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket of, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            messages.add(part.toString());
            part.setLength(0);
        }
        of.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket of, int code, String reason) {
        messages.add("{\"type\":\"closed\",\"code\":" + code + "}");
        return null;
    }

    @Override
    public void onError(WebSocket of, Throwable error) {
        messages.add("{\"type\":\"broken\"}");
    }

    static ObjectNode create(String model, String input) {
        return JSON.createObjectNode()
                .put("type", "response.create")
                .put("model", model)
                .put("store", false)
                .put("input", input);
    }

    Sock send(JsonNode message) throws Exception {
        socket.sendText(message.toString(), true).get(WAIT_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    JsonNode next() throws Exception {
        String message = messages.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return JSON.readTree(message);
    }

    /** The messages up to the one that ends a response, or tells that there is none. */
    List<JsonNode> response() throws Exception {
        List<JsonNode> all = new ArrayList<>();
        while (true) {
            JsonNode message = next();
            all.add(message);
            String type = message.path("type").asString();
            if (List.of("response.completed", "response.incomplete", "response.failed", "error", "closed", "broken")
                    .contains(type)) {
                return all;
            }
        }
    }

    /** The text that deltas add up to. */
    static String text(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        events.stream()
                .filter(event -> event.path("type").asString().equals("response.output_text.delta"))
                .forEach(event -> text.append(event.path("delta").asString()));
        return text.toString();
    }

    static JsonNode last(List<JsonNode> events) {
        return events.get(events.size() - 1);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
