package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import dev.thanosgateway.wire.request.ModelFit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a relayed payload (a chunk, or a whole answer) means, in one pass over its bytes, and notes what must
 * change in it. One for all payloads of an answer: it knows which choices have begun and which are finished.
 */
final class PayloadScan {
    /** The most choices an answer may have. */
    private static final int CHOICE_LIMIT = 4096;

    private final boolean chat;
    private final @Nullable ModelFit fit;
    private final BitSet seen = new BitSet();
    private final BitSet visible = new BitSet();
    private final BitSet called = new BitSet();
    private final BitSet finished = new BitSet();
    private final Map<Integer, CallPlaces> places = new HashMap<>(0);
    private final Edits edits = new Edits();
    private final Edits removals = new Edits();

    private boolean content;
    private int choices;
    private int choicesFrom;
    private int choicesTo;
    private boolean usagePresent;
    private @Nullable Usage usage;

    /**
     * @param chat whether choices have messages; else they have texts, as legacy completions do
     * @param fit of the request, if it was changed: the tools in the answer get the caller's names back
     */
    PayloadScan(boolean chat, @Nullable ModelFit fit) {
        this.chat = chat;
        this.fit = fit;
    }

    /** The changes the payload needs before a caller gets it. */
    Edits edits() {
        return edits;
    }

    /** Whether it has something a caller can see. */
    boolean content() {
        return content;
    }

    /** How many choices it speaks of. */
    int choices() {
        return choices;
    }

    /** Whether it has a usage, counting anything or not. */
    boolean usagePresent() {
        return usagePresent;
    }

    @Nullable
    Usage usage() {
        return usage;
    }

    int choicesFrom() {
        return choicesFrom;
    }

    int choicesTo() {
        return choicesTo;
    }

    /** Whether every choice that has begun is finished, and at least one was. */
    boolean complete() {
        return !seen.isEmpty() && finished.cardinality() == seen.cardinality();
    }

    /** Whether choices are not finished, and each of them said something: with the end mark they are complete. */
    boolean saidEnough() {
        Set<Integer> open = unfinished().keySet();
        return !open.isEmpty() && open.stream().allMatch(visible::get);
    }

    /** The choices that are not finished, by index, with the finish reason they get if the answer is whole. */
    Map<Integer, String> unfinished() {
        Map<Integer, String> open = new TreeMap<>();
        seen.stream()
                .filter(index -> !finished.get(index))
                .forEach(index -> open.put(index, FinishReasons.unsaid(called.get(index))));
        return open;
    }

    void finishAll() {
        finished.or(seen);
    }

    /** How many choices are finished. */
    int finished() {
        return finished.cardinality();
    }

    /**
     * Reads the next chunk. Its usage, if it has choices beside, is noted to be removed; a choice's first delta to
     * carry the role.
     *
     * @throws GatewayException the upstream's own, when it is an error
     * @throws JsonException when it is no JSON object of this shape
     */
    void chunk(byte[] bytes, int from, int to) throws JsonException, GatewayException {
        read(JsonReader.lenient(bytes, from, to), true);
    }

    /** Reads a whole answer; noted are finish reasons in others' words, ids of calls that are missing, and names. */
    void whole(byte[] bytes, int from, int to) throws JsonException, GatewayException {
        read(JsonReader.lenient(bytes, from, to), false);
    }

    private void read(JsonReader json, boolean chunk) throws JsonException, GatewayException {
        edits.clear();
        content = false;
        choices = 0;
        choicesFrom = -1;
        usagePresent = false;
        usage = null;
        removals.clear();
        json.enterObject();
        MemberRemoval removal = new MemberRemoval(json, removals);
        while (json.nextMember()) {
            removal.begin();
            switch (json.name()) {
                case "choices" -> choices(json, chunk);
                case "usage" -> {
                    if (!json.skipNull()) {
                        usagePresent = true;
                        usage = UsageJson.read(json);
                        removal.remove();
                        continue;
                    }
                }
                case "error" -> {
                    GatewayException failure = UpstreamError.beside(json);
                    if (failure != null) {
                        throw failure;
                    }
                }
                default -> json.skip();
            }
            removal.keep();
        }
        removal.end();
        json.end();
        if (chunk && choices > 0) {
            edits.addAll(removals);
        }
    }

    private void choices(JsonReader json, boolean chunk) throws JsonException, GatewayException {
        json.peek();
        choicesFrom = json.position();
        if (!json.skipNull()) {
            json.enterArray();
            while (json.nextElement()) {
                choice(json, chunk);
                choices++;
            }
        }
        choicesTo = json.position();
    }

