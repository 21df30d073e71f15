package dev.thanosgateway.host.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One streamed answer of a gateway, in OpenAI's wire format (chat completions, server-sent events). */
final class ChatCall {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_ERROR_BYTES = 1 << 20;
    private static final String END = "[DONE]";

    private final HttpClient client;
    private final URI url;
    private final String key;
    private volatile boolean cancelled;
    private volatile @Nullable Future<?> head;
    private volatile @Nullable InputStream body;

    /** Why there is no whole answer, as one sentence for people. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message, null, false, false);
        }
    }

    /** @param key empty = none is sent */
    ChatCall(HttpClient client, URI url, String key) {
        this.client = client;
        this.url = url;
        this.key = key;
    }

    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * Asks, and gives the text on as it comes; blocks until the answer has ended.
     *
     * @return why it ended, as the vendors call it: {@code stop}, {@code length}…
     * @throws Failure when it did not come, or not whole; also after {@link #cancel()}
     */
    String answer(String model, ArrayNode messages, Consumer<String> text) throws Failure {
        ObjectNode request = JSON.createObjectNode().put("model", model).put("stream", true);
        request.set("messages", messages);
        HttpRequest.Builder call = HttpRequest.newBuilder(url)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request)));
        if (!key.isEmpty()) {
            call.header("authorization", "Bearer " + key);
        }
        try {
            CompletableFuture<HttpResponse<InputStream>> sent =
                    client.sendAsync(call.build(), HttpResponse.BodyHandlers.ofInputStream());
            head = sent;
            HttpResponse<InputStream> answer = sent.get();
            try (InputStream in = answer.body()) {
                body = in;
                if (cancelled) {
                    throw new Failure("cancelled");
                }
                return answer.statusCode() == 200 ? read(in, text) : refused(answer.statusCode(), in);
            }
        } catch (ExecutionException e) {
            throw new Failure(
                    e.getCause() instanceof ConnectException || e.getCause() instanceof HttpTimeoutException
                            ? "Nothing answers at " + url + ": check that the gateway runs there."
                            : "There was no answer: the connection to " + url + " broke.");
        } catch (IOException e) {
            throw new Failure("The answer was cut: the connection to " + url + " broke.");
        } catch (CancellationException e) {
            throw new Failure("cancelled");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled");
        }
    }

    /** Ends the answer from another thread: the connection is closed, so the gateway stops asking its provider. */
    void cancel() {
        cancelled = true;
        Future<?> sent = head;
        if (sent != null) {
            sent.cancel(true);
        }
        InputStream in = body;
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                // Closed is all it should be.
            }
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    private static String refused(int status, InputStream in) throws IOException, Failure {
        String said = new String(in.readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8);
        String message = "";
        try {
            message = JSON.readTree(said).path("error").path("message").asString("");
        } catch (JacksonException e) {
            // Not a gateway: the status has to do.
        }
        throw new Failure(message.isEmpty() ? "The answer has the HTTP status " + status + "." : message);
    }

    /** The gateway sends one line of data an event. */
    private static String read(InputStream in, Consumer<String> text) throws IOException, Failure {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        String finish = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith("data:")) {
                continue;
            }
            String data = line.substring("data:".length()).strip();
            if (data.equals(END)) {
                return finish;
            }
            try {
                String reason = event(JSON.readTree(data), text);
                finish = reason.isEmpty() ? finish : reason;
            } catch (JacksonException e) {
                throw new Failure("What answers there is no gateway: it sent no JSON.");
            }
        }
        throw new Failure("The answer was cut before its end.");
    }

    private static String event(JsonNode event, Consumer<String> text) throws Failure {
        if (event.has("error")) {
            throw new Failure(event.path("error").path("message").asString("The answer failed."));
        }
        JsonNode choice = event.path("choices").path(0);
        String piece = choice.path("delta").path("content").asString("");
        String refusal = choice.path("delta").path("refusal").asString("");
        if (!piece.isEmpty() || !refusal.isEmpty()) {
            text.accept(piece + refusal);
        }
        return choice.path("finish_reason").asString("");
    }
}
