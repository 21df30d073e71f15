package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import java.nio.ByteBuffer;

/** {@code POST /api/chat} or {@code POST /api/generate}. */
final class TextEndpoint implements ChatEndpoint {
    private final Operation operation;

    TextEndpoint(Operation operation) {
        this.operation = operation;
    }

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        ByteBuffer body = incoming.body();
        RequestScan scan = RequestScan.of(operation, Requests.copy(body));
        return ChatRequest.builder(scan.model()).spellings(ModelNames.spellings(scan.model())).stream(scan.stream())
                // The last line of a stream always tells the counts.
                .streamUsage(true)
                .warmUp(scan.warmUp() != null)
                .fallbacks(scan.fallbacks())
                .extensions(scan.extensions())
                .original(new OllamaOriginal(operation, body, scan))
                .content(() -> ContentReader.read(operation, scan.root()))
                .build();
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        WarmUp warmUp = OllamaOriginal.warmUp(request.original());
        if (warmUp != null) {
            byte[] ready = AnswerJson.ready(operation, served.model(), warmUp);
            return new HttpBody(200, "application/json", ByteBuffer.wrap(ready));
        }
        try {
            byte[] answer = AnswerJson.whole(operation, served, response, new Stopwatch(request.original()));
            return new HttpBody(200, "application/json", ByteBuffer.wrap(answer));
        } catch (GatewayException e) {
            return AnswerJson.error(e);
        }
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return new HttpBody(200, "application/json", body);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return new LineWriter(
                operation,
                served.model(),
                new Stopwatch(request.original()),
                OllamaOriginal.warmUp(request.original()));
    }
}