    private void choice(JsonReader json, boolean chunk) throws JsonException, GatewayException {
        int index = 0;
        int reasonFrom = -1;
        int reasonTo = -1;
        String reason = null;
        GatewayException failure = null;
        Delta delta = new Delta(chunk);
        json.enterObject();
        int open = json.position();
        while (json.nextMember()) {
            switch (json.name()) {
                case "index" -> {
                    if (!json.skipNull()) {
                        index = index(json);
                    }
                }
                case "delta", "message" -> delta.value(json);
                case "text" -> {
                    if (chat) {
                        json.skip();
                    } else {
                        delta.text(json);
                    }
                }
                case "finish_reason" -> {
                    json.peek();
                    reasonFrom = json.position();
                    reason = json.skipNull() ? null : json.string();
                    reasonTo = json.position();
                }
                case "error" -> failure = UpstreamError.beside(json);
                default -> json.skip();
            }
        }
        if (failure != null || FinishReasons.failed(reason)) {
            throw failure == null ? NoAnswer.withoutReason() : failure;
        }
        if (!chunk && !(chat ? delta.open >= 0 : delta.text)) {
            throw new JsonException("a choice has no " + (chat ? "message" : "text"));
        }
        note(index, delta, chunk);
        if (reason != null) {
            finish(index, reason, reasonFrom, reasonTo, chunk && (delta.visible || !visible.get(index)));
        } else if (!chunk) {
            unsaid(index, delta, open, reasonFrom, reasonTo);
        }
    }

    private void note(int index, Delta delta, boolean chunk) {
        content |= delta.visible;
        if (chat && chunk && !seen.get(index)) {
            delta.addRole();
        }
        for (CallPiece piece : delta.calls) {
            piece.repair(chunk ? places.computeIfAbsent(index, key -> new CallPlaces()) : null, edits);
            piece.restoreName(fit, edits);
        }
        seen.set(index);
        if (delta.visible) {
            visible.set(index);
        }
        if (delta.called) {
            called.set(index);
        }
    }

    /** A whole answer that does not say why it ended: what it says stands for that. */
    private void unsaid(int index, Delta delta, int open, int from, int to) throws JsonException {
        if (!delta.visible) {
            throw new JsonException("a choice has neither content nor a finish_reason");
        }
        finished.set(index);
        String word = '"' + FinishReasons.unsaid(called.get(index)) + '"';
        if (from < 0) {
            edits.replace(open, open, "\"finish_reason\":" + word + ",");
        } else {
            edits.replace(from, to, word);
        }
    }

    /** An empty reason ends a choice only where there is nothing else to say: some send it with every chunk. */
    private void finish(int index, String reason, int from, int to, boolean goesOn) {
        if (reason.isEmpty() && goesOn) {
            edits.replace(from, to, "null");
            return;
        }
        finished.set(index);
        String word = reason.isEmpty() && called.get(index) ? "tool_calls" : FinishReasons.normalised(reason);
        if (!word.equals(reason)) {
            edits.replace(from, to, '"' + word + '"');
        }
    }

    private static int index(JsonReader json) throws JsonException {
        long index = json.integer();
        if (index < 0 || index >= CHOICE_LIMIT) {
            throw new JsonException("a choice has the index " + index);
        }
        return (int) index;
    }

    /** What one delta or message shows. */
    private final class Delta {
        private final boolean chunk;
        private final List<CallPiece> calls = new ArrayList<>(0);
        private boolean visible;
        private boolean text;
        private boolean called;
        private boolean role;
        private int open = -1;
        private boolean members;
        private int from;
        private int emptyRoleFrom = -1;
        private int emptyRoleTo;

        Delta(boolean chunk) {
            this.chunk = chunk;
        }

        void value(JsonReader json) throws JsonException {
            if (json.peek() == '{') {
                read(json);
            } else {
                json.skip();
            }
        }

        /** What a choice says that has no message. */
        void text(JsonReader json) throws JsonException {
            text |= json.peek() == '"';
            visible |= says(json);
        }

        void read(JsonReader json) throws JsonException {
            json.enterObject();
            open = json.position();
            while (json.nextMember()) {
                members = true;
                switch (json.name()) {
                    case "role" -> role(json);
                    case "content", "reasoning_content", "reasoning", "refusal", "audio", "images" ->
                        visible |= says(json);
                    case "function_call" -> {
                        if (fit != null && json.peek() == '{') {
                            CallPiece.legacy(json).restoreName(fit, edits);
                            called = true;
                        } else {
                            called |= says(json);
                        }
                    }
                    case "tool_calls" -> {
                        if (json.peek() == '[') {
                            CallPiece.all(json, calls);
                            called |= !calls.isEmpty();
                        } else {
                            called |= says(json);
                        }
                    }
                    default -> json.skip();
                }
            }
            visible |= called;
        }

        private void role(JsonReader json) throws JsonException {
            role = says(json);
            if (!role) {
                emptyRoleFrom = from;
                emptyRoleTo = json.position();
            }
        }

        /** A value that is not null, and no empty string, array or object. */
        private boolean says(JsonReader json) throws JsonException {
            int c = json.peek();
            from = json.position();
            json.skip();
            return c != 'n' && json.position() - from > 2;
        }

        void addRole() {
            if (role || open < 0) {
                return;
            }
            if (emptyRoleFrom >= 0) {
                edits.replace(emptyRoleFrom, emptyRoleTo, "\"assistant\"");
            } else {
                edits.replace(open, open, members ? "\"role\":\"assistant\"," : "\"role\":\"assistant\"");
            }
        }
    }
}
