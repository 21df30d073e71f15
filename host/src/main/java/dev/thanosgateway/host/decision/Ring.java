package dev.thanosgateway.host.decision;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of one sort, as bytes in a chain of blocks; the oldest leave, and the block they leave empty is
 * written again. A record: its length and its id's hash as ints, its number as a long, then what {@link Packing} wrote.
 * Used under its store's lock.
 */
final class Ring {
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int HEAD_BYTES = 16;
    private static final int HASH_AT = 4;
    private static final int NUMBER_AT = 8;
    /** The number of one that another has taken the place of. */
    private static final long GONE = -1;

    /** Written up to its buffer's position. */
    private static final class Block {
        private final ByteBuffer bytes;
        private int from;

        Block(int size) {
            bytes = ByteBuffer.allocate(size);
        }

        boolean empty() {
            return from == bytes.position();
        }

        int next(int at) {
            return at + HEAD_BYTES + bytes.getInt(at);
        }

        int[] starts() {
            IntStream.Builder starts = IntStream.builder();
            for (int at = from; at < bytes.position(); at = next(at)) {
                starts.add(at);
            }
            return starts.build().toArray();
        }

        boolean mayBe(int at, @Nullable String requestId) {
            return bytes.getLong(at + NUMBER_AT) != GONE
                    && (requestId == null || bytes.getInt(at + HASH_AT) == requestId.hashCode());
        }

        Decision read(int at) {
            int begin = at + HEAD_BYTES;
            return new Decision(bytes.getLong(at + NUMBER_AT), Packed.read(bytes.array(), begin, next(at)));
        }
    }

    private final IntSupplier most;
    private final long mostBytes;
    private final Deque<Block> blocks = new ArrayDeque<>();
    private @Nullable Block spare;
    private int count;
    private long bytes;

    Ring(IntSupplier most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    void add(String requestId, long number, Packing record) {
        int size = HEAD_BYTES + record.size();
        Block last = blocks.peekLast();
        if (last == null || last.bytes.remaining() < size) {
            last = block(size);
            blocks.addLast(last);
        }
        last.bytes.putInt(record.size()).putInt(requestId.hashCode()).putLong(number);
        last.bytes.put(record.bytes(), 0, record.size());
        count++;
        bytes += size;
        trim();
    }

    private Block block(int size) {
        Block free = spare;
        if (free == null || size > BLOCK_BYTES) {
            return new Block(Math.max(size, BLOCK_BYTES));
        }
        spare = null;
        return free;
    }

    private void trim() {
        while (count > 0 && (count > most.getAsInt() || bytes > mostBytes)) {
            Block oldest = blocks.getFirst();
            int next = oldest.next(oldest.from);
            bytes -= next - oldest.from;
            oldest.from = next;
            count--;
            if (oldest.empty()) {
                blocks.removeFirst();
                if (oldest.bytes.capacity() == BLOCK_BYTES) {
                    oldest.bytes.clear();
                    oldest.from = 0;
                    spare = oldest;
                }
            }
        }
    }

    /** Another record says what became of that request. */
    void remove(long number) {
        // It is hardly ever an old one.
        for (Iterator<Block> all = blocks.descendingIterator(); all.hasNext(); ) {
            Block block = all.next();
            for (int at : block.starts()) {
                if (block.bytes.getLong(at + NUMBER_AT) == number) {
                    block.bytes.putLong(at + NUMBER_AT, GONE);
                    return;
                }
            }
        }
    }

    /** The last one of this id that may be read. */
    @Nullable
    Decision find(String requestId, Reader reader) {
        List<Decision> found = new ArrayList<>(1);
        search(1, requestId, reader, found);
        return found.isEmpty() ? null : found.get(0);
    }

    /** Adds the newest that may be read, the newest first. */
    void addNewest(int limit, Reader reader, List<Decision> to) {
        search(limit, null, reader, to);
    }

    /** @param requestId null = any */
    private void search(int limit, @Nullable String requestId, Reader reader, List<Decision> to) {
        trim();
        int left = limit;
        for (Iterator<Block> all = blocks.descendingIterator(); all.hasNext() && left > 0; ) {
            Block block = all.next();
            int[] starts = block.starts();
            for (int i = starts.length - 1; i >= 0 && left > 0; i--) {
                if (block.mayBe(starts[i], requestId)) {
                    Decision one = block.read(starts[i]);
                    // Ids are the callers' own: somebody else's request may have the same one.
                    if ((requestId == null || requestId.equals(one.requestId())) && reader.may(one)) {
                        to.add(one);
                        left--;
                    }
                }
            }
        }
    }
}
