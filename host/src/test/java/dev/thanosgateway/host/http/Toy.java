package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.Dialect;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.ModelCard;
import dev.thanosgateway.api.dialect.ModelEndpoint;
import dev.thanosgateway.api.dialect.ModelsEndpoint;
import dev.thanosgateway.api.dialect.Route;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Headers;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.ModelListing;
import dev.thanosgateway.api.provider.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A wire language as small as one can be. A request is {@code model=m stream=1 relay=1 idle=1 fallbacks=a/b,c/d}; an
 * upstream's answer is lines, each a text, {@code -} for nothing to be seen, {@code .} for the finish; its list of models
 * too, each an id, then perhaps {@code lacking=vision,functions}, {@code can=embeddings}, {@code
 * alias=other-id} and {@code context=n}.
 */
public final class Toy {
    private Toy() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    static Map<String, String> fields(Incoming request) throws GatewayException {
        Map<String, String> fields = new TreeMap<>();
        for (String word : text(request.body()).strip().split(" +")) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2) {
                throw new GatewayException(ErrorKind.INVALID_REQUEST, "'" + word + "' is no field.");
            }
            fields.put(pair[0], pair[1]);
        }
        return fields;
    }

    private static ChatContent content(String text) {
        return ChatContent.builder()
                .messages(List.of(Message.text(Role.USER, text)))
                .build();
    }

    private static ChatContent unread() throws GatewayException {
        throw new GatewayException(ErrorKind.INTERNAL, "Nobody here reads content.");
    }

    record Sent(ByteBuffer bytes) implements Original {
        @Override
        public String dialect() {
            return "toy";
        }

        @Override
        public String operation() {
            return "chat";
        }
    }

    /** The dialect; a model whose name begins with {@code unwritable} makes its writer fail. */
    public static final class Language implements Dialect, ChatEndpoint {
        @Override
        public String name() {
            return "toy";
        }

        volatile List<Route> routes = usual();

        @Override
        public List<Route> routes() {
            return routes;
        }

        private List<Route> usual() {
            ModelsEndpoint list = models -> HttpBody.json(
                    200, models.stream().map(ModelCard::id).toList().toString());
            ModelEndpoint one = model -> HttpBody.json(200, model.id());
            return List.of(
                    Route.of("POST", "/toy", this),
                    Route.of("GET", "/toy/socket", new ToySocket(this)),
                    Route.of("POST", "/toy/embed", new ToyResults.Embedding()),
                    Route.of("POST", "/toy/count", new ToyResults.Counting(this)),
                    Route.of("GET", "/toy/models", list),
                    Route.of("GET", "/toy/models/{model*}", one));
        }

        @Override
        public List<String> forwardedHeaders() {
            return List.of("x-toy", "x-api-key");
        }

        @Override
        public HttpBody error(GatewayException error, String requestId) {
            return new HttpBody(
                    error.kind().httpStatus(),
                    "text/toy",
                    ByteBuffer.wrap(bytes(error.kind() + " " + error.message())));
        }

        @Override
        public ChatRequest read(Incoming request) throws GatewayException {
            Map<String, String> fields = fields(request);
            ChatRequest.Builder chat =
                    ChatRequest.builder(fields.getOrDefault("model", "auto")).stream(fields.containsKey("stream"));
            if (fields.containsKey("relay")) {
                chat.original(new Sent(request.body()));
            }
            if (fields.containsKey("fallbacks")) {
                chat.fallbacks(List.of(fields.get("fallbacks").split(",")));
            }
            chat.warmUp(fields.containsKey("idle"));
            String said = fields.get("text");
            chat.content(said == null ? Toy::unread : () -> content(said));
            return chat.build();
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
            writable(served);
            return new HttpBody(
                    200,
                    "text/toy",
                    ByteBuffer.wrap(bytes(response.choices().get(0).text())));
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
            return new HttpBody(200, "text/toy", body);
        }

        private static void writable(Served served) {
            if (served.model().equals("unwritable")) {
                throw new IllegalStateException("this writer is broken");
            }
        }

        @Override
        public ChatWriter stream(ChatRequest request, Served served) {
            writable(served);
            return new Writer(served.model().equals("unwritable-later"));
        }
    }

    private record Writer(boolean broken) implements ChatWriter {
        @Override
        public String contentType() {
            return "text/event-stream";
        }

        @Override
        public void event(ChatEvent event, ByteArrayOutputStream out) {
            if (event instanceof ChatEvent.TextDelta delta) {
                if (broken && delta.text().equals("two")) {
                    throw new IllegalStateException("this writer is broken");
                }
                out.writeBytes(bytes("data: " + delta.text() + "\n\n"));
            }
        }

        @Override
        public void frames(ByteBuffer frames, ByteArrayOutputStream out) {
            byte[] all = new byte[frames.remaining()];
            frames.get(all);
            out.writeBytes(all);
        }

        @Override
        public void end(ByteArrayOutputStream out) {
            out.writeBytes(bytes("data: [DONE]\n\n"));
        }

        @Override
        public void fail(GatewayException error, ByteArrayOutputStream out) {
            out.writeBytes(bytes("error: " + error.kind() + " " + error.message() + "\n\n"));
        }

        @Override
        public void heartbeat(ByteArrayOutputStream out) {
            out.writeBytes(bytes(": alive\n\n"));
        }
    }

    /** The provider over HTTP. */
    public record Provider(Auth auth) implements Chat, ModelListing {
        @Override
        public Exchange<ChatEvent> chat(ChatRequest request) {
            return new Conversation(request, auth);
        }

        @Override
        public Exchange<ModelList> models() {
            return new Listing();
        }
    }

    abstract static class Reading<T> implements Exchange<T> {
        @Override
        public void head(int status, Headers headers, Sink<T> out) {}

        @Override
        public GatewayException failure(int status, Headers headers, ByteBuffer body) {
            return new GatewayException(ErrorKind.ofUpstreamStatus(status), text(body))
                    .withRetryAfter(headers.first("retry-after"));
        }
    }

    static final class Conversation extends Reading<ChatEvent> {
        private final ChatRequest request;
        private final Auth auth;
        private final StringBuilder rest = new StringBuilder();
        private int searched;
        private final StringBuilder whole = new StringBuilder();
        private boolean started;
        private boolean finished;

        Conversation(ChatRequest request, Auth auth) {
            this.request = request;
            this.auth = auth;
        }

        @Override
        public HttpCall call() throws GatewayException {
            if (request.warmUp() && request.original() == null) {
                throw new GatewayException(ErrorKind.UNSUPPORTED, "There is nothing to ask.");
            }
            HttpCall call = HttpCall.postJson("/v1/toy", ByteBuffer.wrap(bytes(request.model())), auth);
            return request.original() == null ? call : call.asRelay();
        }

        @Override
        public void body(ByteBuffer slice, Sink<ChatEvent> out) throws GatewayException {
            rest.append(text(slice));
            for (int end = rest.indexOf("\n", searched); end >= 0; end = rest.indexOf("\n")) {
                String line = rest.substring(0, end);
                rest.delete(0, end + 1);
                if (request.original() == null) {
                    events(line, out);
                } else if (!request.stream()) {
                    whole.append(line);
                } else if (line.equals("-")) {
                    out.frame(ByteBuffer.wrap(bytes(": -\n\n")), Meaning.PRELUDE);
                } else {
                    out.frame(
                            ByteBuffer.wrap(bytes(line.equals(".") ? "" : "data: " + line + "\n\n")),
                            line.equals(".") ? Meaning.FINISH : Meaning.CONTENT);
                }
            }
            searched = rest.length();
        }

        private void events(String line, Sink<ChatEvent> out) throws GatewayException {
            if (!started) {
                started = true;
                out.event(new ChatEvent.Started("id", request.model(), 0));
            }
            if (line.equals("<html>")) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is a page.");
            }
            finished |= line.equals(".");
            out.event(
                    line.equals(".")
                            ? new ChatEvent.ChoiceFinished(0, FinishReason.STOP, null)
                            : line.equals("-") ? new ChatEvent.Heartbeat() : new ChatEvent.TextDelta(0, line));
        }

        @Override
        public void end(Sink<ChatEvent> out) throws GatewayException {
            if (!whole.isEmpty()) {
                out.frame(ByteBuffer.wrap(bytes(whole.toString())), Meaning.FINISH);
            } else if (finished) {
                out.event(new ChatEvent.Finished(null));
            }
        }
    }

    private static final class Listing extends Reading<ModelList> {
        private final StringBuilder all = new StringBuilder();

        @Override
        public HttpCall call() {
            return HttpCall.get("/v1/models", Auth.BEARER);
        }

        @Override
        public void body(ByteBuffer slice, Sink<ModelList> out) {
            all.append(text(slice));
        }

        @Override
        public void end(Sink<ModelList> out) throws GatewayException {
            List<Model> models = new ArrayList<>();
            for (String line : all.toString().split("\n")) {
                String[] words = line.split(" ");
                Model.Builder model = Model.builder(words[0]);
                for (String word : words) {
                    if (word.startsWith("lacking=")) {
                        model.lacking(Set.of(word.substring(8).split(",")));
                    } else if (word.startsWith("alias=")) {
                        model.aliases(Set.of(word.substring(6).split(",")));
                    } else if (word.startsWith("can=")) {
                        model.capabilities(Set.of(word.substring(4).split(",")));
                    } else if (word.startsWith("context=")) {
                        model.contextLength(Integer.parseInt(word.substring(8)));
                    }
                }
                models.add(model.build());
            }
            out.event(new ModelList(models));
        }
    }
}
