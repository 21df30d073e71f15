package dev.thanosgateway.wire.request;

import dev.thanosgateway.api.chat.ModelTraits;
import dev.thanosgateway.api.chat.Trait;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ids of tool calls as the model takes them: none empty, none twice in a conversation, none too long. What is fine stays as
 * it is, and the same conversation always gets the same ids. A result answers the oldest call of its turn with its id
 * that has no result yet.
 */
final class CallIds {
    private final int most;
    private final int exactly;
    private final Set<String> used = new HashSet<>();
    private final Map<String, Deque<String>> open = new HashMap<>();
    private boolean calling;
    private int calls;

    CallIds(ModelTraits traits) {
        this.most = (int) Math.min(traits.number(Trait.TOOL_ID_MAX, Integer.MAX_VALUE), Integer.MAX_VALUE);
        this.exactly = (int) traits.number(Trait.TOOL_ID_LENGTH, 0);
    }

    /** A message begins. */
    void turn(boolean assistant) {
        if (assistant && !calling) {
            open.clear();
        }
        calling = assistant;
    }

    /** The id of the next call. */
    String called(String id) {
        calls++;
        String fitting = fits(id) ? id : ModelFit.digest(id.isEmpty() ? "call " + calls : id, length());
        for (int again = 2; fitting.isEmpty() || !used.add(fitting); again++) {
            fitting = ModelFit.digest(id + ' ' + calls + ' ' + again, length());
        }
        open.computeIfAbsent(id, one -> new ArrayDeque<>()).add(fitting);
        return fitting;
    }

    /** The id of the call that a result answers. */
    String answered(String id) {
        Deque<String> waiting = open.get(id);
        String fitting = waiting == null ? null : waiting.size() > 1 ? waiting.poll() : waiting.peek();
        if (fitting != null) {
            return fitting;
        }
        return fits(id) ? id : ModelFit.digest(id, length());
    }

    private int length() {
        return exactly > 0 ? exactly : Math.min(most, 32);
    }

    private boolean fits(String id) {
        boolean exact = exactly == 0
                || (id.length() == exactly && id.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c)));
        return !id.isEmpty() && id.length() <= most && exact;
    }
}
