package dev.thanosgateway.api.chat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Checks one answer's events against the grammar of {@link ChatEvent}. For one answer, used by one thread at a time. */
public final class ChatGrammar {
    /** The most choices, and tool calls of a choice, an answer may have. */
    private static final int INDEX_LIMIT = 4096;

    private boolean started;
    private boolean finished;
    private final BitSet open = new BitSet();
    private final BitSet closed = new BitSet();
    private final Set<Long> calls = new HashSet<>();
    private final Set<Long> customCalls = new HashSet<>();

    /** @throws GatewayException UPSTREAM_PROTOCOL when {@code event} may not come here */
    public void check(ChatEvent event) throws GatewayException {
        if (finished) {
            throw violation(event, "after the answer was finished");
        }
        if (event instanceof ChatEvent.Started) {
            if (started) {
                throw violation(event, "a second time");
            }
            started = true;
            return;
        }
        if (!started) {
            throw violation(event, "before the answer was started");
        }
        int choice = event.choice();
        if (choice >= 0) {
            inChoice(event, choice);
        } else if (choice < -1 || !mayBeAboutAll(event)) {
            throw violation(event, "with a choice index below 0");
        }
        if (event instanceof ChatEvent.Finished) {
            if (closed.isEmpty() || !open.isEmpty()) {
                throw violation(event, "before every choice was finished");
            }
            finished = true;
        }
    }

    private static boolean mayBeAboutAll(ChatEvent event) {
        return event instanceof ChatEvent.Extension
                || event instanceof ChatEvent.UsageSoFar
                || event instanceof ChatEvent.Heartbeat
                || event instanceof ChatEvent.Finished;
    }

    private void inChoice(ChatEvent event, int choice) throws GatewayException {
        if (choice >= INDEX_LIMIT) {
            throw violation(event, "with a choice index over " + INDEX_LIMIT);
        }
        if (closed.get(choice)) {
            throw violation(event, "after its choice was finished");
        }
        open.set(choice);
        switch (event) {
            case ChatEvent.ToolCallStart start -> begin(event, start.index(), calls);
            case ChatEvent.CustomCallStart start -> begin(event, start.index(), customCalls);
            case ChatEvent.ToolCallDelta delta -> begun(event, delta.index(), calls);
            case ChatEvent.CustomCallDelta delta -> begun(event, delta.index(), customCalls);
            case ChatEvent.ChoiceFinished e -> {
                open.clear(choice);
                closed.set(choice);
            }
            default -> {}
        }
    }

    /** Calls of functions and of custom tools have their indexes in common. */
    private void begin(ChatEvent event, int index, Set<Long> own) throws GatewayException {
        long key = key(event.choice(), index);
        boolean inRange = index >= 0 && index < INDEX_LIMIT;
        if (!inRange || calls.contains(key) || customCalls.contains(key)) {
            throw violation(event, "with an index that is taken or out of range");
        }
        own.add(key);
    }

    private static void begun(ChatEvent event, int index, Set<Long> own) throws GatewayException {
        if (!own.contains(key(event.choice(), index))) {
            throw violation(event, "before its call was started");
        }
    }

    /** Whether every choice that began has its finish reason, and one did: what comes after is decoration. */
    public boolean complete() {
        return finished || (!closed.isEmpty() && open.isEmpty());
    }

    private static long key(int choice, int index) {
        return (long) choice << 32 | index;
    }

    private static GatewayException violation(ChatEvent event, String why) {
        return new GatewayException(
                ErrorKind.UPSTREAM_PROTOCOL,
                "The answer broke the protocol: " + event.getClass().getSimpleName() + " came " + why + ".");
    }
}
