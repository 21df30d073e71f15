package dev.thanosgateway.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a socket's last response leaves: its id, and the items of its input and output. As bytes: the id, a line feed, the
 * items as JSON with commas between them.
 */
final class SocketPast {
    static final SocketPast NONE = new SocketPast("", new byte[0]);

    private final String id;
    private final byte[] items;

    private SocketPast(String id, byte[] items) {
        this.id = id;
        this.items = items;
    }

    static SocketPast read(ByteBuffer memory) {
        byte[] bytes = ChatOriginal.copy(memory);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                byte[] items = Arrays.copyOfRange(bytes, i + 1, bytes.length);
                return new SocketPast(new String(bytes, 0, i, StandardCharsets.UTF_8), items);
            }
        }
        return NONE;
    }

    /** @param id of a response; one with a line feed leaves nothing */
    static ByteBuffer write(String id, SocketItems items) {
        if (id.isEmpty() || id.indexOf('\n') >= 0) {
            return ByteBuffer.allocate(0);
        }
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(name.length + 1 + items.size()).put(name);
        items.writeTo(bytes.put((byte) '\n'));
        return bytes.flip();
    }

    boolean is(String name) {
        return !id.isEmpty() && id.equals(name);
    }

    /** With commas between them; empty = none. */
    byte[] items() {
        return items;
    }
}
