package dev.thanosgateway.dialect.ollama;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatResponse;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.api.dialect.HttpBody;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.wire.answer.KeptThoughts;
import dev.thanosgateway.wire.answer.ThoughtDetails;
import dev.thanosgateway.wire.json.JsonOut;
import dev.thanosgateway.wire.json.JsonString;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers as {@code ChatResponse} and {@code GenerateResponse} objects: a whole one, or one line of a stream. */
final class AnswerJson {
    private AnswerJson() {}

    /**
     * A call of a tool.
     *
     * @param arguments a JSON object
     * @param details of the signed thoughts that led to it, as {@link ThoughtDetails}; null = none
     */
    record Call(
            String id,
            String name,
            String arguments,
            @Nullable Json details) {}

    /** What an answer, or a piece of one, says. Collected by one thread. */
    static final class Said {
        final StringBuilder text = new StringBuilder();
        final StringBuilder thinking = new StringBuilder();
        final List<String> images = new ArrayList<>();
        final List<Call> calls = new ArrayList<>();
        final List<Json> logprobs = new ArrayList<>();
        /** Of signed thoughts that led to no call; null = none. */
        @Nullable
        Json details;
    }

    static byte[] whole(Operation operation, Served served, ChatResponse answer, Stopwatch watch)
            throws GatewayException {
        Said said = new Said();
        FinishReason reason = FinishReason.STOP;
        if (!answer.choices().isEmpty()) {
            ChatResponse.Choice choice = answer.choices().get(0);
            reason = choice.reason();
            KeptThoughts thoughts = new KeptThoughts();
            for (Part part : choice.parts()) {
                add(said, thoughts, part);
            }
            said.details = thoughts.takeDetails();
            if (choice.logprobs() != null) {
                said.logprobs.addAll(choice.logprobs().content());
            }
        }
        String model = answer.model() == null || answer.model().isEmpty() ? served.model() : answer.model();
        JsonOut out = open(operation, model, said);
        return end(out, reason, answer.usage(), watch);
    }

    private static void add(Said said, KeptThoughts thoughts, Part part) throws GatewayException {
        thoughts.add(part);
        switch (part) {
            case Part.Text e -> said.text.append(e.text());
            case Part.Refusal e -> said.text.append(e.text());
            case Part.Reasoning e -> said.thinking.append(e.text());
            case Part.ToolCall e -> said.calls.add(call(e.id(), e.name(), e.arguments(), thoughts.takeDetails()));
            case Part.Image e -> {
                if (e.source() instanceof Part.Source.Data data) {
                    said.images.add(data.base64());
                }
            }
            // What else there may be has no counterpart here.
            default -> {}
        }
    }

    /**
     * A call that can be said here.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when its arguments are no object: this language cannot carry them
     */
    static Call call(String id, String name, String arguments, @Nullable Json details) throws GatewayException {
        String text = arguments.isBlank() ? "{}" : arguments;
        if (!JsonString.isObject(text)) {
            throw new GatewayException(
                    ErrorKind.UPSTREAM_PROTOCOL,
                    "The model called the tool \"" + name + "\" with arguments that are no JSON object. Ask again.");
        }
        return new Call(id, name, text, details);
    }

    /** Begins an object with what is said, as far as before {@code done}. */
    static JsonOut open(Operation operation, String model, Said said) {
        JsonOut out = new JsonOut().beginObject().name("model").value(model);
        out.name("created_at").value(Instant.now().toString());
        if (operation == Operation.CHAT) {
            out.name("message").beginObject().name("role").value("assistant");
        }
        out.name(operation == Operation.CHAT ? "content" : "response").value(said.text.toString());
        if (!said.thinking.isEmpty()) {
            out.name("thinking").value(said.thinking.toString());
        }
        if (!said.images.isEmpty()) {
            out.name("images").beginArray();
            said.images.forEach(out::value);
            out.endArray();
        }
        if (!said.calls.isEmpty()) {
            out.name("tool_calls").beginArray();
            for (int i = 0; i < said.calls.size(); i++) {
                call(out, said.calls.get(i), i);
            }
            out.endArray();
        }
        if (operation == Operation.CHAT) {
            details(out, said.details);
            out.endObject();
        }
        if (!said.logprobs.isEmpty()) {
            out.name("logprobs").beginArray();
            said.logprobs.forEach(out::value);
            out.endArray();
        }
        return out;
    }

    /** A call in a message, in an answer as in a request. */
    static void call(JsonOut out, Call call, int index) {
        out.beginObject().name("id").value(call.id()).name("function").beginObject();
        out.name("index").value(index).name("name").value(call.name());
        out.name("arguments").value(new Json(call.arguments()));
        // Ollama4j refuses a member beside the function that it does not know, but takes one inside.
        details(out, call.details());
        out.endObject().endObject();
    }

    private static void details(JsonOut out, @Nullable Json details) {
        if (details != null) {
            out.name(ThoughtDetails.FIELD).value(details);
        }
    }

    /** Ends a piece of a stream that is not the last. */
    static byte[] more(JsonOut out) {
        return out.name("done").value(false).endObject().toPiece();
    }

    /** Ends an answer. */
    static byte[] end(JsonOut out, FinishReason reason, @Nullable Usage usage, Stopwatch watch) {
        out.name("done").value(true).name("done_reason").value(word(reason));
        watch.write(out, usage == null ? -1 : usage.inputTokens(), usage == null ? -1 : usage.outputTokens());
        return out.endObject().toBytes();
    }

    /** The whole answer where none was asked for. */
    static byte[] ready(Operation operation, String model, WarmUp warmUp) {
        JsonOut out = open(operation, model, new Said());
        return out.name("done")
                .value(true)
                .name("done_reason")
                .value(warmUp.word())
                .endObject()
                .toBytes();
    }

    /** Ollama knows {@code stop} and {@code length}; an answer that was filtered must not look like one that was not. */
    private static String word(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            default -> "stop";
        };
    }

    static byte[] errorBytes(GatewayException error) {
        return new JsonOut()
                .beginObject()
                .name("error")
                .value(error.message())
                .endObject()
                .toBytes();
    }

    static HttpBody error(GatewayException error) {
        return new HttpBody(error.kind().httpStatus(), "application/json", ByteBuffer.wrap(errorBytes(error)));
    }
}
