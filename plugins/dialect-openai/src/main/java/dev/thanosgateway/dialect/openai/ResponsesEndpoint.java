package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.Original;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.ByteBuffer;

/**
 * {@code POST /v1/responses}. Nothing is kept between two requests: what needs that is for upstreams that have this
 * operation themselves.
 */
final class ResponsesEndpoint implements ChatEndpoint {
    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        return request(RequestBody.of(incoming.body()));
    }

    /** The chat that a request asks for. */
    ChatRequest request(RequestBody body) {
        return body.request()
                .streamUsage(true)
                .original(new BodyOriginal(BodyOriginal.RESPONSES, body))
                .content(() -> ResponsesContent.read(body))
                .build();
    }

    static ResponseJson answer(ChatRequest request, Served served) {
        Original original = request.original();
        if (original == null) {
            throw new IllegalArgumentException("a request this endpoint has not read");
        }
        try {
            return new ResponseJson(BodyOriginal.body(original), served);
        } catch (GatewayException e) {
            throw new IllegalArgumentException("a request that was read before", e);
        }
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        ResponseJson answer = answer(request, served);
        answer.startedBy(response.model(), response.created());
        OutputItems output = new OutputItems(answer.key(), answer::forms, new OutputItems.Steps() {});
        response.choices().stream().filter(choice -> choice.index() == 0).forEach(choice -> tell(choice, output));
        JsonWriter json = new JsonWriter(2048);
        answer.ended(json, output, response.usage());
        return json(json.toBuffer());
    }

    private static void tell(ChatResponse.Choice choice, OutputItems output) {
        int lastText = -1;
        for (int i = 0; i < choice.parts().size(); i++) {
            lastText = choice.parts().get(i) instanceof Part.Text ? i : lastText;
        }
        int calls = 0;
        for (int i = 0; i < choice.parts().size(); i++) {
            switch (choice.parts().get(i)) {
                case Part.Text e -> output.event(new ChatEvent.TextDelta(0, e.text()));
                case Part.Refusal e -> output.event(new ChatEvent.RefusalDelta(0, e.text()));
                case Part.Reasoning e -> {
                    output.event(new ChatEvent.ReasoningDelta(0, e.text()));
                    if (e.signature() != null) {
                        output.event(new ChatEvent.ReasoningSignature(0, e.signature()));
                    }
                }
                case Part.RedactedReasoning e -> output.event(new ChatEvent.RedactedReasoning(0, e.data()));
                case Part.ToolCall e -> {
                    output.event(new ChatEvent.ToolCallStart(0, calls, e.id(), e.name()));
                    output.event(new ChatEvent.ToolCallDelta(0, calls++, e.arguments()));
                }
                case Part.Image e -> {
                    if (e.source() instanceof Part.Source.Data data) {
                        output.event(new ChatEvent.Media(0, data));
                    }
                }
                default -> {}
            }
            if (i == lastText) {
                // An answer says of no citation where it came; behind the text it is about at the latest.
                choice.citations().forEach(one -> output.event(new ChatEvent.Citation(0, ChatOriginal.DIALECT, one)));
                if (choice.logprobs() != null) {
                    output.event(choice.logprobs());
                }
            }
        }
        output.event(new ChatEvent.ChoiceFinished(0, choice.reason(), choice.stopSequence()));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return json(body);
    }

    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return new ResponseWriter(answer(request, served));
    }

    static HttpBody json(ByteBuffer bytes) {
        return new HttpBody(200, "application/json", bytes);
    }
}
