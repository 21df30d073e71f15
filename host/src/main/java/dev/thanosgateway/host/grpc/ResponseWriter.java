package dev.thanosgateway.host.grpc;

import com.google.protobuf.ByteString;
import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.dialect.Served;
import dev.thanosgateway.proto.ChatResponse;
import dev.thanosgateway.proto.Logprobs;
import dev.thanosgateway.proto.Media;
import dev.thanosgateway.proto.ToolCall;
import dev.thanosgateway.proto.Usage;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer as messages of the protocol. For one answer, used by one thread at a time.
 *
 * <p>A choice's finish is held back until the next event: the last one goes into the message that says done, so that
 * a client that knows only the original's fields finds finish reason, usage and done together.
 */
final class ResponseWriter {
    private final Served served;
    private final Consumer<ChatResponse> out;
    private ChatResponse head;
    private ChatEvent.@Nullable ChoiceFinished held;

    /** @param out given each message in order */
    ResponseWriter(Served served, Consumer<ChatResponse> out) {
        this.served = served;
        this.out = out;
        this.head = head(served, null, null, 0);
    }

    /** A whole answer in one message. */
    static ChatResponse whole(Served served, dev.thanosgateway.api.chat.ChatResponse answer) {
        ChatResponse head = head(served, answer.id(), answer.model(), answer.created());
        ChatResponse.Builder message = head.toBuilder().setDone(true);
        for (int i = 0; i < answer.choices().size(); i++) {
            if (i == 0) {
                choice(answer.choices().get(0), message);
            } else {
                ChatResponse.Builder further = ChatResponse.newBuilder();
                choice(answer.choices().get(i), further);
                message.addFurtherChoices(further);
            }
        }
        if (answer.usage() != null) {
            message.setUsage(usage(answer.usage()));
        }
        if (!answer.extensions().isEmpty()) {
            message.setExtensionsJson(JsonFields.object(answer.extensions()));
        }
        return message.build();
    }

    /** The next event of a streamed answer: at most one message for it, and one for a finish held back before. */
    void event(ChatEvent event) {
        if (event instanceof ChatEvent.Finished finished) {
            ChatResponse.Builder last = head.toBuilder().setDone(true);
            finish(last);
            if (finished.usage() != null) {
                last.setUsage(usage(finished.usage()));
            }
            out.accept(last.build());
            return;
        }
        ChatResponse.Builder message = head.toBuilder();
        if (!write(event, message)) {
            return;
        }
        sendHeld();
        if (event instanceof ChatEvent.ChoiceFinished finished) {
            held = finished;
            return;
        }
        about(event.choice(), message);
        out.accept(message.build());
    }

    /** @return whether there is something to say */
    private boolean write(ChatEvent event, ChatResponse.Builder message) {
        switch (event) {
            case ChatEvent.Started e -> {
                head = head(served, e.id(), e.model(), e.created());
                return false;
            }
            case ChatEvent.TextDelta e -> {
                message.setContent(e.text());
                return !e.text().isEmpty();
            }
            case ChatEvent.ReasoningDelta e -> {
                message.setReasoning(e.text());
                return !e.text().isEmpty();
            }
            case ChatEvent.RefusalDelta e -> {
                message.setRefusal(e.text());
                return !e.text().isEmpty();
            }
            case ChatEvent.ReasoningSignature e -> message.setReasoningSignature(e.signature());
            case ChatEvent.RedactedReasoning e -> message.addRedactedReasoning(e.data());
            case ChatEvent.ToolCallStart e ->
                message.addToolCalls(
                        ToolCall.newBuilder().setIndex(e.index()).setId(e.id()).setName(e.name()));
            case ChatEvent.ToolCallDelta e -> {
                message.addToolCalls(ToolCall.newBuilder().setIndex(e.index()).setArguments(e.arguments()));
                return !e.arguments().isEmpty();
            }
            // Requests here offer no custom tool; an upstream that calls one all the same is not lost.
            case ChatEvent.CustomCallStart e ->
                message.addToolCalls(
                        ToolCall.newBuilder().setIndex(e.index()).setId(e.id()).setName(e.name()));
            case ChatEvent.CustomCallDelta e -> {
                message.addToolCalls(ToolCall.newBuilder().setIndex(e.index()).setArguments(e.input()));
                return !e.input().isEmpty();
            }
            case ChatEvent.Citation e -> message.addCitationsJson(e.json().text());
            case ChatEvent.Media e -> message.addMedia(media(e.data()));
            case ChatEvent.Logprobs e -> message.setLogprobs(logprobs(e));
            case ChatEvent.Extension e -> message.setExtensionsJson(JsonFields.object(Map.of(e.name(), e.json())));
            case ChatEvent.UsageSoFar e -> {
                return false;
            }
            case ChatEvent.Heartbeat e -> {
                return false;
            }
            case ChatEvent.ChoiceFinished e -> {}
            case ChatEvent.Finished e -> {}
        }
        return true;
    }

    private void sendHeld() {
        if (held != null) {
            ChatResponse.Builder message = head.toBuilder();
            finish(message);
            out.accept(message.build());
        }
    }

