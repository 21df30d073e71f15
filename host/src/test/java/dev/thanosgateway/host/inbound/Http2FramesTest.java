package dev.thanosgateway.host.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class Http2FramesTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final Http2Frames frames = new Http2Frames();

    private static byte[] frame(int type, int flags, int length) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {
            (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags, 0, 0, 0, 1
        });
        frame.writeBytes(new byte[length]);
        return frame.toByteArray();
    }

    private static byte[] preface() {
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    private boolean feed(byte[] bytes) {
        return frames.read(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    private boolean lateAfter(long seconds) {
        return frames.late(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void nothingIsHalfSentBetweenFramesHoweverTheyAreCut() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(preface());
        all.writeBytes(frame(SETTINGS, 0, 0));
        all.writeBytes(frame(HEADERS, 0, 300));
        all.writeBytes(frame(CONTINUATION, END_HEADERS, 70_000));
        all.writeBytes(frame(DATA, 1, 16_384));
        byte[] bytes = all.toByteArray();
        for (int at = 0; at < bytes.length; at += 7) {
            assertThat(feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7))))
                    .isTrue();
        }
        assertThat(lateAfter(3_600)).isFalse();
    }

    @Test
    void aHalfPrefaceFrameHeadOrFrameHasTenSeconds() {
        byte[] data = frame(DATA, 0, 100);
        for (byte[] half : new byte[][] {preface(), frame(SETTINGS, 0, 0), data}) {
            feed(Arrays.copyOf(half, 5));
            assertThat(lateAfter(9)).isFalse();
            assertThat(lateAfter(11)).isTrue();
            feed(Arrays.copyOfRange(half, 5, half.length));
            assertThat(lateAfter(3_600)).isFalse();
        }
    }

    @Test
    void aBlockOfHeadersIsOneThingHoweverManyFramesItHas() {
        feed(preface());
        feed(frame(HEADERS, 0, 10));
        feed(frame(CONTINUATION, 0, 0));
        assertThat(lateAfter(11)).isTrue();
        feed(frame(CONTINUATION, END_HEADERS, 0));
        assertThat(lateAfter(11)).isFalse();
    }

    @Test
    void aLargeFrameHasASecondMoreForEvery4KiB() {
        feed(preface());
        feed(Arrays.copyOf(frame(DATA, 0, 16_384), 9 + 8 * 1024));
        assertThat(lateAfter(11)).isFalse();
        assertThat(lateAfter(13)).isTrue();
    }

    @Test
    void whatIsNoHttp2IsToldSo() {
        assertThat(feed("POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isFalse();
    }

    @Test
    void aSilentConnectionIsLateWhereAPrefaceIsExpected() {
        frames.expectPreface();
        assertThat(lateAfter(9)).isFalse();
        assertThat(lateAfter(11)).isTrue();
    }
}
