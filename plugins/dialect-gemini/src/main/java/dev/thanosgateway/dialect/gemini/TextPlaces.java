package dev.thanosgateway.dialect.gemini;

import java.util.Arrays;

/**
 * Where the characters of a streamed text are in its UTF-8, for citations: Google counts bytes, others count characters.
 * Keeps the lengths of runs of equally wide characters, not the text. Used by one thread at a time.
 */
final class TextPlaces {
    /** What the runs may take; text behind the last of them counts as ASCII. */
    private static final int MOST_RUNS = 64 * 1024;

    private static final int COUNT_BITS = 5;
    private static final int MOST_IN_RUN = (1 << COUNT_BITS) - 1;

    /** Characters of ASCII before the first run. */
    private int ascii;
    /** Each a width of one to four bytes above the number of characters. */
    private byte[] runs = {};

    private int size;
    private boolean half;

    void append(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (half) {
                half = false;
                if (Character.isLowSurrogate(c)) {
                    add(4);
                    continue;
                }
                add(1);
            }
            if (Character.isHighSurrogate(c)) {
                half = true;
            } else if (Character.isLowSurrogate(c) || c < 0x80) {
                // Half a character alone becomes a question mark.
                add(1);
            } else {
                add(c < 0x800 ? 2 : 3);
            }
        }
    }

    private void add(int width) {
        if (size == 0 && width == 1) {
            ascii++;
            return;
        }
        int last = size == 0 ? 0 : runs[size - 1] & 0xFF;
        if (last >> COUNT_BITS == width && (last & MOST_IN_RUN) < MOST_IN_RUN) {
            runs[size - 1]++;
        } else if (size < MOST_RUNS) {
            if (size == runs.length) {
                runs = Arrays.copyOf(runs, Math.max(64, size * 2));
            }
            runs[size++] = (byte) (width << COUNT_BITS | 1);
        }
    }

    /** How many characters begin in the first {@code bytes} bytes. */
    int characters(int bytes) {
        return place(Math.max(0, bytes), false);
    }

    /** How many bytes the first {@code characters} characters take. */
    int bytes(int characters) {
        return place(Math.max(0, characters), true);
    }

    private int place(int wanted, boolean toBytes) {
        int done = Math.min(wanted, ascii);
        int left = wanted - done;
        for (int i = 0; i < size && left > 0; i++) {
            int width = (runs[i] & 0xFF) >> COUNT_BITS;
            int count = runs[i] & MOST_IN_RUN;
            int taken = Math.min(count, toBytes ? left : (left + width - 1) / width);
            done += toBytes ? taken * width : taken;
            left -= toBytes ? taken : taken * width;
        }
        return done + (size == MOST_RUNS ? Math.max(0, left) : 0);
    }
}
