package dev.thanosgateway.dialect.openai;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.Usage;
import dev.thanosgateway.dialect.openai.wire.Edits;
import dev.thanosgateway.dialect.openai.wire.JsonException;
import dev.thanosgateway.dialect.openai.wire.JsonReader;
import dev.thanosgateway.dialect.openai.wire.MemberRemoval;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a relayed payload (a chunk, or a whole answer) means, in one pass over its bytes, and notes what must
 * change in it. One for all payloads of an answer: it knows which choices have begun and which are finished.
 */
final class PayloadScan {
    /** The most choices an answer may have. */
    private static final int CHOICE_LIMIT = 4096;

    private final boolean chat;
    private final BitSet seen = new BitSet();
    private final BitSet visible = new BitSet();
    private final BitSet called = new BitSet();
    private final BitSet finished = new BitSet();
    private final Edits edits = new Edits();
    private final Edits removals = new Edits();

    private boolean content;
    private int choices;
    private int choicesFrom;
    private int choicesTo;
    private boolean usagePresent;
    private @Nullable Usage usage;

    /** @param chat whether choices have messages; else they have texts, as legacy completions do */
    PayloadScan(boolean chat) {
        this.chat = chat;
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

    /** Reads a whole answer; nothing is noted but finish reasons in others' words. */
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
                    if (!json.skipNull()) {
                        throw UpstreamError.within(json);
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

    private void choices(JsonReader json, boolean chunk) throws JsonException {
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

    private void choice(JsonReader json, boolean chunk) throws JsonException {
        int index = 0;
        int reasonFrom = -1;
        int reasonTo = -1;
        String reason = null;
        Delta delta = new Delta();
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "index" -> {
                    if (!json.skipNull()) {
                        index = index(json);
                    }
                }
                case "delta", "message" -> {
                    if (json.peek() == '{') {
                        delta.read(json);
                    } else {
                        json.skip();
                    }
                }
                case "text" -> {
                    if (chat) {
                        json.skip();
                    } else {
                        delta.text(json);
                    }
                }
                case "finish_reason" -> {
                    if (!json.skipNull()) {
                        reasonFrom = json.position();
                        reason = json.string();
                        reasonTo = json.position();
                    }
                }
                default -> json.skip();
            }
        }
        if (!chunk && !(chat ? delta.open >= 0 : delta.text)) {
            throw new JsonException("a choice has no " + (chat ? "message" : "text"));
        }
        content |= delta.visible;
        if (chat && chunk && !seen.get(index)) {
            delta.addRole();
        }
        seen.set(index);
        if (delta.visible) {
            visible.set(index);
        }
        if (delta.calls) {
            called.set(index);
        }
        if (reason != null) {
            finish(index, reason, reasonFrom, reasonTo, chunk && (delta.visible || !visible.get(index)));
        } else if (!chunk) {
            throw new JsonException("a choice has no finish_reason, so it may not be whole");
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
        private boolean visible;
        private boolean text;
        private boolean calls;
        private boolean role;
        private int open = -1;
        private boolean members;
        private int from;
        private int emptyRoleFrom = -1;
        private int emptyRoleTo;

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
                    case "content", "reasoning_content", "reasoning", "refusal", "function_call", "audio", "images" ->
                        visible |= says(json);
                    case "tool_calls" -> {
                        calls |= says(json);
                        visible |= calls;
                    }
                    default -> json.skip();
                }
            }
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
