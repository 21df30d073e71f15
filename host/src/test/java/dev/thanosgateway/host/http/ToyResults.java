package dev.thanosgateway.host.http;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.EmbeddingsEndpoint;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.api.dialect.TokenCountEndpoint;
import dev.thanosgateway.api.embeddings.EmbeddingInput;
import dev.thanosgateway.api.embeddings.EmbeddingsRequest;
import dev.thanosgateway.api.embeddings.EmbeddingsResponse;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Embeddings;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.HttpCall;
import dev.thanosgateway.api.provider.Meaning;
import dev.thanosgateway.api.provider.Sink;
import dev.thanosgateway.api.provider.TokenCount;
import dev.thanosgateway.api.provider.TokenCounting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The toy language's operations with one result. Embeddings: {@code model=m inputs=a,b}, answered by one line {@code 0.5
 * 1.5} for each input and one {@code tokens=3}. A count: {@code model=m text=hello}, answered by {@code tokens=3}.
 */
public final class ToyResults {
    private ToyResults() {}

    private static HttpBody said(Served served, String text) {
        return new HttpBody(200, "text/toy", ByteBuffer.wrap(Toy.bytes(served.model() + ": " + text)));
    }

    private static HttpBody passed(ByteBuffer body) {
        return new HttpBody(200, "text/toy", body);
    }

    static final class Embedding implements EmbeddingsEndpoint {
        @Override
        public EmbeddingsRequest read(Incoming request) throws GatewayException {
            Map<String, String> fields = Toy.fields(request);
            if (!fields.containsKey("inputs")) {
                throw new GatewayException(ErrorKind.INVALID_REQUEST, "inputs are missing").withParameter("inputs");
            }
            EmbeddingsRequest.Builder embeddings = EmbeddingsRequest.builder(fields.getOrDefault("model", "auto"))
                    .inputs(Arrays.stream(fields.get("inputs").split(","))
                            .<EmbeddingInput>map(EmbeddingInput.Text::new)
                            .toList());
            if (fields.containsKey("relay")) {
                embeddings.original(new Toy.Sent(request.body()));
            }
            if (fields.containsKey("fallbacks")) {
                embeddings.fallbacks(List.of(fields.get("fallbacks").split(",")));
            }
            return embeddings.build();
        }

        @Override
        public HttpBody whole(EmbeddingsRequest request, Served served, EmbeddingsResponse response) {
            return said(
                    served, response.vectors().stream().map(Arrays::toString).toList() + "");
        }

        @Override
        public HttpBody whole(EmbeddingsRequest request, Served served, ByteBuffer body) {
            return passed(body);
        }
    }

    record Counting(Toy.Language language) implements TokenCountEndpoint {
        @Override
        public ChatRequest read(Incoming request) throws GatewayException {
            return language.read(request);
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, TokenCount count) {
            return said(served, Long.toString(count.inputTokens()));
        }

        @Override
        public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
            return passed(body);
        }
    }

    /** A provider that can do all; a model named {@code uncounted} is one whose tokens it does not count. */
    public static final class Provider implements Chat, Embeddings, TokenCounting {
        @Override
        public Exchange<ChatEvent> chat(ChatRequest request) {
            return new Toy.Conversation(request, Auth.BEARER);
        }

        @Override
        public Exchange<EmbeddingsResponse> embed(EmbeddingsRequest request) {
            return new Vectors(request);
        }

        @Override
        public Exchange<TokenCount> countTokens(ChatRequest request) throws GatewayException {
            if (request.model().equals("uncounted")) {
                throw new GatewayException(ErrorKind.UNSUPPORTED, "Nobody counts for this model.");
            }
            return new Counted(request);
        }
    }

    private abstract static class Whole<T> extends Toy.Reading<T> {
        private final String path;
        private final String sent;
        private final boolean relay;
        private final StringBuilder all = new StringBuilder();

        Whole(String path, String sent, boolean relay) {
            this.path = path;
            this.sent = sent;
            this.relay = relay;
        }

        @Override
        public HttpCall call() {
            return HttpCall.postJson(path, ByteBuffer.wrap(Toy.bytes(sent)), Auth.BEARER);
        }

        @Override
        public void body(ByteBuffer slice, Sink<T> out) {
            all.append(Toy.text(slice));
        }

        @Override
        public void end(Sink<T> out) throws GatewayException {
            if (relay) {
                out.frame(ByteBuffer.wrap(Toy.bytes(all.toString())), Meaning.FINISH.withUsage(Usage.of(9, 0)));
                return;
            }
            try {
                out.event(read(all.toString().lines().toList()));
            } catch (NumberFormatException e) {
                throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "That is no number.", e);
            }
        }

        abstract T read(List<String> lines);

        static long tokens(String line) {
            return Long.parseLong(line.replace("tokens=", ""));
        }
    }

    private static final class Vectors extends Whole<EmbeddingsResponse> {
        Vectors(EmbeddingsRequest request) {
            super("/v1/vectors", request.model() + " " + request.inputs().size(), request.original() != null);
        }

        @Override
        EmbeddingsResponse read(List<String> lines) {
            List<float[]> vectors = new ArrayList<>();
            Usage usage = null;
            for (String line : lines) {
                if (line.startsWith("tokens=")) {
                    usage = Usage.of(tokens(line), 0);
                    continue;
                }
                String[] numbers = line.split(" ");
                float[] vector = new float[numbers.length];
                for (int i = 0; i < numbers.length; i++) {
                    vector[i] = Float.parseFloat(numbers[i]);
                }
                vectors.add(vector);
            }
            return EmbeddingsResponse.of(vectors).withUsage(usage);
        }
    }

    private static final class Counted extends Whole<TokenCount> {
        Counted(ChatRequest request) {
            super("/v1/count", request.model(), request.original() != null);
        }

        @Override
        TokenCount read(List<String> lines) {
            return TokenCount.of(tokens(lines.isEmpty() ? "" : lines.get(0)));
        }
    }
}
