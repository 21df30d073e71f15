package dev.thanosgateway.tck;

import dev.thanosgateway.api.Json;
import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.FinishReason;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers put together by chance, each as events in an order their grammar allows. */
final class GeneratedAnswers {
    private static final List<String> TEXTS = List.of(
            "a",
            "Grüße 👋🏽 世界",
            "\"\\\n\r\t\u0001/\u2028",
            " ",
            "{\"done\":true}\n\ndata: x",
            "</think>",
            "x".repeat(700));
    private static final String PICTURE = "iVBORw0KGgoAAAANSUhEUg==";

    private final Random random;
    private final Set<Lack> without;
    private final ChatDialectTck dialect;
    private final String name;

    /** @param without what no answer holds; where nothing, there is also what every language loses something of */
    GeneratedAnswers(Random random, Set<Lack> without, ChatDialectTck dialect) {
        this.random = random;
        this.without = without;
        this.dialect = dialect;
        this.name = dialect.dialect().name();
    }

    List<ChatEvent> next() {
        List<ChatEvent> all = new ArrayList<>();
        boolean named = !without.isEmpty() || random.nextInt(4) > 0;
        all.add(new ChatEvent.Started(
                named ? "answer-1" : null, named ? "served/model" : null, named ? 1_712_345_678 : 0));
        Usage usage = usage();
        new TreeMap<>(dialect.extensions()).forEach((key, value) -> {
            if (random.nextBoolean()) {
                all.add(new ChatEvent.Extension(-1, name, key, value));
            }
        });
        List<Deque<ChatEvent>> choices = new ArrayList<>();
        for (int i = may(Lack.CHOICES) ? random.nextInt(3) : 0; i >= 0; i--) {
            choices.add(new Choice(choices.size()).events());
        }
        while (!choices.isEmpty()) {
            Deque<ChatEvent> one = choices.get(random.nextInt(choices.size()));
            all.add(one.remove());
            if (one.isEmpty()) {
                choices.remove(one);
            }
            switch (random.nextInt(12)) {
                case 0 -> all.add(new ChatEvent.Heartbeat());
                case 1 -> {
                    if (usage != null) {
                        all.add(new ChatEvent.UsageSoFar(usage));
                    }
                }
                default -> {}
            }
        }
        all.add(new ChatEvent.Finished(usage));
        return all;
    }

    private boolean may(Lack thing) {
        return !without.contains(thing);
    }