    private void finish(ChatResponse.Builder message) {
        ChatEvent.ChoiceFinished finished = held;
        held = null;
        if (finished != null) {
            about(finished.choice(), message);
            message.setFinishReason(reason(finished.reason()));
            if (finished.stopSequence() != null) {
                message.setStopSequence(finished.stopSequence());
            }
        }
    }

    private static ChatResponse head(Served served, @Nullable String id, @Nullable String model, long created) {
        return ChatResponse.newBuilder()
                .setProvider(served.provider())
                .setModel(model == null || model.isEmpty() ? served.model() : model)
                .setId(id == null || id.isEmpty() ? served.requestId() : id)
                .setCreated(created > 0 ? created : served.created())
                .build();
    }

    private static void about(int choice, ChatResponse.Builder message) {
        if (choice > 0) {
            message.setChoice(choice);
        }
    }

    private static void choice(dev.thanosgateway.api.chat.ChatResponse.Choice choice, ChatResponse.Builder message) {
        about(choice.index(), message);
        message.setContent(choice.text()).setFinishReason(reason(choice.reason()));
        choice.parts().forEach(part -> part(part, message));
        choice.citations().forEach(citation -> message.addCitationsJson(citation.text()));
        if (choice.stopSequence() != null) {
            message.setStopSequence(choice.stopSequence());
        }
        if (choice.logprobs() != null) {
            message.setLogprobs(logprobs(choice.logprobs()));
        }
        if (!choice.extensions().isEmpty()) {
            message.setExtensionsJson(JsonFields.object(choice.extensions()));
        }
    }

    private static void part(Part part, ChatResponse.Builder message) {
        switch (part) {
            case Part.Reasoning p -> {
                message.setReasoning(message.getReasoning() + p.text());
                if (p.signature() != null) {
                    message.setReasoningSignature(p.signature());
                }
            }
            case Part.RedactedReasoning p -> message.addRedactedReasoning(p.data());
            case Part.Refusal p -> message.setRefusal(message.getRefusal() + p.text());
            case Part.ToolCall p ->
                message.addToolCalls(ToolCall.newBuilder()
                        .setIndex(message.getToolCallsCount())
                        .setId(p.id())
                        .setName(p.name())
                        .setArguments(p.arguments()));
            case Part.Image p -> source(p.source(), message);
            case Part.Audio p -> source(p.source(), message);
            case Part.Document p -> source(p.source(), message);
            // The text is the message's content; the others stand in no answer.
            case Part.Text p -> {}
            case Part.ToolResult p -> {}
            case Part.Other p -> {}
        }
    }

    private static void source(Part.Source source, ChatResponse.Builder message) {
        switch (source) {
            case Part.Source.Data s -> message.addMedia(media(s));
            case Part.Source.Url s -> message.addMedia(Media.newBuilder().setUrl(s.url()));
            case Part.Source.FileId s -> message.addMedia(Media.newBuilder().setFileId(s.id()));
        }
    }

    private static Media media(Part.Source.Data data) {
        Media.Builder media = Media.newBuilder().setMediaType(data.mediaType());
        try {
            // The MIME decoder forgives what a vendor may have wrapped.
            media.setData(ByteString.copyFrom(Base64.getMimeDecoder().decode(data.base64())));
        } catch (IllegalArgumentException e) {
            // The vendor's mistake is not worth the answer: the client gets what came.
            media.setUrl("data:" + data.mediaType() + ";base64," + data.base64());
        }
        return media.build();
    }

    private static Logprobs logprobs(ChatEvent.Logprobs logprobs) {
        return Logprobs.newBuilder()
                .addAllContentJson(texts(logprobs.content()))
                .addAllRefusalJson(texts(logprobs.refusal()))
                .build();
    }

    private static List<String> texts(List<Json> values) {
        return values.stream().map(Json::text).toList();
    }

    /** What the upstream did not count stays out; the original's three numbers cannot, and are 0. */
    private static Usage usage(dev.thanosgateway.api.chat.Usage usage) {
        Usage.Builder out = Usage.newBuilder()
                .setPromptTokens(clamp(usage.inputTokens()))
                .setCompletionTokens(clamp(usage.outputTokens()))
                .setTotalTokens(clamp(usage.totalTokens()));
        if (usage.cachedInputTokens() >= 0) {
            out.setCachedTokens(clamp(usage.cachedInputTokens()));
        }
        if (usage.cacheWriteTokens() >= 0) {
            out.setCacheWriteTokens(clamp(usage.cacheWriteTokens()));
        }
        if (usage.reasoningTokens() >= 0) {
            out.setReasoningTokens(clamp(usage.reasoningTokens()));
        }
        return out.build();
    }

    private static int clamp(long tokens) {
        return (int) Math.clamp(tokens, 0L, Integer.MAX_VALUE);
    }

    /** One of the four words clients know, on every front end. */
    private static String reason(FinishReason reason) {
        return switch (reason) {
            case STOP, OTHER -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}
