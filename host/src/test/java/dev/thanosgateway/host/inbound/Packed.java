package dev.thanosgateway.host.inbound;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses as clients do. */
public final class Packed {
    private Packed() {}

    /** {@code model=a/compressed}, made by Node's zlib with a window of 16 MiB. */
    public static final byte[] BROTLI = base64("jwiAbW9kZWw9YS9jb21wcmVzc2VkAw==");

    /** The text that {@link #BROTLI} is made of. */
    public static final String BROTLI_TEXT = "model=a/compressed";

    /** 16 MiB of zeros at a time, as often as wanted; made by Node's zlib, its first byte is the window's size. */
    private static final byte[] BROTLI_ZEROS = base64(
            "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+"
                    + "CYA4LADQvf/j//8f/BMAcVgAoHv/x///P/gnAOKwAED3/o///3/wTwDEYQGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+D"
                    + "fwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4LADQvf/j//8f/BMAcVgAoHv/x///P/gnAOKwAED3/o///3/wTwDEYQGA7v0f////"
                    + "4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//+P//B/8EQBwWAOje//H//w/+CYA4LADQvf/j//8f/BMAcVgAoHv/l///"
                    + "f/gnAOKwAED3/g8=");

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private interface Coding {
        OutputStream of(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] plain, Coding coding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = coding.of(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    public static byte[] gzip(byte[] plain) throws IOException {
        return packed(plain, GZIPOutputStream::new);
    }

    public static byte[] zlib(byte[] plain) throws IOException {
        return packed(plain, DeflaterOutputStream::new);
    }

    public static byte[] deflate(byte[] plain) throws IOException {
        Deflater raw = new Deflater(Deflater.BEST_SPEED, true);
        try {
            return packed(plain, out -> new DeflaterOutputStream(out, raw));
        } finally {
            raw.end();
        }
    }

    public static byte[] zstd(byte[] plain) throws IOException {
        return packed(plain, ZstdOutputStream::new);
    }

    /** 200 MiB of zeros. */
    public static byte[] brotliBomb() {
        return BROTLI_ZEROS.clone();
    }

    /** A frame that says its window is so large, with one block that repeats a zero 128 Ki times, so many times. */
    public static byte[] zstdZeros(int windowBits, int blocks) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (windowBits - 10 << 3)});
        for (int i = 1; i <= blocks; i++) {
            int header = 128 * 1024 << 3 | 2 | (i == blocks ? 1 : 0);
            frame.writeBytes(new byte[] {(byte) header, (byte) (header >> 8), (byte) (header >> 16), 0});
        }
        return frame.toByteArray();
    }
}