    private @Nullable Usage usage() {
        if (may(Lack.NO_COUNTS) && random.nextInt(6) == 0) {
            return null;
        }
        Usage usage = Usage.of(100 + random.nextInt(1000), 50 + random.nextInt(100));
        if (may(Lack.CACHE_COUNTS)) {
            usage = usage.withCachedInput(random.nextInt(50));
            usage = may(Lack.CACHE_WRITE_COUNTS) ? usage.withCacheWrite(random.nextInt(50)) : usage;
        }
        return may(Lack.REASONING_COUNTS) && random.nextBoolean() ? usage.withReasoning(random.nextInt(50)) : usage;
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size())) + random.nextInt(10);
    }

    /** Cut anywhere, also inside a character. */
    private List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int end = random.nextInt(3) == 0 ? text.length() : at + random.nextInt(text.length() - at + 1);
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    private Json token() {
        double probability = -random.nextInt(100) / 4.0;
        return new Json("{\"token\":\"a\",\"logprob\":" + probability + ",\"bytes\":[97],\"top_logprobs\":[{\"token\":"
                + "\"a\",\"logprob\":" + probability + ",\"bytes\":[97]}]}");
    }

    /** The events of one choice as they are made. */
    private final class Choice {
        private final int index;
        private final Deque<ChatEvent> events = new ArrayDeque<>();
        private int calls;
        private int sources;
        private boolean refused;

        Choice(int index) {
            this.index = index;
        }

        Deque<ChatEvent> events() {
            for (int steps = random.nextInt(6); steps > 0; steps--) {
                step();
            }
            events.add(finish());
            return events;
        }

        private void step() {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    pieces(text()).forEach(piece -> events.add(new ChatEvent.TextDelta(index, piece)));
                    said();
                }
                case 2 -> thought();
                case 3 -> {
                    if (may(Lack.REDACTED_REASONING)) {
                        events.add(new ChatEvent.RedactedReasoning(index, "cmVk" + random.nextInt(9)));
                    }
                }
                case 4 -> {
                    if (may(Lack.REFUSALS) && random.nextBoolean()) {
                        refused = true;
                        pieces(text()).forEach(piece -> events.add(new ChatEvent.RefusalDelta(index, piece)));
                        if (may(Lack.LOGPROBS) && may(Lack.REFUSAL_LOGPROBS) && random.nextInt(3) == 0) {
                            events.add(new ChatEvent.Logprobs(index, List.of(), List.of(token())));
                        }
                    }
                }
                case 5, 6 -> calls(1 + random.nextInt(3));
                default -> {
                    if (may(Lack.PICTURES)) {
                        events.add(new ChatEvent.Media(index, new Part.Source.Data("image/png", PICTURE)));
                    }
                }
            }
        }

        /** What stands behind words. */
        private void said() {
            List<ChatEvent.Citation> own = dialect.citations();
            if (sources < own.size() && random.nextInt(3) == 0) {
                ChatEvent.Citation cited = own.get(sources++);
                events.add(new ChatEvent.Citation(index, cited.dialect(), cited.json()));
            }
            if (may(Lack.LOGPROBS) && random.nextInt(3) == 0) {
                events.add(new ChatEvent.Logprobs(index, List.of(token(), token()), List.of()));
            }
        }

        private void thought() {
            pieces(text()).forEach(piece -> events.add(new ChatEvent.ReasoningDelta(index, piece)));
            if (may(Lack.SIGNATURES) && random.nextBoolean()) {
                String signature = without.isEmpty() && random.nextBoolean() ? "theirs" : dialect.signature();
                events.add(new ChatEvent.ReasoningSignature(index, signature));
            }
        }

        /** Some calls at once, their arguments in pieces that may interleave. */
        private void calls(int count) {
            List<Deque<ChatEvent>> open = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int place = calls++;
                Deque<ChatEvent> call = new ArrayDeque<>();
                call.add(new ChatEvent.ToolCallStart(index, place, "call_" + index + "_" + place, "f" + i));
                pieces(arguments()).forEach(piece -> call.add(new ChatEvent.ToolCallDelta(index, place, piece)));
                open.add(call);
            }
            boolean interleaved = random.nextBoolean();
            // Calls begin in the order of their places.
            open.forEach(call -> {
                if (interleaved) {
                    events.add(call.remove());
                }
            });
            while (!open.isEmpty()) {
                Deque<ChatEvent> call = open.get(interleaved ? random.nextInt(open.size()) : 0);
                if (!call.isEmpty()) {
                    events.add(call.remove());
                } else {
                    open.remove(call);
                }
            }
        }

        private String arguments() {
            if (may(Lack.FREE_ARGUMENTS) && random.nextInt(5) == 0) {
                return List.of("", "{\"a\":", "[1]", "so", " ").get(random.nextInt(5));
            }
            if (may(Lack.SPELLING) && random.nextInt(3) == 0) {
                return "{ \"a\" : [ ],\n\"b\": \"\\u00e9\\/\" }";
            }
            return List.of(
                            "{}",
                            "{\"a\":" + random.nextInt() + "}",
                            "{\"a\":{\"b\":[1.50,null,\"}{\\\" 😀\"]},\"c\":\"\"}")
                    .get(random.nextInt(3));
        }

        private ChatEvent finish() {
            if (without.isEmpty() && random.nextInt(8) == 0) {
                return new ChatEvent.ChoiceFinished(index, FinishReason.OTHER, null);
            }
            if (refused) {
                return new ChatEvent.ChoiceFinished(index, FinishReason.STOP, null);
            }
            return switch (random.nextInt(4)) {
                case 0 -> new ChatEvent.ChoiceFinished(index, FinishReason.LENGTH, null);
                case 1 -> new ChatEvent.ChoiceFinished(index, FinishReason.CONTENT_FILTER, null);
                default -> {
                    boolean met = calls == 0 && may(Lack.STOP_SEQUENCES) && random.nextBoolean();
                    yield new ChatEvent.ChoiceFinished(
                            index, calls > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP, met ? "END" : null);
                }
            };
        }
    }
}
