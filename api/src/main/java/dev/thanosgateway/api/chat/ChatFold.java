package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a whole answer of its events, checking their grammar. For one answer, used by one thread at a time. */
public final class ChatFold {
    private final ChatGrammar grammar = new ChatGrammar();
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private final Map<String, Json> extensions = new LinkedHashMap<>();
    private ChatEvent.@Nullable Started started;
    private ChatEvent.@Nullable Finished finished;

    /** @throws GatewayException UPSTREAM_PROTOCOL when {@code event} may not come here */
    public void add(ChatEvent event) throws GatewayException {
        grammar.check(event);
        switch (event) {
            case ChatEvent.Started e -> started = e;
            case ChatEvent.Finished e -> finished = e;
            default -> {
                if (event.choice() >= 0) {
                    choices.computeIfAbsent(event.choice(), i -> new Choice()).add(event);
                } else if (event instanceof ChatEvent.Extension e) {
                    extensions.put(e.name(), e.json());
                }
            }
        }
    }

    /** Whether the answer is whole. */
    public boolean done() {
        return finished != null;
    }

    /**
     * The whole answer.
     *
     * @throws GatewayException UPSTREAM_PROTOCOL when it is not finished
     */
    public ChatResponse response() throws GatewayException {
        ChatEvent.Started head = started;
        ChatEvent.Finished tail = finished;
        if (head == null || tail == null) {
            throw new GatewayException(ErrorKind.UPSTREAM_PROTOCOL, "The answer ended before it was finished.");
        }
        List<ChatResponse.Choice> all = new ArrayList<>();
        choices.forEach((index, choice) -> all.add(choice.build(index)));
        return new ChatResponse(head.id(), head.model(), head.created(), all, tail.usage(), extensions);
    }

    private static final class Call {
        final String id;
        final String name;
        final boolean custom;
        final StringBuilder text = new StringBuilder();

        Call(String id, String name, boolean custom) {
            this.id = id;
            this.name = name;
            this.custom = custom;
        }

        Part.ToolCall part() {
            return custom
                    ? Part.ToolCall.custom(id, name, text.toString())
                    : new Part.ToolCall(id, name, text.toString(), Map.of());
        }
    }

    /**
     * Deltas of one kind in a row are one part, reasoning up to its signature; a tool call is a part where it started.
     */
    private static final class Choice {
        private final List<Object> parts = new ArrayList<>();
        private final Map<Integer, Call> calls = new TreeMap<>();
        private final List<Json> citations = new ArrayList<>();
        private final List<Json> contentLogprobs = new ArrayList<>();
        private final List<Json> refusalLogprobs = new ArrayList<>();
        private final Map<String, Json> extensions = new LinkedHashMap<>();
        private final StringBuilder run = new StringBuilder();
        private @Nullable Class<?> runOf;
        private @Nullable String signature;
        private FinishReason reason = FinishReason.OTHER;
        private @Nullable String stopSequence;

        void add(ChatEvent event) {
            switch (event) {
                case ChatEvent.TextDelta e -> extend(Part.Text.class, e.text());
                case ChatEvent.ReasoningDelta e -> {
                    if (signature != null) {
                        // The signature proves the text before it; what comes now is another thought.
                        endRun();
                    }
                    extend(Part.Reasoning.class, e.text());
                }
                case ChatEvent.RefusalDelta e -> extend(Part.Refusal.class, e.text());
                case ChatEvent.ReasoningSignature e -> {
                    extend(Part.Reasoning.class, "");
                    signature = signature == null ? e.signature() : signature + e.signature();
                }
                case ChatEvent.RedactedReasoning e -> {
                    endRun();
                    parts.add(new Part.RedactedReasoning(e.data(), Map.of()));
                }
                case ChatEvent.Media e -> {
                    endRun();
                    parts.add(new Part.Image(e.data(), null, Map.of()));
                }
                case ChatEvent.ToolCallStart e -> call(e.index(), new Call(e.id(), e.name(), false));
                case ChatEvent.CustomCallStart e -> call(e.index(), new Call(e.id(), e.name(), true));
                case ChatEvent.ToolCallDelta e -> extend(calls.get(e.index()), e.arguments());
                case ChatEvent.CustomCallDelta e -> extend(calls.get(e.index()), e.input());
                case ChatEvent.Citation e -> citations.add(e.json());
                case ChatEvent.Logprobs e -> {
                    contentLogprobs.addAll(e.content());
                    refusalLogprobs.addAll(e.refusal());
                }
                case ChatEvent.Extension e -> extensions.put(e.name(), e.json());
                case ChatEvent.ChoiceFinished e -> {
                    reason = e.reason();
                    stopSequence = e.stopSequence();
                }
                case ChatEvent.Started e -> {}
                case ChatEvent.UsageSoFar e -> {}
                case ChatEvent.Heartbeat e -> {}
                case ChatEvent.Finished e -> {}
            }
        }

        private void call(int index, Call call) {
            endRun();
            calls.put(index, call);
            parts.add(call);
        }

        private static void extend(@Nullable Call call, String text) {
            if (call != null) {
                call.text.append(text);
            }
        }

        private void extend(Class<?> kind, String text) {
            if (runOf != kind) {
                endRun();
                runOf = kind;
            }
            run.append(text);
        }

        private void endRun() {
            String text = run.toString();
            if (runOf == Part.Reasoning.class && (!text.isEmpty() || signature != null)) {
                parts.add(new Part.Reasoning(text, signature, Map.of()));
            } else if (runOf == Part.Text.class && !text.isEmpty()) {
                parts.add(new Part.Text(text));
            } else if (runOf == Part.Refusal.class && !text.isEmpty()) {
                parts.add(new Part.Refusal(text, Map.of()));
            }
            run.setLength(0);
            runOf = null;
            signature = null;
        }

        ChatResponse.Choice build(int index) {
            endRun();
            List<Part> built = new ArrayList<>();
            for (Object part : parts) {
                built.add(part instanceof Call call ? call.part() : (Part) part);
            }
            ChatEvent.Logprobs logprobs = contentLogprobs.isEmpty() && refusalLogprobs.isEmpty()
                    ? null
                    : new ChatEvent.Logprobs(index, contentLogprobs, refusalLogprobs);
            return new ChatResponse.Choice(index, built, reason, stopSequence, citations, logprobs, extensions);
        }
    }
}
