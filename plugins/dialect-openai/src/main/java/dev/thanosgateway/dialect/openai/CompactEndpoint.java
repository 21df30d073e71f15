package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.ToolChoice;
import dev.thanosgateway.api.dialect.ChatEndpoint;
import dev.thanosgateway.api.dialect.ChatWriter;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Incoming;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.dialect.openai.wire.JsonWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1/responses/compact}: a shorter conversation in place of a long one. It is relayed where the upstream has
 * the operation; OpenAI's result is encrypted. Elsewhere the model is asked for a summary, and the shorter conversation is
 * one message of the user with it.
 */
final class CompactEndpoint implements ChatEndpoint {
    static final String PATH = ResponsesLane.PATH + "/compact";

    private static final String ASK = "Summarize this conversation for an assistant that will continue it and sees"
            + " nothing but your summary. Keep what the user asked for and ruled out, the decisions, the names of files,"
            + " commands and tools, the results that matter, and what is left to do. Answer with the summary alone.";

    private static final String BEGIN = "Summary of the conversation so far:\n\n";

    @Override
    public ChatRequest read(Incoming incoming) throws GatewayException {
        RequestBody body = RequestBody.of(incoming.body());
        return body.request().stream(false)
                .original(new BodyOriginal(BodyOriginal.COMPACT, body))
                .content(() -> asked(ResponsesContent.read(body)))
                .build();
    }

    private static ChatContent asked(ChatContent content) {
        List<Message> messages = new ArrayList<>(content.messages());
        messages.add(Message.text(Role.USER, ASK));
        return content.toBuilder()
                .messages(messages)
                .toolChoice(content.tools().isEmpty() ? null : new ToolChoice.None())
                .responseFormat(null)
                .build();
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ChatResponse response) {
        ChatResponse.Choice choice =
                response.choices().isEmpty() ? null : response.choices().get(0);
        String summary = choice == null ? "" : choice.text();
        if (choice == null || summary.isBlank()) {
            return failed("The model gave no summary. Keep the conversation, or try again.");
        }
        if (choice.reason() == FinishReason.LENGTH || choice.reason() == FinishReason.CONTENT_FILTER) {
            // A client throws the conversation away for it.
            return failed(
                    "The model's summary was cut. Keep the conversation, and try again with a model that may answer"
                            + " at greater length.");
        }
        ResponseJson answer = ResponsesEndpoint.answer(request, served);
        JsonWriter json = new JsonWriter(1024).beginObject().name("id").value("resp_" + answer.key());
        json.name("object").value("response.compaction").name("created_at");
        json.value(response.created() > 0 ? response.created() : served.created());
        json.name("output").beginArray().beginObject().name("id").value("msg_" + answer.key());
        json.name("type")
                .value("message")
                .name("status")
                .value("completed")
                .name("role")
                .value("user");
        json.name("content").beginArray().beginObject().name("type").value("input_text");
        json.name("text")
                .value(BEGIN + summary)
                .endObject()
                .endArray()
                .endObject()
                .endArray();
        ResponseJson.usage(json.name("usage"), response.usage());
        return ResponsesEndpoint.json(json.endObject().toBuffer());
    }

    private static HttpBody failed(String message) {
        GatewayException failure = new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, message);
        return new HttpBody(failure.kind().httpStatus(), "application/json", ByteBuffer.wrap(ErrorJson.write(failure)));
    }

    @Override
    public HttpBody whole(ChatRequest request, Served served, ByteBuffer body) {
        return ResponsesEndpoint.json(body);
    }

    /** The operation has no stream of its own; a request is never read as one that asks for it. */
    @Override
    public ChatWriter stream(ChatRequest request, Served served) {
        return new ResponseWriter(ResponsesEndpoint.answer(request, served));
    }
}
