package dev.thanosgateway.dialect.openai.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Changes to bytes that are otherwise passed on as they are. Positions are those of the bytes unchanged. */
public final class Edits {
    private static final byte[] NOTHING = {};

    private final List<Edit> edits = new ArrayList<>(4);

    private static final class Edit {
        private final int from;
        private final int to;
        private final byte[] replacement;

        Edit(int from, int to, byte[] replacement) {
            this.from = from;
            this.to = to;
            this.replacement = replacement;
        }
    }

    public boolean isEmpty() {
        return edits.isEmpty();
    }

    public void clear() {
        if (!edits.isEmpty()) {
            edits.clear();
        }
    }

    /** Puts {@code text} in the place of the bytes from {@code from} to before {@code to}; equal = it is inserted. */
    public void replace(int from, int to, String text) {
        replace(from, to, text.isEmpty() ? NOTHING : text.getBytes(StandardCharsets.UTF_8));
    }

    /** Like {@link #replace(int, int, String)}; an edit inside one that comes later is forgotten. */
    public void replace(int from, int to, byte[] replacement) {
        edits.removeIf(e -> e.from >= from && e.to <= to && from < to);
        int place = edits.size();
        while (place > 0 && edits.get(place - 1).from > from) {
            place--;
        }
        edits.add(place, new Edit(from, to, replacement));
    }

    public void addAll(Edits others) {
        others.edits.forEach(edit -> replace(edit.from, edit.to, edit.replacement));
    }

    public void remove(int from, int to) {
        replace(from, to, NOTHING);
    }

    /** The bytes from {@code from} to before {@code to}, changed, between {@code before} and {@code after}. */
    public byte[] apply(byte[] bytes, int from, int to, byte[] before, byte[] after) {
        int length = before.length + (to - from) + after.length;
        for (Edit edit : edits) {
            length += edit.replacement.length - (edit.to - edit.from);
        }
        byte[] out = new byte[length];
        int n = put(before, 0, before.length, out, 0);
        int kept = from;
        for (Edit edit : edits) {
            n = put(bytes, kept, edit.from, out, n);
            n = put(edit.replacement, 0, edit.replacement.length, out, n);
            kept = edit.to;
        }
        n = put(bytes, kept, to, out, n);
        put(after, 0, after.length, out, n);
        return out;
    }

    public byte[] apply(byte[] bytes, int from, int to) {
        return apply(bytes, from, to, NOTHING, NOTHING);
    }

    private static int put(byte[] bytes, int from, int to, byte[] out, int n) {
        System.arraycopy(bytes, from, out, n, to - from);
        return n + to - from;
    }
}
